// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {Timelock} from "../../../contracts/governance/Timelock.sol";
import {vm} from "../support/Vm.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

/// @notice After the hand-over nobody commands the Timelock but the governor, and nobody changes that but the Timelock.
contract TimelockTest is GovernanceFixture {
    bytes32 private constant NO_SALT = 0;

    function expectMissingRole(address account, bytes32 role) private {
        bytes4 selector = IAccessControl.AccessControlUnauthorizedAccount.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, account, role));
    }

    function testFuzz_Schedule_RevertWhen_CallerIsNotTheGovernor(address caller) public {
        vm.assume(caller != address(governor));
        expectMissingRole(caller, timelock.PROPOSER_ROLE());
        vm.prank(caller);
        timelock.schedule(address(token), 0, "", 0, NO_SALT, TIMELOCK_DELAY);
    }

    function testFuzz_Cancel_RevertWhen_CallerIsNotTheGovernor(address caller) public {
        vm.assume(caller != address(governor));
        expectMissingRole(caller, timelock.CANCELLER_ROLE());
        vm.prank(caller);
        timelock.cancel(keccak256("operation"));
    }

    function testFuzz_GrantRole_RevertWhen_CallerIsNotTheTimelock(address caller) public {
        vm.assume(caller != address(timelock));
        bytes32 role = timelock.PROPOSER_ROLE();
        expectMissingRole(caller, timelock.DEFAULT_ADMIN_ROLE());
        vm.prank(caller);
        timelock.grantRole(role, caller);
    }

    function test_UpdateDelay_RevertWhen_CallerIsNotTheTimelock() public {
        bytes4 selector = TimelockController.TimelockUnauthorizedCaller.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, address(governor)));
        vm.prank(address(governor));
        timelock.updateDelay(0);
    }

    function test_Execute_RevertGiven_NothingWasScheduled() public {
        vm.expectRevert();
        vm.prank(stranger);
        timelock.execute(address(token), 0, abi.encodeCall(token.transfer, (stranger, 1)), 0, NO_SALT);
    }

    function test_Constructor_RevertWhen_DelayIsZero() public {
        vm.expectRevert(Timelock.TimelockInvalidDelay.selector);
        new Timelock(0, new address[](0), new address[](0), address(this));
    }

    function test_Roles_MoveToAnotherGovernorByProposal() public {
        Plan memory p = plan(
            address(timelock),
            abi.encodeCall(timelock.grantRole, (timelock.PROPOSER_ROLE(), stranger))
        );
        carry(p);
        execute(p);
        vm.assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), stranger));
    }

    function test_Token_MintsByProposalOnly() public {
        vm.warp(block.timestamp + 365 days);
        bytes memory mint = abi.encodeCall(token.mint, (stranger, SUPPLY / 50));
        (bool success, ) = address(token).call(mint);
        vm.assertFalse(success);
        Plan memory p = plan(address(token), mint);
        carry(p);
        execute(p);
        vm.assertEq(token.balanceOf(stranger), SUPPLY / 50);
    }
}
