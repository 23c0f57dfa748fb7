// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {vm} from "../support/Vm.sol";
import {TokenTest} from "./TokenTest.sol";

/// @notice The branches are listed in GovernanceToken.distribute.tree.
contract GovernanceTokenDistributeTest is TokenTest {
    function test_Distribute_RevertWhen_CallerIsNotTheDistributor() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenNotDistributor.selector, HOLDER));
        vm.prank(HOLDER);
        _token.distribute(HOLDER, 1, HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenNotDistributor.selector, MINTER));
        vm.prank(MINTER);
        _token.distribute(HOLDER, 1, MINTER);
    }

    function test_Distribute_RevertWhen_ReceiverIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        _distribute(address(0), 1, STEWARD);
    }

    function test_Distribute_RevertWhen_ReceiverIsTheDistributor() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, DISTRIBUTOR));
        _distribute(DISTRIBUTOR, 1, STEWARD);
    }

    function test_Distribute_RevertGiven_FundsAreShort() public {
        bytes4 selector = IERC20Errors.ERC20InsufficientBalance.selector;
        vm.expectRevert(abi.encodeWithSelector(selector, DISTRIBUTOR, FUNDING, FUNDING + 1));
        _distribute(NEWCOMER, FUNDING + 1, STEWARD);
        vm.expectRevert(abi.encodeWithSelector(selector, DISTRIBUTOR, FUNDING, 1 << 96));
        _distribute(NEWCOMER, 1 << 96, STEWARD);
    }

    function test_Distribute_GivesANewcomerTokensAndADelegate() public {
        vm.recordLogs();
        _expectTransfer(DISTRIBUTOR, NEWCOMER, 7);
        _expectDelegateChanged(NEWCOMER, address(0), STEWARD);
        _expectVotesChanged(STEWARD, 0, 7);
        vm.prank(DISTRIBUTOR);
        vm.assertTrue(_token.distribute(NEWCOMER, 7, STEWARD));
        vm.assertEq(_token.balanceOf(DISTRIBUTOR), FUNDING - 7);
        vm.assertEq(_token.balanceOf(NEWCOMER), 7);
        vm.assertEq(_token.delegates(NEWCOMER), STEWARD);
        vm.assertEq(_token.getVotes(STEWARD), 7);
        _assertEvents(3);
    }

    function test_Distribute_ToASelfDelegate() public {
        _distribute(NEWCOMER, 7, NEWCOMER);
        vm.assertEq(_token.delegates(NEWCOMER), NEWCOMER);
        vm.assertEq(_token.getVotes(NEWCOMER), 7);
    }

    function test_Distribute_WithoutADelegateeIsATransfer() public {
        vm.recordLogs();
        _expectTransfer(DISTRIBUTOR, NEWCOMER, 7);
        _distribute(NEWCOMER, 7, address(0));
        vm.assertEq(_token.balanceOf(NEWCOMER), 7);
        vm.assertEq(_token.delegates(NEWCOMER), address(0));
        _assertEvents(1);
    }

    function test_Distribute_WithoutADelegateeKeepsTheDelegate() public {
        _delegate(HOLDER, STEWARD);
        vm.recordLogs();
        _expectTransfer(DISTRIBUTOR, HOLDER, 7);
        _expectVotesChanged(STEWARD, HOLDINGS, HOLDINGS + 7);
        _distribute(HOLDER, 7, address(0));
        vm.assertEq(_token.delegates(HOLDER), STEWARD);
        _assertEvents(2);
    }

    function test_Distribute_ToTheSameDelegateAgain() public {
        _delegate(HOLDER, STEWARD);
        vm.recordLogs();
        _expectTransfer(DISTRIBUTOR, HOLDER, 7);
        _expectVotesChanged(STEWARD, HOLDINGS, HOLDINGS + 7);
        _expectDelegateChanged(HOLDER, STEWARD, STEWARD);
        _distribute(HOLDER, 7, STEWARD);
        vm.assertEq(_token.getVotes(STEWARD), HOLDINGS + 7);
        _assertEvents(3);
    }

    /// The old delegate's votes rise and fall by the amount, as in a transfer followed by a delegation.
    function test_Distribute_MovesPriorHoldingsToTheNewDelegate() public {
        _delegate(HOLDER, STEWARD);
        vm.recordLogs();
        _expectTransfer(DISTRIBUTOR, HOLDER, 7);
        _expectVotesChanged(STEWARD, HOLDINGS, HOLDINGS + 7);
        _expectDelegateChanged(HOLDER, STEWARD, OTHER_STEWARD);
        _expectVotesChanged(STEWARD, HOLDINGS + 7, 0);
        _expectVotesChanged(OTHER_STEWARD, 0, HOLDINGS + 7);
        _distribute(HOLDER, 7, OTHER_STEWARD);
        vm.assertEq(_token.delegates(HOLDER), OTHER_STEWARD);
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS + 7);
        vm.assertEq(_token.getVotes(STEWARD), 0);
        vm.assertEq(_token.getVotes(OTHER_STEWARD), HOLDINGS + 7);
        _assertEvents(5);
    }

    function test_Distribute_TakesVotesFromTheDistributorsDelegate() public {
        _delegate(DISTRIBUTOR, STEWARD);
        vm.recordLogs();
        _expectTransfer(DISTRIBUTOR, NEWCOMER, 7);
        _expectVotesChanged(STEWARD, FUNDING, FUNDING - 7);
        _expectDelegateChanged(NEWCOMER, address(0), STEWARD);
        _expectVotesChanged(STEWARD, FUNDING - 7, FUNDING);
        _distribute(NEWCOMER, 7, STEWARD);
        vm.assertEq(_token.delegates(DISTRIBUTOR), STEWARD);
        vm.assertEq(_token.getVotes(STEWARD), FUNDING);
        _assertEvents(4);
    }

    function test_Distribute_OfNothingStillDelegates() public {
        vm.recordLogs();
        _expectTransfer(DISTRIBUTOR, HOLDER, 0);
        _expectDelegateChanged(HOLDER, address(0), STEWARD);
        _expectVotesChanged(STEWARD, 0, HOLDINGS);
        _distribute(HOLDER, 0, STEWARD);
        _assertEvents(3);
    }

    /// Nobody can repoint the hook: no function of the token changes the distributor, and no slot holds it.
    function test_Token_DistributorSetOnce() public {
        string[5] memory setters = [
            "setDistributor(address)",
            "setGTCDist(address)",
            "changeDistributor(address)",
            "updateDistributor(address)",
            "transferDistributor(address)"
        ];
        address[3] memory callers = [MINTER, DISTRIBUTOR, HOLDER];
        for (uint256 i = 0; i < setters.length; ++i) {
            for (uint256 j = 0; j < callers.length; ++j) {
                vm.prank(callers[j]);
                (bool success, ) = address(_token).call(abi.encodeWithSignature(setters[i], callers[j]));
                vm.assertFalse(success);
            }
        }
        vm.prank(MINTER);
        _token.setMinter(HOLDER);
        vm.record();
        vm.assertEq(_token.distributor(), DISTRIBUTOR);
        _distribute(NEWCOMER, 0, address(0));
        (bytes32[] memory reads, ) = vm.accesses(address(_token));
        for (uint256 i = 0; i < reads.length; ++i) {
            bytes32 word = vm.load(address(_token), reads[i]);
            vm.assertTrue(address(uint160(uint256(word))) != DISTRIBUTOR);
        }
    }

    /// Whatever the hook is told, only the receiver's delegate and votes change; nobody else can call it at all.
    function testFuzz_Token_HookCannotTouchThirdParty(
        address caller,
        address to,
        uint256 amount,
        address delegatee
    ) public {
        vm.assume(caller != DISTRIBUTOR);
        vm.assume(to != HOLDER && to != DISTRIBUTOR && to != address(0));
        vm.assume(delegatee != STEWARD && delegatee != OTHER_STEWARD);
        _delegate(HOLDER, STEWARD);
        _delegate(DISTRIBUTOR, OTHER_STEWARD);
        vm.warp(START + 1);
        amount %= FUNDING + 1;
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.TokenNotDistributor.selector, caller));
        vm.prank(caller);
        _token.distribute(HOLDER, 0, caller);
        _distribute(to, amount, delegatee);
        vm.assertEq(_token.delegates(HOLDER), STEWARD);
        vm.assertEq(_token.balanceOf(HOLDER), HOLDINGS);
        vm.assertEq(_token.getVotes(STEWARD), HOLDINGS);
        vm.assertEq(_token.numCheckpoints(STEWARD), 1);
        vm.assertEq(_token.delegates(DISTRIBUTOR), OTHER_STEWARD);
        vm.assertEq(_token.getVotes(OTHER_STEWARD), FUNDING - amount);
        vm.assertEq(_token.getVotes(delegatee), delegatee == address(0) ? 0 : amount);
    }
}
