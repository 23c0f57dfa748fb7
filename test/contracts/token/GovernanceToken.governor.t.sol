// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {Timelock} from "../../../contracts/governance/Timelock.sol";
import {TokenGovernor} from "../../../contracts/governance/TokenGovernor.sol";
import {vm} from "../support/Vm.sol";
import {TokenTest} from "./TokenTest.sol";

/// @notice OpenZeppelin's governor reads the packed ledger as it reads its own.
contract GovernanceTokenGovernorTest is TokenTest {
    TokenGovernor private _governor;

    function setUp() public override {
        super.setUp();
        address[] memory nobody = new address[](0);
        TokenGovernor.Parameters memory parameters = TokenGovernor.Parameters({
            name: "Governor",
            votingDelay: 1 days,
            votingPeriod: 3 days,
            proposalThreshold: HOLDINGS,
            quorumPermille: 25,
            voteExtension: 1 days
        });
        _governor = new TokenGovernor(_token, new Timelock(2 days, nobody, nobody, address(this)), parameters);
    }

    function test_Governor_SharesTheTokensClock() public view {
        vm.assertEq(_governor.clock(), _token.clock());
        vm.assertEq(_governor.CLOCK_MODE(), _token.CLOCK_MODE());
    }

    /// Votes count as of the snapshot: what moves later neither adds to them nor takes from them.
    function test_Governor_CountsTheVotesOfTheSnapshot() public {
        _delegate(HOLDER, STEWARD);
        vm.warp(START + 1);
        address[] memory targets = new address[](1);
        uint256[] memory values = new uint256[](1);
        bytes[] memory calls = new bytes[](1);
        vm.prank(STEWARD);
        uint256 id = _governor.propose(targets, values, calls, "nothing");
        uint256 snapshot = _governor.proposalSnapshot(id);
        vm.assertEq(snapshot, START + 1 + 1 days);

        vm.warp(snapshot);
        _distribute(NEWCOMER, 5e18, OTHER_STEWARD);
        vm.warp(snapshot + 1);
        _delegate(HOLDER, OTHER_STEWARD);
        vm.assertEq(_governor.quorum(snapshot), ((FUNDING + HOLDINGS) * 25) / 1000);
        vm.prank(STEWARD);
        vm.assertEq(_governor.castVote(id, 1), HOLDINGS);
        vm.prank(OTHER_STEWARD);
        vm.assertEq(_governor.castVote(id, 0), 5e18);
        vm.warp(snapshot + 3 days + 1);
        vm.assertTrue(_governor.state(id) == IGovernor.ProposalState.Succeeded);
    }
}
