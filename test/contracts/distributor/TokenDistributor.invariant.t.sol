// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {TokenLaunch} from "../../../contracts/distributor/TokenLaunch.sol";
import {IPassportScores} from "../../../contracts/passport/IPassportScores.sol";
import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTree, Row} from "./support/ClaimTree.sol";
import {DistributorHandler} from "./support/DistributorHandler.sol";

/// test/contracts/invariants.md says in words what is checked here. Run alone, this file needs the handler beside it on the
/// command line: the fuzzer knows the contracts of the named files only.
contract TokenDistributorInvariantTest {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant END = START + 30 days;
    uint256 private constant SIGNER_KEY = 0x51;
    address private constant OWNER = address(0x0123);
    address private constant GUARDIAN = address(0x6a4d);
    address private constant TREASURY = address(0x74ea);

    GovernanceToken private token;
    TokenDistributor private distributor;
    DistributorHandler private handler;
    uint256 private funded;

    function setUp() public {
        vm.warp(START);
        Row[] memory rows = new Row[](12);
        uint256 previous = 0xac0000;
        for (uint256 i = 0; i < rows.length; ++i) {
            // Ids in three words of the bitmap; the first four rows are bound to the first four actors.
            uint32 userId = uint32((i % 3) * 256 + i);
            rows[i] = Row(userId, i < 4 ? vm.addr(previous + i) : address(0), (i + 1) * 1e18);
        }
        funded = ClaimTree.totalOf(rows);
        IGovernanceToken.Allocation[] memory holdings = new IGovernanceToken.Allocation[](2);
        holdings[0] = IGovernanceToken.Allocation(vm.addr(0xac0004), 1000e18); // actors with tokens of their own
        holdings[1] = IGovernanceToken.Allocation(vm.addr(0xac0000), 50e18);
        TokenLaunch launched = new TokenLaunch(
            TokenLaunch.TokenConfiguration("Touchstone", "TST", OWNER, END, holdings, uint96(funded)),
            ITokenDistributor.Configuration({
                token: IERC20(address(0)),
                treasury: TREASURY,
                owner: OWNER,
                guardian: GUARDIAN,
                signer: vm.addr(SIGNER_KEY),
                signerKind: ITokenDistributor.SignerKind.Key,
                launch: true,
                merkleRoot: ClaimTree.rootOf(rows),
                listHash: 0,
                start: uint40(START),
                end: uint40(END),
                gate: ITokenDistributor.Gate(IPassportScores(address(0)), 0, 0)
            })
        );
        token = launched.token();
        distributor = launched.distributor();
        handler = new DistributorHandler(distributor, token, OWNER, TREASURY, rows, SIGNER_KEY);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_ClaimedPlusBalancePlusSweptIsFunded() public view {
        uint256 balance = token.balanceOf(address(distributor));
        vm.assertEq(handler.claimed() + balance + handler.swept(), funded + handler.donated());
        vm.assertEq(token.balanceOf(TREASURY), handler.swept());
    }

    function invariant_ABitNeverResets() public view {
        for (uint256 i = 0; i < handler.rowCount(); ++i) {
            if (handler.paid(i)) vm.assertTrue(distributor.isClaimed(handler.rowAt(i).userId), "a bit was reset");
        }
    }

    function invariant_NoClaimWithoutWhatItsLeafDemands() public view {
        vm.assertEq(handler.broken(), "");
        for (uint256 i = 0; i < handler.rowCount(); ++i) {
            if (!handler.paid(i)) vm.assertFalse(distributor.isClaimed(handler.rowAt(i).userId), "a bit without claim");
        }
    }

    function invariant_NothingIsLeftAfterASweep() public view {
        if (handler.sweptLast()) vm.assertEq(token.balanceOf(address(distributor)), 0);
    }

    function invariant_VotesAreConserved() public view {
        uint256 votes = 0;
        uint256 delegated = 0;
        for (uint256 i = 0; i < handler.ACTORS(); ++i) {
            address account = handler.actorAt(i);
            votes += token.getVotes(account);
            if (token.delegates(account) != address(0)) delegated += token.balanceOf(account);
        }
        vm.assertEq(votes, delegated);
        vm.assertEq(token.getVotes(address(distributor)) + token.getVotes(TREASURY), 0);
    }

    function invariant_VotesMoveWithConsentOnly() public view {
        for (uint256 i = 0; i < handler.ACTORS(); ++i) {
            address account = handler.actorAt(i);
            vm.assertEq(token.delegates(account), handler.consented(account));
        }
    }

    function invariant_TheEndNeverMovesBackNorFar() public view {
        vm.assertEq(handler.broken(), "");
        vm.assertEq(distributor.end(), handler.latestEnd());
        vm.assertLe(distributor.end(), END + 7 days * handler.appointments());
    }

    /// The invariants are worth what the handler reaches: each of its allowed actions, in one round.
    function test_Handler_ReachesEveryAction() public {
        handler.claimBound(1, 0);
        handler.claimSigned(5, 4, 2);
        handler.claimSponsored(4, 5, 6, false);
        handler.claimSponsored(0, 2, 1, true);
        handler.guardianPause(3 days);
        handler.appoint(3);
        handler.wait(4 days - 1);
        handler.pauseOrResume(true);
        handler.pauseOrResume(false);
        handler.rotate(2);
        handler.claimSigned(3, 6, 5);
        handler.stealBound(1, 3, 1);
        handler.claimWithProofAlone(1, 1, 1);
        handler.claimWithSignatureAlone(1, 1, 1, 1);
        handler.claimWithSignatureAlone(1, 1, 2, 1);
        handler.claimWithoutConsent(4, 2, 1, false);
        handler.claimWithoutConsent(0, 0, 1, true);
        handler.changeTheSponsorsClaim(2, 2, 2);
        handler.usurp(2, 0);
        handler.overstretch(0);
        handler.distributeOneself(1, 2);
        for (uint256 i = 0; i < 12; ++i) handler.wait(4 days - 1);
        handler.sweep(2);
        string[8] memory actions = [
            "claim",
            "claimSigned",
            "claimSponsored",
            "guardianPause",
            "appoint",
            "pauseOrResume",
            "rotate",
            "sweep"
        ];
        for (uint256 i = 0; i < actions.length; ++i) vm.assertTrue(handler.successes(actions[i]) > 0, actions[i]);
        invariant_ClaimedPlusBalancePlusSweptIsFunded();
        invariant_ABitNeverResets();
        invariant_NoClaimWithoutWhatItsLeafDemands();
        invariant_NothingIsLeftAfterASweep();
        invariant_VotesAreConserved();
        invariant_VotesMoveWithConsentOnly();
        invariant_TheEndNeverMovesBackNorFar();
    }
}
