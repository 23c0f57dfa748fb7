// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";

/// @title The token holders' governor: proposals execute through the Timelock
/// @notice Times are in seconds (ERC-6372 timestamps). A proposal whose description ends in `#proposer=0x…` can only be
/// made by that account. A quorum reached late extends the vote.
contract TokenGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl,
    GovernorPreventLateQuorum
{
    struct Parameters {
        string name;
        uint48 votingDelay;
        uint32 votingPeriod;
        /// Votes that a proposer needs, in wei.
        uint256 proposalThreshold;
        /// Share of the supply that must take part, in thousandths.
        uint256 quorumPermille;
        /// How long a vote goes on at least after the quorum was reached.
        uint48 voteExtension;
    }

    /// @notice The token does not exist or does not count time in seconds: periods would be blocks without a word.
    error GovernorInvalidToken(address token);
    /// @notice The Timelock does not exist.
    error GovernorInvalidTimelock(address timelock);
    /// @notice With no quorum a single vote could spend the treasury.
    error GovernorInvalidQuorum(uint256 quorumPermille);

    constructor(
        IVotes token_,
        TimelockController timelock_,
        Parameters memory parameters
    )
        Governor(parameters.name)
        GovernorSettings(parameters.votingDelay, parameters.votingPeriod, parameters.proposalThreshold)
        GovernorVotes(_countingSeconds(token_))
        GovernorVotesQuorumFraction(parameters.quorumPermille)
        GovernorTimelockControl(timelock_)
        GovernorPreventLateQuorum(parameters.voteExtension)
    {
        if (address(timelock_).code.length == 0) revert GovernorInvalidTimelock(address(timelock_));
    }

    /// @notice Quorums are given in thousandths, so that 2.5 % can be said.
    function quorumDenominator() public pure override returns (uint256) {
        return 1000;
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    /// The base allows zero, at deployment and by proposal; here neither may.
    function _updateQuorumNumerator(uint256 newQuorumNumerator) internal override {
        if (newQuorumNumerator == 0) revert GovernorInvalidQuorum(newQuorumNumerator);
        super._updateQuorumNumerator(newQuorumNumerator);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    /// The base reads a clock-less token as one that counts blocks, so the mode is asked for and compared, and before the
    /// other bases use the token.
    function _countingSeconds(IVotes token_) private view returns (IVotes) {
        if (address(token_).code.length == 0) revert GovernorInvalidToken(address(token_));
        bytes32 mode = keccak256(bytes(IERC5805(address(token_)).CLOCK_MODE()));
        if (mode != keccak256("mode=timestamp")) revert GovernorInvalidToken(address(token_));
        return token_;
    }
}
