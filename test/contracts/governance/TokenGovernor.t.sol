// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {Timelock} from "../../../contracts/governance/Timelock.sol";
import {TokenGovernor} from "../../../contracts/governance/TokenGovernor.sol";
import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {bound, vm} from "../support/Vm.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

contract TokenGovernorTest is GovernanceFixture {
    function test_Constructor_IsReadableByGovernanceFrontEnds() public view {
        vm.assertEq(governor.name(), "Touchstone Governor");
        vm.assertEq(governor.version(), "1");
        vm.assertEq(governor.COUNTING_MODE(), "support=bravo&quorum=for,abstain");
        vm.assertEq(governor.CLOCK_MODE(), "mode=timestamp");
        vm.assertEq(governor.clock(), block.timestamp);
        vm.assertEq(governor.votingDelay(), DELAY);
        vm.assertEq(governor.votingPeriod(), PERIOD);
        vm.assertEq(governor.proposalThreshold(), THRESHOLD);
        vm.assertEq(governor.lateQuorumVoteExtension(), EXTENSION);
        vm.assertEq(governor.quorum(block.timestamp - 1), QUORUM);
        vm.assertEq(governor.timelock(), address(timelock));
        vm.assertEq(address(governor.token()), address(token));
    }

    function test_Life_SpendsFromTheTreasury() public {
        Plan memory p = payment(5e18);
        uint256 id = propose(carol, p);
        assertState(id, IGovernor.ProposalState.Pending);
        startVote();
        assertState(id, IGovernor.ProposalState.Active);
        vote(alice, id, 1);
        vote(bob, id, 0);
        endVote(id);
        assertState(id, IGovernor.ProposalState.Succeeded);
        vm.assertTrue(governor.proposalNeedsQueuing(id));
        vm.prank(stranger);
        queue(p);
        assertState(id, IGovernor.ProposalState.Queued);
        vm.assertEq(governor.proposalEta(id), block.timestamp + TIMELOCK_DELAY);
        vm.warp(block.timestamp + TIMELOCK_DELAY);
        vm.prank(stranger);
        execute(p);
        assertState(id, IGovernor.ProposalState.Executed);
        vm.assertEq(token.balanceOf(stranger), 5e18);
    }

    function test_Propose_RevertWhen_VotesAreBelowTheThreshold() public {
        vm.prank(carol);
        require(token.transfer(alice, 1));
        vm.warp(block.timestamp + 1);
        bytes4 selector = IGovernor.GovernorInsufficientProposerVotes.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, carol, THRESHOLD - 1, THRESHOLD));
        propose(carol, payment(1));
    }

    function test_Propose_AcceptsExactlyTheThreshold() public {
        assertState(propose(carol, payment(1)), IGovernor.ProposalState.Pending);
    }

    function test_Propose_RevertGiven_SameProposalExists() public {
        propose(carol, payment(1));
        vm.expectRevert();
        propose(alice, payment(1));
    }

    /// F12: with the suffix, nobody can put a copy of a proposal first and then cancel it.
    function test_Governor_ProposerSuffix() public {
        Plan memory p = payment(1);
        p.description = string.concat("Do it #proposer=", Strings.toHexString(carol));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, alice));
        propose(alice, p);
        assertState(propose(carol, p), IGovernor.ProposalState.Pending);
    }

    /// F12: a quorum that is reached in the last second leaves everybody else two days to answer.
    function test_Governor_LateQuorum() public {
        uint256 id = propose(carol, payment(1));
        startVote();
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline);
        vote(carol, id, 1);
        vm.assertEq(governor.proposalDeadline(id), deadline, "no quorum yet");
        vote(alice, id, 1);
        vm.assertEq(governor.proposalDeadline(id), deadline + EXTENSION);
        vm.warp(deadline + EXTENSION);
        vote(bob, id, 0);
        vm.assertEq(governor.proposalDeadline(id), deadline + EXTENSION, "extended once");
    }

    function test_LateQuorum_EarlyQuorumChangesNothing() public {
        uint256 id = propose(carol, payment(1));
        startVote();
        uint256 deadline = governor.proposalDeadline(id);
        vote(alice, id, 1);
        vm.assertEq(governor.proposalDeadline(id), deadline);
    }

    function test_Quorum_OneWeiBelowIsDefeat() public {
        uint256 id = propose(alice, payment(1));
        startVote();
        vote(bob, id, 1);
        endVote(id);
        assertState(id, IGovernor.ProposalState.Defeated);
    }

    function test_Quorum_ExactlyReachedIsSuccess() public {
        uint256 id = propose(alice, payment(1));
        startVote();
        vote(alice, id, 1);
        endVote(id);
        assertState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_Quorum_AbstentionsCountOppositionDoesNot() public {
        uint256 abstained = propose(alice, payment(1));
        uint256 opposed = propose(alice, payment(2));
        startVote();
        vote(alice, abstained, 2);
        vote(carol, abstained, 1);
        vote(alice, opposed, 0);
        vote(carol, opposed, 1);
        endVote(abstained);
        assertState(abstained, IGovernor.ProposalState.Succeeded);
        assertState(opposed, IGovernor.ProposalState.Defeated);
    }

    function test_Vote_TieIsDefeat() public {
        vm.prank(alice);
        require(token.transfer(carol, QUORUM - THRESHOLD)); // carol has the quorum, alice the threshold
        vm.prank(bob);
        require(token.transfer(alice, QUORUM - THRESHOLD));
        vm.warp(block.timestamp + 1);
        uint256 id = propose(alice, payment(1));
        startVote();
        vote(alice, id, 0);
        vote(carol, id, 1);
        endVote(id);
        assertState(id, IGovernor.ProposalState.Defeated);
    }

    function test_Vote_CountsWhatWasHeldAtTheStart() public {
        uint256 id = propose(alice, payment(1));
        startVote();
        vm.prank(alice);
        require(token.transfer(carol, QUORUM));
        vote(carol, id, 1);
        (, uint256 inFavour, ) = governor.proposalVotes(id);
        vm.assertEq(inFavour, THRESHOLD, "carol votes with what she had");
    }

    function test_Vote_RevertGiven_VotedBefore() public {
        uint256 id = propose(alice, payment(1));
        startVote();
        vote(alice, id, 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, alice));
        vote(alice, id, 1);
    }

    function test_Vote_RevertGiven_NotStartedOrOver() public {
        uint256 id = propose(alice, payment(1));
        vm.warp(block.timestamp + DELAY);
        vm.expectRevert();
        vote(alice, id, 1);
        endVote(id);
        vm.expectRevert();
        vote(alice, id, 1);
    }

    /// Whatever three stewards do, the outcome is what the rule says: a majority, and the quorum of for and abstain.
    function testFuzz_Vote_OutcomeFollowsTheRule(uint8 first, uint8 second, uint8 third) public {
        uint256 id = propose(alice, payment(1));
        startVote();
        uint256[3] memory tally;
        address[3] memory voters = [alice, bob, carol];
        uint256[3] memory weights = [QUORUM, QUORUM - 1, THRESHOLD];
        uint8[3] memory choices = [uint8(first % 4), second % 4, third % 4];
        for (uint256 i = 0; i < 3; ++i) {
            if (choices[i] == 3) continue; // does not vote
            vote(voters[i], id, choices[i]);
            tally[choices[i]] += weights[i];
        }
        endVote(id);
        bool passes = tally[1] > tally[0] && tally[1] + tally[2] >= QUORUM;
        assertState(id, passes ? IGovernor.ProposalState.Succeeded : IGovernor.ProposalState.Defeated);
    }

    function test_Cancel_ByTheProposerBeforeTheVote() public {
        Plan memory p = payment(1);
        uint256 id = propose(carol, p);
        vm.prank(carol);
        governor.cancel(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
        assertState(id, IGovernor.ProposalState.Canceled);
    }

    function test_Cancel_RevertGiven_VoteHasStartedOrNotProposer() public {
        Plan memory p = payment(1);
        uint256 id = propose(carol, p);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, alice));
        vm.prank(alice);
        governor.cancel(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
        startVote();
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, carol));
        vm.prank(carol);
        governor.cancel(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function test_Queue_RevertGiven_NotSucceeded() public {
        Plan memory p = payment(1);
        propose(alice, p);
        vm.expectRevert();
        queue(p);
    }

    function test_Execute_RevertGiven_DelayNotOver() public {
        Plan memory p = payment(1);
        uint256 id = carry(p);
        vm.warp(block.timestamp - 1);
        vm.expectRevert();
        execute(p);
        vm.warp(block.timestamp + 1);
        execute(p);
        assertState(id, IGovernor.ProposalState.Executed);
    }

    function test_Execute_RevertGiven_ExecutedBefore() public {
        Plan memory p = payment(1);
        carry(p);
        execute(p);
        vm.expectRevert();
        execute(p);
        vm.assertEq(token.balanceOf(stranger), 1);
    }

    /// Open execution also works around the governor; it then knows that the proposal is done.
    function test_Execute_DirectlyInTheTimelock() public {
        Plan memory p = payment(1);
        uint256 id = carry(p);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(p.description));
        vm.prank(stranger);
        timelock.executeBatch(p.targets, p.values, p.calldatas, 0, salt);
        assertState(id, IGovernor.ProposalState.Executed);
    }

    function test_Settings_OnlyByProposal() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, address(this)));
        governor.setVotingPeriod(1 days);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, address(this)));
        governor.updateQuorumNumerator(1);
        Plan memory p = plan(address(governor), abi.encodeCall(governor.setVotingPeriod, (1 days)));
        carry(p);
        execute(p);
        vm.assertEq(governor.votingPeriod(), 1 days);
    }

    function testFuzz_Quorum_ChangesByProposalButNeverToZero(uint256 permille) public {
        permille = bound(permille, 0, 1001);
        Plan memory p = plan(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (permille)));
        carry(p);
        if (permille == 0) {
            vm.expectRevert(abi.encodeWithSelector(TokenGovernor.GovernorInvalidQuorum.selector, 0));
        } else if (permille > 1000) {
            bytes4 selector = GovernorVotesQuorumFraction.GovernorInvalidQuorumFraction.selector;
            vm.expectRevert(abi.encodeWithSelector(selector, permille, 1000));
        }
        execute(p);
        vm.assertEq(governor.quorumNumerator(), permille == 0 || permille > 1000 ? 25 : permille);
    }

    function test_Constructor_RevertWhen_TokenDoesNotExist() public {
        vm.expectRevert(abi.encodeWithSelector(TokenGovernor.GovernorInvalidToken.selector, stranger));
        new TokenGovernor(GovernanceToken(stranger), timelock, parameters());
    }

    function test_Constructor_RevertWhen_TokenCountsBlocks() public {
        vm.mockCall(address(token), abi.encodeCall(token.CLOCK_MODE, ()), abi.encode("mode=blocknumber&from=default"));
        vm.expectRevert(abi.encodeWithSelector(TokenGovernor.GovernorInvalidToken.selector, address(token)));
        new TokenGovernor(token, timelock, parameters());
        vm.clearMockedCalls();
    }

    function test_Constructor_RevertWhen_TimelockDoesNotExist() public {
        vm.expectRevert(abi.encodeWithSelector(TokenGovernor.GovernorInvalidTimelock.selector, stranger));
        new TokenGovernor(token, Timelock(payable(stranger)), parameters());
    }

    function test_Constructor_RevertWhen_QuorumIsZero() public {
        TokenGovernor.Parameters memory wrong = parameters();
        wrong.quorumPermille = 0;
        vm.expectRevert(abi.encodeWithSelector(TokenGovernor.GovernorInvalidQuorum.selector, 0));
        new TokenGovernor(token, timelock, wrong);
    }

    function test_Constructor_RevertWhen_VoteExtensionIsLongerThanTheVote() public {
        TokenGovernor.Parameters memory wrong = parameters();
        wrong.voteExtension = PERIOD + 1;
        bytes4 selector = GovernorPreventLateQuorum.GovernorPreventLateQuorumVoteExtensionTooLarge.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, PERIOD + 1, PERIOD));
        new TokenGovernor(token, timelock, wrong);
    }
}
