// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {vm} from "../support/Vm.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @notice Slash, appeal, release, burn; leaves of IdentityStaking.tree.
contract IdentityStakingSlashTest is StakingFixture {
    uint256 private constant BURN_TIME = START + APPEAL_WINDOW;

    function setUp() public override {
        super.setUp();
        _selfStake(ALICE, 10e18, MIN_LOCK);
        _communityStake(ALICE, BOB, 6e18, MIN_LOCK);
        _communityStake(CAROL, ALICE, 4e18, MAX_LOCK);
    }

    function test_Slash_TakesTheShareAtOnce() public {
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.StakeSlashed(ALICE, ALICE, EVIDENCE, 2.5e18, 7.5e18, BURN_TIME);
        _slash(ALICE, ALICE, 25, EVIDENCE);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 7.5e18, 2.5e18);
        _assertSlash(ALICE, ALICE, EVIDENCE, 2.5e18, BURN_TIME, IIdentityStaking.SlashState.Pending);
        vm.assertEq(_token.balanceOf(address(_staking)), 20e18);
    }

    function test_Slash_TakesFromSeveralStakesForOneEvidence() public {
        vm.prank(SLASHER);
        _staking.slash(_twoTargets(), 50, EVIDENCE);
        _assertStake(ALICE, BOB, START + MIN_LOCK, 3e18, 3e18);
        _assertStake(CAROL, ALICE, START + MAX_LOCK, 2e18, 2e18);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 10e18, 0);
    }

    function test_Slash_ReachesUnlockedStakes() public {
        vm.warp(START + MAX_LOCK);
        _slash(ALICE, ALICE, 100, EVIDENCE);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 0, 10e18);
    }

    function test_Slash_OfOtherEvidenceTakesFromTheRest() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        _slash(ALICE, ALICE, 50, OTHER_EVIDENCE);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 2.5e18, 7.5e18);
    }

    function test_Slash_RevertWhen_CallerIsNotSlasher() public {
        address[4] memory callers = [ALICE, TIMELOCK, RELEASER, PAUSER];
        for (uint256 i = 0; i < callers.length; ++i) {
            _expectUnauthorized(callers[i], _staking.SLASHER_ROLE());
            vm.prank(callers[i]);
            _staking.slash(_twoTargets(), 50, EVIDENCE);
        }
    }

    function test_Slash_RevertWhen_PercentIsOutOfRange() public {
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidPercent.selector, 0));
        _slash(ALICE, ALICE, 0, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidPercent.selector, 101));
        _slash(ALICE, ALICE, 101, EVIDENCE);
    }

    function test_Slash_RevertWhen_EvidenceIsMissing() public {
        vm.expectRevert(IIdentityStaking.StakingNoEvidence.selector);
        _slash(ALICE, ALICE, 50, 0);
    }

    function test_Slash_RevertWhen_Empty() public {
        vm.expectRevert(IIdentityStaking.StakingEmptyBatch.selector);
        vm.prank(SLASHER);
        _staking.slash(new IIdentityStaking.StakeKey[](0), 50, EVIDENCE);
    }

    function test_Slash_RevertGiven_NothingStaked() public {
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNothingStaked.selector, BOB, ALICE));
        _slash(BOB, ALICE, 50, EVIDENCE);
        _slash(ALICE, ALICE, 100, EVIDENCE);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNothingStaked.selector, ALICE, ALICE));
        _slash(ALICE, ALICE, 50, OTHER_EVIDENCE);
    }

    function test_Slash_RevertGiven_Paused() public {
        vm.prank(PAUSER);
        _staking.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _slash(ALICE, ALICE, 50, EVIDENCE);
    }

    function test_Slash_LeavesTheLockOfANewerTopUp() public {
        _slash(ALICE, ALICE, 100, EVIDENCE);
        _selfStake(ALICE, 1e18, MAX_LOCK);
        _assertStake(ALICE, ALICE, START + MAX_LOCK, 1e18, 10e18);
    }

    function test_Appeal_EarlyKeepsTheBurnTime() public {
        _slash(ALICE, BOB, 50, EVIDENCE);
        vm.warp(BURN_TIME - 30 days - 1);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.SlashAppealed(ALICE, BOB, EVIDENCE, STATEMENT, BURN_TIME);
        _appeal(ALICE, BOB, EVIDENCE);
        _assertSlash(ALICE, BOB, EVIDENCE, 3e18, BURN_TIME, IIdentityStaking.SlashState.Appealed);
    }

    function test_Appeal_LateLeavesTimeToDecide() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME - 1);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.SlashAppealed(ALICE, ALICE, EVIDENCE, STATEMENT, BURN_TIME - 1 + 30 days);
        _appeal(ALICE, ALICE, EVIDENCE);
        _assertSlash(ALICE, ALICE, EVIDENCE, 5e18, BURN_TIME - 1 + 30 days, IIdentityStaking.SlashState.Appealed);
    }

    function test_Appeal_RevertWhen_TooLate() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingAppealTooLate.selector, BURN_TIME));
        _appeal(ALICE, ALICE, EVIDENCE);
    }

    function test_Appeal_RevertWhen_CallerIsNotTheStaker() public {
        _slash(ALICE, BOB, 50, EVIDENCE);
        _expectNotOpen(BOB, BOB, EVIDENCE, IIdentityStaking.SlashState.None);
        _appeal(BOB, BOB, EVIDENCE);
    }

    function test_Appeal_RevertGiven_AppealedOrClosed() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        _appeal(ALICE, ALICE, EVIDENCE);
        _expectNotOpen(ALICE, ALICE, EVIDENCE, IIdentityStaking.SlashState.Appealed);
        _appeal(ALICE, ALICE, EVIDENCE);
        _release(ALICE, ALICE, EVIDENCE, 5e18);
        _expectNotOpen(ALICE, ALICE, EVIDENCE, IIdentityStaking.SlashState.Released);
        _appeal(ALICE, ALICE, EVIDENCE);
    }

    function test_Appeal_WorksGiven_Paused() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.prank(PAUSER);
        _staking.pause();
        _appeal(ALICE, ALICE, EVIDENCE);
    }

    function test_Release_GivesAllBack() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.SlashReleased(ALICE, ALICE, EVIDENCE, 5e18, 10e18, 0);
        _release(ALICE, ALICE, EVIDENCE, 5e18);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 10e18, 0);
        _assertSlash(ALICE, ALICE, EVIDENCE, 0, BURN_TIME, IIdentityStaking.SlashState.Released);
    }

    function test_Release_GivesAPartBack() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        _appeal(ALICE, ALICE, EVIDENCE);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.SlashReleased(ALICE, ALICE, EVIDENCE, 2e18, 7e18, 3e18);
        _release(ALICE, ALICE, EVIDENCE, 2e18);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 7e18, 3e18);
        _assertSlash(ALICE, ALICE, EVIDENCE, 3e18, BURN_TIME, IIdentityStaking.SlashState.Appealed);
        vm.warp(BURN_TIME);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        vm.assertEq(_token.balanceOf(DEAD), 3e18);
    }

    function test_Release_OfSeveralSlashes() public {
        vm.prank(SLASHER);
        _staking.slash(_twoTargets(), 100, EVIDENCE);
        IIdentityStaking.Release[] memory releases = new IIdentityStaking.Release[](2);
        releases[0] = _releases(ALICE, BOB, EVIDENCE, 6e18)[0];
        releases[1] = _releases(CAROL, ALICE, EVIDENCE, 1e18)[0];
        vm.prank(RELEASER);
        _staking.release(releases);
        _assertStake(ALICE, BOB, START + MIN_LOCK, 6e18, 0);
        _assertStake(CAROL, ALICE, START + MAX_LOCK, 1e18, 3e18);
    }

    function test_Release_WorksUntilSomebodyBurns() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME + 365 days);
        _release(ALICE, ALICE, EVIDENCE, 5e18);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(10e18);
        _assertStake(ALICE, ALICE, 0, 0, 0);
    }

    function test_Release_GoesToAStakeThatWasEmptied() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(START + MIN_LOCK);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(5e18);
        _release(ALICE, ALICE, EVIDENCE, 5e18);
        vm.prank(ALICE);
        _staking.withdrawSelfStake(5e18);
        vm.assertEq(_token.balanceOf(ALICE), SUPPLY_EACH - 6e18);
    }

    function test_Release_RevertWhen_CallerIsNotReleaser() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        address[4] memory callers = [ALICE, TIMELOCK, SLASHER, PAUSER];
        for (uint256 i = 0; i < callers.length; ++i) {
            _expectUnauthorized(callers[i], _staking.RELEASER_ROLE());
            vm.prank(callers[i]);
            _staking.release(_releases(ALICE, ALICE, EVIDENCE, 1));
        }
    }

    function test_Release_RevertWhen_AmountIsZeroOrTooHigh() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        _slash(ALICE, ALICE, 50, OTHER_EVIDENCE);
        vm.expectRevert(IIdentityStaking.StakingZeroAmount.selector);
        _release(ALICE, ALICE, EVIDENCE, 0);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInsufficientSlash.selector, 5e18 + 1, 5e18));
        _release(ALICE, ALICE, EVIDENCE, 5e18 + 1);
    }

    function test_Release_RevertWhen_Empty() public {
        vm.expectRevert(IIdentityStaking.StakingEmptyBatch.selector);
        vm.prank(RELEASER);
        _staking.release(new IIdentityStaking.Release[](0));
    }

    function test_Release_RevertGiven_NotOpen() public {
        _expectNotOpen(ALICE, ALICE, EVIDENCE, IIdentityStaking.SlashState.None);
        _release(ALICE, ALICE, EVIDENCE, 1);
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        _expectNotOpen(ALICE, ALICE, EVIDENCE, IIdentityStaking.SlashState.Burned);
        _release(ALICE, ALICE, EVIDENCE, 1);
    }

    function test_Release_WorksGiven_Paused() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.prank(PAUSER);
        _staking.pause();
        _release(ALICE, ALICE, EVIDENCE, 5e18);
    }

    function test_Burn_SendsTheTokensAway() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.SlashBurned(ALICE, ALICE, EVIDENCE, 5e18);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 5e18, 0);
        _assertSlash(ALICE, ALICE, EVIDENCE, 5e18, BURN_TIME, IIdentityStaking.SlashState.Burned);
        vm.assertEq(_token.balanceOf(DEAD), 5e18);
        vm.assertEq(_token.balanceOf(address(_staking)), 15e18);
    }

    function test_Burn_OfSeveralSlashesSendsTheSumOnce() public {
        vm.prank(SLASHER);
        _staking.slash(_twoTargets(), 50, EVIDENCE);
        IIdentityStaking.SlashKey[] memory keys = new IIdentityStaking.SlashKey[](2);
        keys[0] = IIdentityStaking.SlashKey(ALICE, BOB, EVIDENCE);
        keys[1] = IIdentityStaking.SlashKey(CAROL, ALICE, EVIDENCE);
        vm.warp(BURN_TIME);
        vm.expectCall(address(_token), abi.encodeCall(_token.transfer, (DEAD, 5e18)));
        _staking.burn(keys);
        vm.assertEq(_token.balanceOf(DEAD), 5e18);
    }

    /// What is gone has no lock: the next stake starts afresh.
    function test_Burn_OfAllClearsTheStake() public {
        _slash(CAROL, ALICE, 100, EVIDENCE);
        vm.warp(BURN_TIME);
        _staking.burn(_slashKeys(CAROL, ALICE, EVIDENCE));
        _assertStake(CAROL, ALICE, 0, 0, 0);
        _communityStake(CAROL, ALICE, 1, MIN_LOCK);
        _assertStake(CAROL, ALICE, BURN_TIME + MIN_LOCK, 1, 0);
    }

    function test_Burn_RevertWhen_Early() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME - 1);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNotBurnable.selector, BURN_TIME));
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        _appeal(ALICE, ALICE, EVIDENCE);
        vm.warp(BURN_TIME - 2 + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNotBurnable.selector, BURN_TIME - 1 + 30 days));
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
        vm.warp(BURN_TIME - 1 + 30 days);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
    }

    function test_Burn_RevertWhen_ASlashIsNamedTwice() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.warp(BURN_TIME);
        IIdentityStaking.SlashKey[] memory keys = new IIdentityStaking.SlashKey[](2);
        keys[0] = IIdentityStaking.SlashKey(ALICE, ALICE, EVIDENCE);
        keys[1] = keys[0];
        _expectNotOpen(ALICE, ALICE, EVIDENCE, IIdentityStaking.SlashState.Burned);
        _staking.burn(keys);
    }

    function test_Burn_RevertWhen_Empty() public {
        vm.expectRevert(IIdentityStaking.StakingEmptyBatch.selector);
        _staking.burn(new IIdentityStaking.SlashKey[](0));
    }

    function test_Burn_RevertGiven_Released() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        _release(ALICE, ALICE, EVIDENCE, 5e18);
        vm.warp(BURN_TIME);
        _expectNotOpen(ALICE, ALICE, EVIDENCE, IIdentityStaking.SlashState.Released);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
    }

    function test_Burn_WorksGiven_Paused() public {
        _slash(ALICE, ALICE, 50, EVIDENCE);
        vm.prank(PAUSER);
        _staking.pause();
        vm.warp(BURN_TIME);
        _staking.burn(_slashKeys(ALICE, ALICE, EVIDENCE));
    }

    function _twoTargets() private pure returns (IIdentityStaking.StakeKey[] memory targets) {
        targets = new IIdentityStaking.StakeKey[](2);
        targets[0] = IIdentityStaking.StakeKey(ALICE, BOB);
        targets[1] = IIdentityStaking.StakeKey(CAROL, ALICE);
    }

    function _expectUnauthorized(address account, bytes32 role) private {
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, account, role)
        );
    }
}
