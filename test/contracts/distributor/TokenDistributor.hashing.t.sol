// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTree, Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";

/// The contract's digests and leaves against golden vectors and plain encodings.
contract TokenDistributorHashingTest is DistributorFixture {
    string private _json;

    function setUp() public override {
        super.setUp();
        _json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/claims.json"));
    }

    function test_Claim_GoldenDigests() public {
        TokenDistributor golden = atTheVectorsAddress();
        vm.assertEq(golden.CLAIM_TYPEHASH(), vm.parseJsonBytes32(_json, "$.typeHash"));
        vm.assertEq(vm.eip712HashType(vm.parseJsonString(_json, "$.typeString")), golden.CLAIM_TYPEHASH());
        (, string memory name, string memory version, uint256 chainId, address verifying, , ) = golden.eip712Domain();
        vm.assertEq(name, vm.parseJsonString(_json, "$.domain.name"));
        vm.assertEq(version, vm.parseJsonString(_json, "$.domain.version"));
        vm.assertEq(chainId, vm.parseJsonUint(_json, "$.domain.chainId"));
        vm.assertEq(verifying, vm.parseJsonAddress(_json, "$.domain.verifyingContract"));
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(golden.hashClaim(claimAt(i)), vm.parseJsonBytes32(_json, key("claims", i, "digest")));
        }
    }

    /// The vectors' signatures, made by TypeScript, are accepted on-chain in both lengths.
    function test_Claim_GoldenSignaturesPay() public {
        ITokenDistributor.Claim memory claim_ = claimAt(0);
        ITokenDistributor.Configuration memory c = configuration();
        c.token = token;
        c.launch = false;
        c.merkleRoot = ClaimTree.leafOf(Row(claim_.userId, address(0), claim_.amount));
        c.signer = vm.parseJsonAddress(_json, "$.signer");
        distributor = new TokenDistributor(c);
        TokenDistributor golden = atTheVectorsAddress();
        bytes32 control = bytes32(uint256(4)); // code alone was copied: the signer lies in storage
        vm.store(address(golden), control, vm.load(address(distributor), control));
        distributor = golden;
        vm.mockCall(address(token), abi.encodeCall(token.transfer, (claim_.account, claim_.amount)), abi.encode(true));
        vm.mockCall(address(token), abi.encodeCall(token.delegates, (claim_.account)), abi.encode(claim_.delegatee));
        string[2] memory fields = ["signerSignature", "signerCompactSignature"];
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < 2; ++i) {
            sendSigned(claim_, vm.parseJsonBytes(_json, key("claims", 0, fields[i])), new bytes32[](0));
            vm.assertTrue(distributor.isClaimed(claim_.userId), "the golden signature was accepted");
            vm.revertToState(snapshot);
        }
    }

    function test_Leaf_GoldenTsEqualsSol() public {
        for (uint256 i = 0; i < 8; ++i) {
            Row memory row = rowAt(i);
            bytes32 leaf = vm.parseJsonBytes32(_json, key("leaves", i, "leaf"));
            vm.assertEq(ClaimTree.leafOf(row), leaf);
            // And the contract's own hashing: a tree of one leaf takes the claim with an empty proof.
            vm.assertTrue(accepts(leaf, row, new bytes32[](0)), "the contract hashes its leaves otherwise");
        }
    }

    function test_Leaf_GoldenTreesProve() public {
        for (uint256 i = 0; i < 5; ++i) {
            uint256 count = vm.parseJsonUint(_json, key("trees", i, "count"));
            bytes32 root = vm.parseJsonBytes32(_json, key("trees", i, "root"));
            for (uint256 j = 0; j < count; ++j) {
                string memory proofKey = string.concat(key("trees", i, "proofs["), digit(j), "]");
                vm.assertTrue(
                    accepts(root, rowAt(j), vm.parseJsonBytes32Array(_json, proofKey)),
                    "a golden proof failed"
                );
            }
        }
    }

    /// Packed, (userId, amount) pairs of unequal width collide; encoded, they do not, and neither do the kinds of leaf.
    function test_Leaf_EncodedNotPacked() public {
        Row memory row = Row(0x01020304, address(0), 0x05 << 248);
        bytes32 packed = keccak256(bytes.concat(keccak256(abi.encodePacked(row.userId, row.amount))));
        vm.assertFalse(accepts(packed, row, new bytes32[](0)));
        vm.assertTrue(accepts(ClaimTree.leafOf(row), row, new bytes32[](0)));

        Row memory bound_ = Row(7, ALICE, 1);
        packed = keccak256(bytes.concat(keccak256(abi.encodePacked(bound_.userId, bound_.amount, ALICE))));
        vm.assertFalse(accepts(packed, bound_, new bytes32[](0)));
        bytes32 once = keccak256(abi.encode(bound_.userId, bound_.amount, ALICE)); // hashed once only
        vm.assertFalse(accepts(once, bound_, new bytes32[](0)));
    }

    /// An inner node's preimage is two words, as is an unbound leaf's: only the second hash keeps them apart.
    function test_Merkle_InternalNodeIsNoLeaf() public {
        // The attacker's dream: a node whose children read as a user id and an amount.
        bytes32 left = bytes32(uint256(9));
        bytes32 right = bytes32(uint256(1000e18));
        bytes32 node = keccak256(abi.encode(left, right));
        vm.assertFalse(accepts(node, Row(9, address(0), 1000e18), new bytes32[](0)));

        // In a real tree: every inner node and the root, with what remains of a leaf's proof.
        bytes32[] memory leaves = ClaimTree.leavesOf(rows);
        bytes32[] memory proof = proofOf(0);
        bytes32[] memory rest = new bytes32[](proof.length - 1);
        for (uint256 i = 0; i < rest.length; ++i) rest[i] = proof[i + 1];
        vm.assertEq(proof[0], leaves[1]);
        for (uint256 i = 0; i < 2; ++i) {
            Row memory forged = Row(uint32(uint256(leaves[i])), address(0), uint256(leaves[1 - i]));
            vm.assertFalse(accepts(configuration().merkleRoot, forged, rest));
        }
        // An empty proof belongs to a tree of one leaf alone.
        vm.assertFalse(accepts(configuration().merkleRoot, rows[0], new bytes32[](0)));
        vm.assertTrue(accepts(ClaimTree.leafOf(rows[0]), rows[0], new bytes32[](0)));
    }

    /// The published first claim of the original distribution: its leaf is our unbound leaf, its bit our bit.
    function test_Leaf_FirstMainnetClaim() public {
        string memory json = firstMainnetClaim();
        uint32 userId = uint32(vm.parseJsonUint(json, "$.claim.user_id"));
        uint256 amount = vm.parseJsonUint(json, "$.claim.user_amount");
        bytes32 inner = keccak256(abi.encode(userId, amount));
        vm.assertEq(inner, vm.parseJsonBytes32(json, "$.innerLeaf"));
        bytes32 leaf = vm.parseJsonBytes32(json, "$.claim.leaf");
        vm.assertEq(keccak256(bytes.concat(inner)), leaf);
        vm.assertTrue(accepts(leaf, Row(userId, address(0), amount), new bytes32[](0)));
        vm.assertEq(uint256(userId >> 8), vm.parseJsonUint(json, "$.bitmapWord"));
        vm.assertEq(uint256(userId & 0xff), vm.parseJsonUint(json, "$.bitmapBit"));
    }

    /// And its message: struct hash, digest and the key that signed it.
    function test_Claim_FirstMainnetClaim() public view {
        string memory json = firstMainnetClaim();
        bytes32 typehash = keccak256(
            "Claim(uint32 user_id,address user_address,uint256 user_amount,address delegate_address,bytes32 leaf)"
        );
        vm.assertEq(typehash, vm.parseJsonBytes32(json, "$.claimTypehash"));
        bytes32 structHash = keccak256(
            abi.encode(
                typehash,
                vm.parseJsonUint(json, "$.claim.user_id"),
                vm.parseJsonAddress(json, "$.claim.user_address"),
                vm.parseJsonUint(json, "$.claim.user_amount"),
                vm.parseJsonAddress(json, "$.claim.delegate_address"),
                vm.parseJsonBytes32(json, "$.claim.leaf")
            )
        );
        vm.assertEq(structHash, vm.parseJsonBytes32(json, "$.structHash"));
        bytes32 separator = separatorOf(
            "GTC",
            "1.0.0",
            vm.parseJsonUint(json, "$.chainId"),
            vm.parseJsonAddress(json, "$.verifyingContract")
        );
        vm.assertEq(separator, vm.parseJsonBytes32(json, "$.domainSeparator"));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", separator, structHash));
        vm.assertEq(digest, vm.parseJsonBytes32(json, "$.digest"));
        address recovered = recover(digest, vm.parseJsonBytes(json, "$.signature"));
        vm.assertEq(recovered, vm.parseJsonAddress(json, "$.signer"));
    }

    /// The digest without copies equals the plain one, whatever the values are.
    function testFuzz_Claim_DigestIsTheTypedDataHash(ITokenDistributor.Claim calldata claim_, uint32 chainId) public {
        vm.chainId(uint256(chainId) + 1);
        bytes32 separator = separatorOf("TokenDistributor", "1", block.chainid, address(distributor));
        bytes32 typehash = keccak256(
            "Claim(uint32 userId,address account,uint256 amount,address delegatee,address submitter,uint256 deadline)"
        );
        bytes32 structHash = keccak256(abi.encode(typehash, claim_));
        vm.assertEq(distributor.hashClaim(claim_), keccak256(abi.encodePacked("\x19\x01", separator, structHash)));
    }

    /// Both leaves equal their plain definitions, whatever the values are.
    function testFuzz_Leaf_IsTheDoubleHash(uint32 userId, uint256 amount, address account) public {
        if (amount == 0) amount = 1;
        if (uint160(account) < 0x10000) account = ALICE; // precompiles and the like do not call
        Row memory row = Row(userId, account, amount);
        vm.assertTrue(accepts(ClaimTree.leafOf(row), row, new bytes32[](0)), "the bound leaf");
        row.account = address(0);
        vm.assertTrue(accepts(ClaimTree.leafOf(row), row, new bytes32[](0)), "the unbound leaf");
    }

    /// Whether a distributor over `root` pays `row` with `proof`: everything but the hashing is played.
    function accepts(bytes32 root, Row memory row, bytes32[] memory proof) private returns (bool success) {
        ITokenDistributor.Configuration memory c = configuration();
        c.merkleRoot = root;
        c.token = token;
        c.launch = false;
        TokenDistributor checker = new TokenDistributor(c);
        address account = row.account == address(0) ? HOLDER : row.account;
        vm.mockCall(address(token), abi.encodeCall(token.transfer, (account, row.amount)), abi.encode(true));
        bytes memory call = abi.encodeCall(checker.claim, (row.userId, row.amount, address(0), proof));
        if (row.account == address(0)) {
            ITokenDistributor.Claim memory claim_ = ITokenDistributor.Claim(
                row.userId,
                account,
                row.amount,
                address(0),
                account,
                END
            );
            bytes memory signature = signDigest(SIGNER_KEY, checker.hashClaim(claim_));
            call = abi.encodeCall(checker.claimSigned, (row.userId, row.amount, address(0), END, signature, proof));
        }
        vm.prank(account);
        bytes memory reason;
        (success, reason) = address(checker).call(call);
        bytes memory expected = abi.encodeWithSelector(ITokenDistributor.DistributorInvalidProof.selector, row.userId);
        if (!success) vm.assertEq(reason, expected, "refused for another reason");
        vm.clearMockedCalls();
    }

    function firstMainnetClaim() private view returns (string memory) {
        return vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/gtc-first-claim.json"));
    }

    function separatorOf(
        string memory name,
        string memory version,
        uint256 chainId,
        address verifying
    ) private pure returns (bytes32) {
        bytes32 typehash = keccak256(
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        );
        return keccak256(abi.encode(typehash, keccak256(bytes(name)), keccak256(bytes(version)), chainId, verifying));
    }

    function recover(bytes32 digest, bytes memory signature) private pure returns (address) {
        bytes32 r;
        bytes32 s;
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
        }
        return ecrecover(digest, uint8(signature[64]), r, s);
    }

    function atTheVectorsAddress() private returns (TokenDistributor golden) {
        golden = TokenDistributor(vm.parseJsonAddress(_json, "$.domain.verifyingContract"));
        vm.etch(address(golden), address(distributor).code);
        vm.chainId(vm.parseJsonUint(_json, "$.domain.chainId"));
    }

    function claimAt(uint256 i) private view returns (ITokenDistributor.Claim memory) {
        return
            ITokenDistributor.Claim({
                userId: uint32(vm.parseJsonUint(_json, key("claims", i, "userId"))),
                account: vm.parseJsonAddress(_json, key("claims", i, "account")),
                amount: vm.parseJsonUint(_json, key("claims", i, "amount")),
                delegatee: vm.parseJsonAddress(_json, key("claims", i, "delegatee")),
                submitter: vm.parseJsonAddress(_json, key("claims", i, "submitter")),
                deadline: vm.parseJsonUint(_json, key("claims", i, "deadline"))
            });
    }

    function rowAt(uint256 i) private view returns (Row memory) {
        return
            Row({
                userId: uint32(vm.parseJsonUint(_json, key("leaves", i, "userId"))),
                account: vm.parseJsonAddress(_json, key("leaves", i, "account")),
                amount: vm.parseJsonUint(_json, key("leaves", i, "amount"))
            });
    }

    function key(string memory list, uint256 index, string memory field) private pure returns (string memory) {
        return string.concat("$.", list, "[", digit(index), "].", field);
    }

    function digit(uint256 index) private pure returns (string memory) {
        return string(abi.encodePacked(bytes1(uint8(48 + index))));
    }
}
