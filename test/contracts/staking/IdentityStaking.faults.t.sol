// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {IdentityStaking} from "../../../contracts/staking/IdentityStaking.sol";
import {bound, vm} from "../support/Vm.sol";
import {FalseToken, FeeToken, FreeToken, HookToken, Reenterer} from "./HostileTokens.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @notice The faults K1 to K7 of an earlier staking contract, and the tests that keep them out (docs/checklist-passport.md).
contract IdentityStakingFaultsTest is StakingFixture {
    uint256 private constant BURN_TIME = START + APPEAL_WINDOW;

    /// K1: a product in the amount's own width overflows for large stakes.
    function test_Staking_SlashOfTheLargestStakeWorks() public {
        uint256 amount = type(uint104).max;
        IdentityStaking staking = _largeStake(amount);
        for (uint256 percent = 1; percent <= 100; ++percent) {
            uint256 share = (amount * percent + 99) / 100;
            vm.prank(SLASHER);
            staking.slash(_stakeKeys(ALICE, ALICE), percent, bytes32(percent));
            vm.assertEq(staking.selfStakes(ALICE).slashed, share);
            vm.prank(RELEASER);
            staking.release(_releases(ALICE, ALICE, bytes32(percent), share));
            vm.assertEq(staking.selfStakes(ALICE).amount, amount);
        }
    }

    function testFuzz_Staking_SlashIsExactForAnyAmountAndPercent(uint256 amount, uint256 percent) public {
        amount = bound(amount, 1, type(uint104).max);
        percent = bound(percent, 1, 100);
        IdentityStaking staking = _largeStake(amount);
        vm.prank(SLASHER);
        staking.slash(_stakeKeys(ALICE, ALICE), percent, EVIDENCE);
        IIdentityStaking.Stake memory stake = staking.selfStakes(ALICE);
        // At least the percentage, and less than one unit more.
        vm.assertGe(uint256(stake.slashed) * 100, amount * percent);
        vm.assertLe(uint256(stake.slashed) * 100, amount * percent + 99);
        vm.assertEq(uint256(stake.amount) + stake.slashed, amount);
        vm.assertEq(staking.slashOf(ALICE, ALICE, EVIDENCE).amount, stake.slashed);
    }

    /// K2: the same stake twice in one call was slashed twice.
    function test_Staking_DuplicateInOneSlashReverts() public {
        _selfStake(ALICE, 100, MIN_LOCK);
        _communityStake(ALICE, BOB, 100, MIN_LOCK);
        IIdentityStaking.StakeKey[] memory targets = new IIdentityStaking.StakeKey[](3);
        targets[0] = IIdentityStaking.StakeKey(ALICE, ALICE);
        targets[1] = IIdentityStaking.StakeKey(ALICE, BOB);
        targets[2] = targets[0]; // apart, and in any order
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingAlreadySlashed.selector, ALICE, ALICE, EVIDENCE)
        );
        vm.prank(SLASHER);
        _staking.slash(targets, 50, EVIDENCE);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 100, 0);
        _assertStake(ALICE, BOB, START + MIN_LOCK, 100, 0);
    }

    /// K2 across calls: nobody is judged twice for one thing, released or burned as it may be.
    function test_Staking_SameEvidenceSlashesOnce() public {
        _selfStake(ALICE, 100, MIN_LOCK);
        _communityStake(ALICE, BOB, 100, MIN_LOCK);
        _slash(ALICE, ALICE, 50, EVIDENCE);
        _slash(ALICE, BOB, 50, EVIDENCE);
        _expectAlreadySlashed(ALICE);
        _slash(ALICE, ALICE, 50, EVIDENCE);
        _release(ALICE, ALICE, EVIDENCE, 50);
        _expectAlreadySlashed(ALICE);
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME);
        _staking.burn(_slashKeys(ALICE, BOB, EVIDENCE));
        _expectAlreadySlashed(BOB);
        _slash(ALICE, BOB, 50, EVIDENCE);
    }

    /// K3: a later slash of one per cent put off the burning of all that was slashed before.
    function test_Staking_LaterSlashMovesNoBurnTime() public {
        _selfStake(ALICE, 100e18, MIN_LOCK);
        _slash(ALICE, ALICE, 75, EVIDENCE);
        vm.warp(BURN_TIME - 1);
        _slash(ALICE, ALICE, 1, OTHER_EVIDENCE);
        _assertSlash(ALICE, ALICE, EVIDENCE, 75e18, BURN_TIME, IIdentityStaking.SlashState.Pending);
        vm.warp(BURN_TIME);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        vm.assertEq(_token.balanceOf(DEAD), 75e18);
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingNotBurnable.selector, BURN_TIME - 1 + APPEAL_WINDOW)
        );
        _staking.burn(_slashKeys(ALICE, ALICE, OTHER_EVIDENCE));
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 24.75e18, 0.25e18);
    }

    /// K4: burning was promised to everybody and needed a role.
    function test_Staking_AnyoneBurnsAfterTheTime() public {
        _selfStake(ALICE, 100, MIN_LOCK);
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME);
        vm.prank(STRANGER);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        vm.assertEq(_token.balanceOf(DEAD), 50);
    }

    /// K5: one rule for both kinds.
    function test_Staking_WithdrawingNothingRevertsForBothKinds() public {
        _selfStake(ALICE, 100, MIN_LOCK);
        _communityStake(ALICE, BOB, 100, MIN_LOCK);
        vm.warp(START + MIN_LOCK);
        vm.startPrank(ALICE);
        vm.expectRevert(IIdentityStaking.StakingZeroAmount.selector);
        _staking.withdrawSelfStake(0);
        vm.expectRevert(IIdentityStaking.StakingZeroAmount.selector);
        _staking.withdrawCommunityStake(BOB, 0);
        vm.stopPrank();
    }

    function test_Staking_FalseReturningTokenReverts() public {
        FalseToken token = new FalseToken(ALICE, 200);
        IdentityStaking staking = new IdentityStaking(_configuration(token));
        vm.startPrank(ALICE);
        token.approve(address(staking), type(uint256).max);
        staking.selfStake(100, MIN_LOCK);
        token.fail();
        bytes memory failure = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token));
        vm.expectRevert(failure);
        staking.selfStake(100, MIN_LOCK);
        vm.expectRevert(failure);
        staking.communityStake(BOB, 100, MIN_LOCK);
        vm.stopPrank();
        vm.prank(SLASHER);
        staking.slash(_stakeKeys(ALICE, ALICE), 50, EVIDENCE);
        vm.warp(BURN_TIME);
        vm.expectRevert(failure);
        vm.prank(ALICE);
        staking.withdrawSelfStake(50);
        vm.expectRevert(failure);
        staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        vm.assertEq(staking.selfStakes(ALICE).amount, 50);
    }

    function test_Staking_FeeOnTransferTokenIsRefused() public {
        FeeToken token = new FeeToken(ALICE, 1000);
        IdentityStaking staking = new IdentityStaking(_configuration(token));
        vm.startPrank(ALICE);
        token.approve(address(staking), type(uint256).max);
        bytes memory failure = abi.encodeWithSelector(IIdentityStaking.StakingWrongReceipt.selector, 100, 99);
        vm.expectRevert(failure);
        staking.selfStake(100, MIN_LOCK);
        vm.expectRevert(failure);
        staking.communityStake(BOB, 100, MIN_LOCK);
        vm.expectRevert(failure);
        staking.multipleCommunityStakes(_oneStake(100));
        vm.stopPrank();
    }

    /// K5: every call that moves tokens refuses every other one while it does, and has booked all before it does.
    function test_Staking_ReentrantTokenGainsNothing() public {
        HookToken token = new HookToken();
        IdentityStaking staking = new IdentityStaking(_configuration(token));
        Reenterer attacker = new Reenterer(token, staking);
        token.mint(address(attacker), 1000);
        token.mint(ALICE, 1000);
        vm.startPrank(ALICE); // others' tokens, to be stolen
        token.approve(address(staking), 1000);
        staking.selfStake(1000, MIN_LOCK);
        vm.stopPrank();
        attacker.act(abi.encodeCall(staking.selfStake, (500, MIN_LOCK)), "");
        attacker.act(abi.encodeCall(staking.communityStake, (BOB, 200, MIN_LOCK)), "");
        vm.prank(SLASHER);
        staking.slash(_stakeKeys(address(attacker), address(attacker)), 20, EVIDENCE);
        vm.warp(BURN_TIME);

        bytes[] memory calls = _tokenCalls(staking, address(attacker));
        uint256 snapshot = vm.snapshotState();
        for (uint256 i = 0; i < calls.length - 1; ++i) {
            for (uint256 j = 0; j < calls.length; ++j) {
                attacker.act(calls[i], calls[j]);
                vm.assertTrue(!attacker.reentered(), "a second call came through");
                vm.assertEq(
                    attacker.refusal(),
                    abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
                );
                vm.assertTrue(vm.revertToState(snapshot));
                snapshot = vm.snapshotState();
            }
        }
    }

    /// A guard does not stop readers: what the token's hook reads is booked already.
    function test_Staking_EffectsComeBeforeTransfers() public {
        HookToken token = new HookToken();
        IdentityStaking staking = new IdentityStaking(_configuration(token));
        Reenterer attacker = new Reenterer(token, staking);
        token.mint(address(attacker), 1000);
        attacker.act(abi.encodeCall(staking.selfStake, (500, MIN_LOCK)), "");
        vm.assertEq(attacker.seen().amount, 500);
        vm.assertEq(attacker.seen().unlockTime, START + MIN_LOCK);
        vm.warp(START + MIN_LOCK);
        attacker.act(abi.encodeCall(staking.withdrawSelfStake, (100)), "");
        vm.assertEq(attacker.seen().amount, 400);
    }

    /// K6: a mutual pair is one counterparty. Tiers are computed off-chain; the reads give them both directions, told apart,
    /// and a stake on oneself is never one on another.
    function test_Staking_ReadsKeepDirectionsApart() public {
        _selfStake(ALICE, 1, MIN_LOCK);
        _communityStake(ALICE, BOB, 10, MIN_LOCK);
        _communityStake(BOB, ALICE, 20, MAX_LOCK);
        vm.assertEq(_staking.communityStakes(ALICE, BOB).amount, 10);
        vm.assertEq(_staking.communityStakes(BOB, ALICE).amount, 20);
        vm.assertEq(_staking.communityStakes(ALICE, ALICE).amount, 0);
        vm.assertEq(_staking.selfStakes(ALICE).amount, 1);
        vm.assertEq(_staking.selfStakes(BOB).amount, 0);
    }

    /// K7: the slasher decided alone, and left no evidence.
    function test_Staking_SlashCarriesEvidenceAndWaits() public {
        _selfStake(ALICE, 100, MIN_LOCK);
        vm.expectRevert(IIdentityStaking.StakingNoEvidence.selector);
        _slash(ALICE, ALICE, 100, 0);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.StakeSlashed(ALICE, ALICE, EVIDENCE, 100, 0, BURN_TIME);
        _slash(ALICE, ALICE, 100, EVIDENCE);
        vm.warp(BURN_TIME - 1);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNotBurnable.selector, BURN_TIME));
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        _release(ALICE, ALICE, EVIDENCE, 100);
        vm.assertEq(_staking.selfStakes(ALICE).amount, 100);
    }

    function test_Staking_AppealExtendsOnce() public {
        _selfStake(ALICE, 100, MIN_LOCK);
        _slash(ALICE, ALICE, 100, EVIDENCE);
        vm.warp(BURN_TIME - 1);
        _appeal(ALICE, ALICE, EVIDENCE);
        uint256 burnTime = BURN_TIME - 1 + 30 days;
        vm.warp(burnTime - 1);
        _expectNotOpen(ALICE, ALICE, EVIDENCE, IIdentityStaking.SlashState.Appealed);
        _appeal(ALICE, ALICE, EVIDENCE);
        vm.warp(burnTime);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
    }

    function test_Staking_SlasherCannotRelease() public {
        bytes32 slasher = _staking.SLASHER_ROLE();
        bytes32 releaser = _staking.RELEASER_ROLE();
        vm.startPrank(TIMELOCK);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingSlasherCannotRelease.selector, SLASHER));
        _staking.grantRole(releaser, SLASHER);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingSlasherCannotRelease.selector, RELEASER));
        _staking.grantRole(slasher, RELEASER);
        vm.stopPrank();
        _selfStake(ALICE, 100, MIN_LOCK);
        _slash(ALICE, ALICE, 100, EVIDENCE);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, SLASHER, releaser)
        );
        vm.prank(SLASHER);
        _staking.release(_releases(ALICE, ALICE, EVIDENCE, 1));
    }

    function _largeStake(uint256 amount) private returns (IdentityStaking staking) {
        FreeToken token = new FreeToken();
        token.mint(ALICE, amount);
        staking = new IdentityStaking(_configuration(IERC20(address(token))));
        vm.startPrank(ALICE);
        token.approve(address(staking), amount);
        staking.selfStake(amount, MIN_LOCK);
        vm.stopPrank();
    }

    /// Every function that moves tokens; the last one does not call the attacker.
    function _tokenCalls(IdentityStaking staking, address attacker) private pure returns (bytes[] memory calls) {
        IIdentityStaking.Withdrawal[] memory withdrawals = new IIdentityStaking.Withdrawal[](1);
        withdrawals[0] = IIdentityStaking.Withdrawal(BOB, 50);
        calls = new bytes[](7);
        calls[0] = abi.encodeCall(staking.selfStake, (50, MIN_LOCK));
        calls[1] = abi.encodeCall(staking.communityStake, (BOB, 50, MIN_LOCK));
        calls[2] = abi.encodeCall(staking.multipleCommunityStakes, (_oneStake(50)));
        calls[3] = abi.encodeCall(staking.withdrawSelfStake, (50));
        calls[4] = abi.encodeCall(staking.withdrawCommunityStake, (BOB, 50));
        calls[5] = abi.encodeCall(staking.withdrawMultipleCommunityStakes, (withdrawals));
        calls[6] = abi.encodeCall(staking.burn, (_slashKeys(attacker, attacker, EVIDENCE)));
    }

    function _oneStake(uint256 amount) private pure returns (IIdentityStaking.CommunityStake[] memory stakes) {
        stakes = new IIdentityStaking.CommunityStake[](1);
        stakes[0] = IIdentityStaking.CommunityStake(BOB, amount, MIN_LOCK);
    }

    function _expectAlreadySlashed(address stakee) private {
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingAlreadySlashed.selector, ALICE, stakee, EVIDENCE)
        );
    }
}
