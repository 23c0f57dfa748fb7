// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ITokenDistributor} from "../../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../../contracts/distributor/TokenDistributor.sol";
import {TokenLaunch} from "../../../../contracts/distributor/TokenLaunch.sol";
import {IPassportScores} from "../../../../contracts/passport/IPassportScores.sol";
import {GovernanceToken} from "../../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../../contracts/token/IGovernanceToken.sol";
import {vm} from "../../support/Vm.sol";
import {ClaimTree, Row} from "./ClaimTree.sol";

/// @title A launched token, its distributor and a list of six people
/// @notice Users 1, 3 and 300 are unbound; 2 is Alice, 4 is Bob, 70,000 is the contract wallet's owner Carol. The list's
/// order is the tree's.
abstract contract DistributorFixture {
    uint256 internal constant SIGNER_KEY = 0x51;
    uint256 internal constant ALICE_KEY = 0xa11ce;
    uint256 internal constant BOB_KEY = 0xb0b;
    uint256 internal constant CAROL_KEY = 0xca201;

    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant END = START + 30 days;

    address internal immutable SIGNER = vm.addr(SIGNER_KEY);
    address internal immutable ALICE = vm.addr(ALICE_KEY);
    address internal immutable BOB = vm.addr(BOB_KEY);
    address internal immutable CAROL = vm.addr(CAROL_KEY);
    address internal constant OWNER = address(0x0123);
    address internal constant GUARDIAN = address(0x6a4d);
    address internal constant TREASURY = address(0x74ea);
    address internal constant SPONSOR = address(0x5904);
    address internal constant STEWARD = address(0x57e0);
    address internal constant HOLDER = address(0x401d);
    address internal constant STRANGER = address(0x5742);

    GovernanceToken internal token;
    TokenDistributor internal distributor;
    Row[] internal rows;

    function setUp() public virtual {
        vm.warp(START);
        rows.push(Row(1, address(0), 100e18));
        rows.push(Row(2, ALICE, 200e18));
        rows.push(Row(3, address(0), 300e18));
        rows.push(Row(4, BOB, 400e18));
        rows.push(Row(300, address(0), 500e18));
        rows.push(Row(70_000, CAROL, 600e18));
        launch(configuration());
    }

    /// The configuration of the fixture's launch, which tests change at will.
    function configuration() internal view returns (ITokenDistributor.Configuration memory) {
        return
            ITokenDistributor.Configuration({
                token: IERC20(address(0)),
                treasury: TREASURY,
                owner: OWNER,
                guardian: GUARDIAN,
                signer: SIGNER,
                signerKind: ITokenDistributor.SignerKind.Key,
                launch: true,
                merkleRoot: ClaimTree.rootOf(rows),
                listHash: keccak256("list"),
                start: uint40(START),
                end: uint40(END),
                gate: ITokenDistributor.Gate(IPassportScores(address(0)), 0, 0)
            });
    }

    function launch(ITokenDistributor.Configuration memory configuration_) internal {
        TokenLaunch launched = new TokenLaunch(tokenConfiguration(), configuration_);
        token = launched.token();
        distributor = launched.distributor();
    }

    function tokenConfiguration() internal view returns (TokenLaunch.TokenConfiguration memory) {
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](1);
        allocations[0] = IGovernanceToken.Allocation(HOLDER, 1000e18);
        return
            TokenLaunch.TokenConfiguration({
                name: "Touchstone",
                symbol: "TST",
                minter: OWNER,
                mintingAllowedAfter: END,
                allocations: allocations,
                distributed: uint96(ClaimTree.totalOf(rows))
            });
    }

    function proofOf(uint256 index) internal view returns (bytes32[] memory) {
        return ClaimTree.proofOf(rows, index);
    }

    /// The claim of the row at `index` for `account`, sent by the account itself.
    function ownClaim(
        uint256 index,
        address account,
        address delegatee
    ) internal view returns (ITokenDistributor.Claim memory) {
        return
            ITokenDistributor.Claim(
                rows[index].userId,
                account,
                rows[index].amount,
                delegatee,
                account,
                END + 365 days
            );
    }

    function sign(uint256 key, ITokenDistributor.Claim memory claim_) internal view returns (bytes memory) {
        return signDigest(key, distributor.hashClaim(claim_));
    }

    function signDigest(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function compact(bytes memory signature) internal pure returns (bytes memory) {
        bytes32 r;
        bytes32 s;
        uint8 v = uint8(signature[64]);
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
        }
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function claimBound(address account, uint256 index, address delegatee) internal {
        vm.prank(account);
        distributor.claim(rows[index].userId, rows[index].amount, delegatee, proofOf(index));
    }

    /// Sends an unbound claim of `account`, signed by the claim signer.
    function claimSigned(address account, uint256 index, address delegatee) internal {
        ITokenDistributor.Claim memory claim_ = ownClaim(index, account, delegatee);
        sendSigned(claim_, sign(SIGNER_KEY, claim_), proofOf(index));
    }

    function sendSigned(
        ITokenDistributor.Claim memory claim_,
        bytes memory signature,
        bytes32[] memory proof
    ) internal {
        vm.prank(claim_.account);
        distributor.claimSigned(claim_.userId, claim_.amount, claim_.delegatee, claim_.deadline, signature, proof);
    }

    /// A batch item for the row at `index` with every signature that it needs.
    function sponsoredItem(
        uint256 index,
        uint256 accountKey,
        address delegatee
    ) internal view returns (ITokenDistributor.SponsoredClaim memory item) {
        ITokenDistributor.Claim memory claim_ = ownClaim(index, vm.addr(accountKey), delegatee);
        claim_.submitter = SPONSOR;
        item = ITokenDistributor.SponsoredClaim({
            userId: claim_.userId,
            account: claim_.account,
            amount: claim_.amount,
            delegatee: delegatee,
            deadline: claim_.deadline,
            accountSignature: sign(accountKey, claim_),
            signerSignature: rows[index].account == address(0) ? sign(SIGNER_KEY, claim_) : bytes(""),
            proof: proofOf(index)
        });
    }

    function batchOf(
        ITokenDistributor.SponsoredClaim memory item
    ) internal pure returns (ITokenDistributor.SponsoredClaim[] memory items) {
        items = new ITokenDistributor.SponsoredClaim[](1);
        items[0] = item;
    }

    function batchOf(
        ITokenDistributor.SponsoredClaim memory first,
        ITokenDistributor.SponsoredClaim memory second
    ) internal pure returns (ITokenDistributor.SponsoredClaim[] memory items) {
        items = new ITokenDistributor.SponsoredClaim[](2);
        items[0] = first;
        items[1] = second;
    }

    function sendBatch(ITokenDistributor.SponsoredClaim[] memory items) internal {
        vm.prank(SPONSOR);
        distributor.claimBatch(SPONSOR, items);
    }
}
