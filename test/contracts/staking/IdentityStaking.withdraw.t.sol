// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {bound, vm} from "../support/Vm.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @notice Taking tokens out again; leaves of IdentityStaking.tree.
contract IdentityStakingWithdrawTest is StakingFixture {
    function setUp() public override {
        super.setUp();
        _selfStake(ALICE, 10e18, MIN_LOCK);
        _communityStake(ALICE, BOB, 6e18, MIN_LOCK);
        _communityStake(ALICE, CAROL, 4e18, MAX_LOCK);
    }

    function test_Withdraw_PaysAPart() public {
        vm.warp(START + MIN_LOCK);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.StakeWithdrawn(ALICE, ALICE, 3e18, 7e18);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(3e18);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.StakeWithdrawn(ALICE, BOB, 1e18, 5e18);
        vm.prank(ALICE);
        _staking.withdrawCommunityStake(BOB, 1e18);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 7e18, 0);
        _assertStake(ALICE, BOB, START + MIN_LOCK, 5e18, 0);
        vm.assertEq(_token.balanceOf(ALICE), SUPPLY_EACH - 16e18);
    }

    function test_Withdraw_OfAllClearsTheStake() public {
        vm.warp(START + MIN_LOCK);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(10e18);
        _assertStake(ALICE, ALICE, 0, 0, 0);
        vm.assertEq(_token.balanceOf(ALICE), SUPPLY_EACH - 10e18);
    }

    function test_Withdraw_OfAllKeepsWhatIsSlashed() public {
        _slash(ALICE, ALICE, 40, EVIDENCE);
        vm.warp(START + MIN_LOCK);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(6e18);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 0, 4e18);
    }

    function test_Withdraw_WorksFromTheUnlockSecondOn() public {
        vm.warp(START + MIN_LOCK - 1);
        _expectLocked(START + MIN_LOCK);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(1);
        _expectLocked(START + MIN_LOCK);
        vm.prank(ALICE);
        _staking.withdrawCommunityStake(BOB, 1);
        vm.warp(START + MIN_LOCK);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(1);
        vm.prank(ALICE);
        _staking.withdrawCommunityStake(BOB, 1);
    }

    function testFuzz_Withdraw_RevertWhen_Early(uint256 time) public {
        vm.warp(bound(time, START, START + MIN_LOCK - 1));
        _expectLocked(START + MIN_LOCK);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(1);
    }

    function test_Withdraw_RevertWhen_AmountIsTooHigh() public {
        _slash(ALICE, ALICE, 10, EVIDENCE);
        vm.warp(START + MIN_LOCK);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInsufficientStake.selector, 9e18 + 1, 9e18));
        vm.prank(ALICE);
        _staking.withdrawSelfStake(9e18 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingInsufficientStake.selector, type(uint256).max, 6e18)
        );
        vm.prank(ALICE);
        _staking.withdrawCommunityStake(BOB, type(uint256).max);
    }

    /// The stakee vouched for has no right to the stake, nor has anybody else.
    function test_Withdraw_RevertWhen_CallerIsNotTheStaker() public {
        vm.warp(START + MAX_LOCK);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInsufficientStake.selector, 1, 0));
        vm.prank(BOB);
        _staking.withdrawSelfStake(1);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInsufficientStake.selector, 1, 0));
        vm.prank(BOB);
        _staking.withdrawCommunityStake(ALICE, 1);
    }

    function test_Withdraw_RevertWhen_StakeeIsTheStaker() public {
        vm.warp(START + MIN_LOCK);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidStakee.selector, ALICE));
        vm.prank(ALICE);
        _staking.withdrawCommunityStake(ALICE, 1);
    }

    function test_WithdrawMultiple_PaysTheSumOnce() public {
        vm.warp(START + MAX_LOCK);
        vm.expectCall(address(_token), abi.encodeCall(_token.transfer, (ALICE, 7e18)));
        vm.prank(ALICE);
        _staking.withdrawMultipleCommunityStakes(_twoWithdrawals(6e18, 1e18));
        _assertStake(ALICE, BOB, 0, 0, 0);
        _assertStake(ALICE, CAROL, START + MAX_LOCK, 3e18, 0);
        vm.assertEq(_token.balanceOf(ALICE), SUPPLY_EACH - 13e18);
    }

    function test_WithdrawMultiple_RevertWhen_ARepeatedStakeeExceedsTheStake() public {
        vm.warp(START + MAX_LOCK);
        IIdentityStaking.Withdrawal[] memory withdrawals = _twoWithdrawals(4e18, 4e18);
        withdrawals[1].stakee = BOB;
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInsufficientStake.selector, 4e18, 2e18));
        vm.prank(ALICE);
        _staking.withdrawMultipleCommunityStakes(withdrawals);
    }

    function test_WithdrawMultiple_RevertWhen_OneIsInvalid() public {
        vm.warp(START + MIN_LOCK);
        _expectLocked(START + MAX_LOCK);
        vm.prank(ALICE);
        _staking.withdrawMultipleCommunityStakes(_twoWithdrawals(1, 1));
        vm.warp(START + MAX_LOCK);
        vm.expectRevert(IIdentityStaking.StakingZeroAmount.selector);
        vm.prank(ALICE);
        _staking.withdrawMultipleCommunityStakes(_twoWithdrawals(1, 0));
        IIdentityStaking.Withdrawal[] memory withdrawals = _twoWithdrawals(1, 1);
        withdrawals[1].stakee = ALICE;
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidStakee.selector, ALICE));
        vm.prank(ALICE);
        _staking.withdrawMultipleCommunityStakes(withdrawals);
        _assertStake(ALICE, BOB, START + MIN_LOCK, 6e18, 0);
    }

    function test_WithdrawMultiple_RevertWhen_Empty() public {
        vm.expectRevert(IIdentityStaking.StakingEmptyBatch.selector);
        _staking.withdrawMultipleCommunityStakes(new IIdentityStaking.Withdrawal[](0));
    }

    function test_Withdraw_WorksGiven_Paused() public {
        vm.prank(PAUSER);
        _staking.pause();
        vm.warp(START + MAX_LOCK);
        vm.startPrank(ALICE);
        _staking.withdrawSelfStake(10e18);
        _staking.withdrawCommunityStake(BOB, 1e18);
        _staking.withdrawMultipleCommunityStakes(_twoWithdrawals(5e18, 4e18));
        vm.stopPrank();
        vm.assertEq(_token.balanceOf(ALICE), SUPPLY_EACH);
    }

    function _twoWithdrawals(
        uint256 fromBob,
        uint256 fromCarol
    ) private pure returns (IIdentityStaking.Withdrawal[] memory withdrawals) {
        withdrawals = new IIdentityStaking.Withdrawal[](2);
        withdrawals[0] = IIdentityStaking.Withdrawal(BOB, fromBob);
        withdrawals[1] = IIdentityStaking.Withdrawal(CAROL, fromCarol);
    }

    function _expectLocked(uint256 unlockTime) private {
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingLocked.selector, unlockTime));
    }
}
