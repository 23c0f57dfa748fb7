// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {IPassportScores} from "../../../contracts/passport/IPassportScores.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTree, Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";

/// The gas of every claim scenario at proof depth 17, kept in snapshots/TokenDistributor.json: a change is seen in the review.
/// Development settings, without calldata and the 21,000 of a transaction; `npm run bench:gas` measures what people pay.
contract TokenDistributorGasTest is DistributorFixture {
    uint256 private constant DEPTH = 17;
    uint256 private constant COUNT = 64;
    uint256 private constant DANA_KEY = 0xda0a;

    /// The siblings above the rows' own tree: a list of 2^17 people of whom only these rows are known.
    bytes32[] private _above;
    TokenDistributor private _gated;
    GovernanceToken private _gatedToken;

    function setUp() public override {
        vm.warp(START);
        for (uint32 i = 0; i < COUNT; ++i) {
            // The first half is unbound, the second is Dana's; every eighth user lies in a word of its own.
            uint32 userId = i % 8 == 7 ? 256 * (i + 1) : i;
            rows.push(Row(userId, i < COUNT / 2 ? address(0) : vm.addr(DANA_KEY), 9_208_256_099_999_000_035_328));
        }
        ITokenDistributor.Configuration memory c = configuration();
        for (uint256 level = 6; level < DEPTH; ++level) {
            bytes32 sibling = keccak256(abi.encode("sibling", level));
            _above.push(sibling);
            c.merkleRoot = ClaimTree.hashPair(c.merkleRoot, sibling);
        }
        launchGated(c);
        launch(c);
        vm.prank(HOLDER);
        token.delegate(STEWARD); // a steward with a checkpoint
        claimAt(0, HOLDER, address(0)); // and the first bit of the first word
        vm.warp(START + 1 days);
    }

    function test_Gas_ClaimSnapshots() public {
        claimAt(1, vm.addr(DANA_KEY), STEWARD);
        vm.snapshotGasLastCall("TokenDistributor", "claimSigned: to a steward");
    }

    /// With a registry's two cold slots and the account's mark on top.
    function test_Gas_SignedThroughAGate() public {
        (distributor, token) = (_gated, _gatedToken);
        claimAt(1, vm.addr(DANA_KEY), STEWARD);
        vm.snapshotGasLastCall("TokenDistributor", "claimSigned: to a steward, fresh word, through a gate");
    }

    function test_Gas_SignedFreshWord() public {
        claimAt(7, vm.addr(DANA_KEY), STEWARD);
        vm.snapshotGasLastCall("TokenDistributor", "claimSigned: to a steward, fresh word");
    }

    function test_Gas_SignedToOneself() public {
        claimAt(1, vm.addr(DANA_KEY), vm.addr(DANA_KEY));
        vm.snapshotGasLastCall("TokenDistributor", "claimSigned: to oneself");
    }

    function test_Gas_SignedFreshDelegateeAndWord() public {
        claimAt(7, vm.addr(DANA_KEY), ALICE);
        vm.snapshotGasLastCall("TokenDistributor", "claimSigned: to a fresh delegatee, fresh word");
    }

    function test_Gas_SignedWithoutDelegate() public {
        claimAt(1, vm.addr(DANA_KEY), address(0));
        vm.snapshotGasLastCall("TokenDistributor", "claimSigned: no delegate");
    }

    function test_Gas_BoundToASteward() public {
        boundAt(33, STEWARD);
        vm.snapshotGasLastCall("TokenDistributor", "claim: to a steward");
    }

    function test_Gas_BoundFreshWord() public {
        boundAt(39, STEWARD);
        vm.snapshotGasLastCall("TokenDistributor", "claim: to a steward, fresh word");
    }

    function test_Gas_BoundToOneself() public {
        boundAt(33, vm.addr(DANA_KEY));
        vm.snapshotGasLastCall("TokenDistributor", "claim: to oneself");
    }

    function test_Gas_BatchToOneSteward() public {
        batch(false);
        vm.snapshotGasLastCall("TokenDistributor", "claimBatch: twenty, one steward");
    }

    function test_Gas_BatchToTwentyDelegates() public {
        batch(true);
        vm.snapshotGasLastCall("TokenDistributor", "claimBatch: twenty, twenty delegates");
    }

    function test_Gas_Sweep() public {
        vm.warp(END);
        distributor.sweep();
        vm.snapshotGasLastCall("TokenDistributor", "sweep");
    }

    function test_Gas_GuardianPause() public {
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 days);
        vm.snapshotGasLastCall("TokenDistributor", "guardianPause");
    }

    /// The same launch once more, for whom a registry knows: Dana scores 25 points.
    function launchGated(ITokenDistributor.Configuration memory c) private {
        PassportRegistry registry = new PassportRegistry(OWNER);
        address dana = vm.addr(DANA_KEY);
        uint64 expiresAt = uint64(START + 30 days);
        bytes32 root = keccak256(bytes.concat(keccak256(abi.encode(1, dana, uint32(250_000), expiresAt))));
        registry.createScorer(
            OWNER,
            SIGNER,
            IPassportRegistry.AuthorityKind.Key,
            IPassportRegistry.Settings(3, 90 days, 1 days)
        );
        IPassportRegistry.Anchor memory anchor = IPassportRegistry.Anchor({
            scorerId: 1,
            number: 1,
            root: root,
            issuedAt: uint64(START),
            threshold: 200_000,
            definition: keccak256("rules"),
            count: 1,
            uri: "",
            deadline: START
        });
        registry.anchor(anchor, signDigest(SIGNER_KEY, registry.hashAnchor(anchor)));
        registry.submitScore(1, dana, 250_000, expiresAt, 1, new bytes32[](0));
        c.gate = ITokenDistributor.Gate(registry, 1, 200_000);
        launch(c);
        (_gated, _gatedToken) = (distributor, token);
        vm.prank(HOLDER);
        token.delegate(STEWARD);
        c.gate = ITokenDistributor.Gate(IPassportScores(address(0)), 0, 0);
    }

    function claimAt(uint256 index, address account, address delegatee) private {
        ITokenDistributor.Claim memory claim_ = ownClaim(index, account, delegatee);
        sendSigned(claim_, sign(SIGNER_KEY, claim_), deepProofOf(index));
    }

    function boundAt(uint256 index, address delegatee) private {
        bytes32[] memory proof = deepProofOf(index);
        vm.prank(rows[index].account);
        distributor.claim(rows[index].userId, rows[index].amount, delegatee, proof);
    }

    function batch(bool own) private {
        ITokenDistributor.SponsoredClaim[] memory items = new ITokenDistributor.SponsoredClaim[](20);
        uint256 index = 0;
        for (uint256 i = 0; i < items.length; ++i) {
            ++index;
            if (index % 8 == 7) ++index; // ids in one word
            items[i] = sponsoredItem(index, DANA_KEY + 1 + i, own ? address(uint160(0xde1e + i)) : STEWARD);
            items[i].proof = deepProofOf(index);
        }
        sendBatch(items);
    }

    function deepProofOf(uint256 index) private view returns (bytes32[] memory proof) {
        bytes32[] memory low = proofOf(index);
        proof = new bytes32[](DEPTH);
        for (uint256 i = 0; i < DEPTH; ++i) proof[i] = i < low.length ? low[i] : _above[i - low.length];
    }
}
