// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {Timelock} from "../../../contracts/governance/Timelock.sol";
import {TokenGovernor} from "../../../contracts/governance/TokenGovernor.sol";
import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {vm} from "../support/Vm.sol";

/// @notice A Timelock, a token and a governor as a deployment leaves them, with three stewards: `alice` holds 2.5 % (the
/// quorum), `bob` one wei less, `carol` just the proposal threshold.
abstract contract GovernanceFixture {
    uint256 internal constant SUPPLY = 100_000_000e18;
    uint256 internal constant QUORUM = 2_500_000e18;
    uint256 internal constant THRESHOLD = 1_000_000e18;
    uint48 internal constant DELAY = 1 days;
    uint32 internal constant PERIOD = 7 days;
    uint48 internal constant EXTENSION = 2 days;
    uint256 internal constant TIMELOCK_DELAY = 2 days;

    address internal alice = address(0xa11ce);
    address internal bob = address(0xb0b);
    address internal carol = address(0xca401);
    address internal stranger = address(0x57a);

    Timelock internal timelock;
    GovernanceToken internal token;
    TokenGovernor internal governor;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        address[] memory anyone = new address[](1);
        timelock = new Timelock(TIMELOCK_DELAY, new address[](0), anyone, address(this));
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](4);
        allocations[0] = IGovernanceToken.Allocation(alice, uint96(QUORUM));
        allocations[1] = IGovernanceToken.Allocation(bob, uint96(QUORUM - 1));
        allocations[2] = IGovernanceToken.Allocation(carol, uint96(THRESHOLD));
        uint256 rest = SUPPLY - 2 * QUORUM + 1 - THRESHOLD;
        allocations[3] = IGovernanceToken.Allocation(address(timelock), uint96(rest));
        token = new GovernanceToken(
            "Touchstone",
            "TOUCH",
            address(timelock),
            block.timestamp + 365 days,
            address(0xd157),
            allocations
        );
        governor = new TokenGovernor(token, timelock, parameters());
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
        address[3] memory stewards = [alice, bob, carol];
        for (uint256 i = 0; i < stewards.length; ++i) {
            vm.prank(stewards[i]);
            token.delegate(stewards[i]);
        }
        vm.warp(block.timestamp + 1); // votes count from the second after the delegation
    }

    function parameters() internal pure returns (TokenGovernor.Parameters memory) {
        return TokenGovernor.Parameters("Touchstone Governor", DELAY, PERIOD, THRESHOLD, 25, EXTENSION);
    }

    /// One action: the Timelock calls `target`.
    struct Plan {
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        string description;
    }

    function plan(address target, bytes memory data) internal pure returns (Plan memory result) {
        result = Plan(new address[](1), new uint256[](1), new bytes[](1), "Do it");
        result.targets[0] = target;
        result.calldatas[0] = data;
    }

    /// Pays `amount` from the treasury to the stranger.
    function payment(uint256 amount) internal view returns (Plan memory) {
        return plan(address(token), abi.encodeCall(token.transfer, (stranger, amount)));
    }

    function propose(address proposer, Plan memory p) internal returns (uint256) {
        vm.prank(proposer);
        return governor.propose(p.targets, p.values, p.calldatas, p.description);
    }

    function vote(address voter, uint256 id, uint8 support) internal {
        vm.prank(voter);
        governor.castVote(id, support);
    }

    function queue(Plan memory p) internal {
        governor.queue(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function execute(Plan memory p) internal {
        governor.execute(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    /// To the first second of the vote.
    function startVote() internal {
        vm.warp(block.timestamp + DELAY + 1);
    }

    /// To the first second after the vote, extensions included.
    function endVote(uint256 id) internal {
        vm.warp(governor.proposalDeadline(id) + 1);
    }

    /// Proposes, votes with alice's quorum, queues and waits: only the execution is left.
    function carry(Plan memory p) internal returns (uint256 id) {
        id = propose(alice, p);
        startVote();
        vote(alice, id, 1);
        endVote(id);
        queue(p);
        vm.warp(block.timestamp + TIMELOCK_DELAY);
    }

    function assertState(uint256 id, IGovernor.ProposalState expected) internal view {
        vm.assertEq(uint256(governor.state(id)), uint256(expected), "state");
    }
}
