// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {bound, vm} from "../support/Vm.sol";
import {StakingFixture} from "./StakingFixture.sol";

/// @notice Putting tokens in and keeping them longer; leaves of IdentityStaking.tree.
contract IdentityStakingStakeTest is StakingFixture {
    function test_SelfStake_LocksTheAmount() public {
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.Staked(ALICE, ALICE, 5e18, 5e18, START + MIN_LOCK);
        _selfStake(ALICE, 5e18, MIN_LOCK);
        IIdentityStaking.Stake memory stake = _staking.selfStakes(ALICE);
        vm.assertEq(stake.amount, 5e18);
        vm.assertEq(stake.unlockTime, START + MIN_LOCK);
        vm.assertEq(stake.slashed, 0);
        vm.assertEq(_token.balanceOf(address(_staking)), 5e18);
        vm.assertEq(_token.balanceOf(ALICE), SUPPLY_EACH - 5e18);
    }

    function test_SelfStake_TopUpLocksAllAnew() public {
        _selfStake(ALICE, 5e18, MIN_LOCK);
        vm.warp(START + 4 weeks);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.Staked(ALICE, ALICE, 2e18, 7e18, START + 4 weeks + MIN_LOCK);
        _selfStake(ALICE, 2e18, MIN_LOCK);
        _assertStake(ALICE, ALICE, START + 4 weeks + MIN_LOCK, 7e18, 0);
    }

    function test_SelfStake_TopUpMayKeepTheSameEnd() public {
        _selfStake(ALICE, 5e18, MIN_LOCK + 1 weeks);
        vm.warp(START + 1 weeks);
        _selfStake(ALICE, 1, MIN_LOCK);
        _assertStake(ALICE, ALICE, START + 1 weeks + MIN_LOCK, 5e18 + 1, 0);
    }

    function test_SelfStake_RevertWhen_LockWouldShorten() public {
        _selfStake(ALICE, 5e18, MIN_LOCK + 1 weeks);
        vm.warp(START + 1 weeks - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IIdentityStaking.StakingLockWouldShorten.selector,
                START + 1 weeks - 1 + MIN_LOCK,
                START + 1 weeks + MIN_LOCK
            )
        );
        _selfStake(ALICE, 1, MIN_LOCK);
    }

    function test_SelfStake_RevertWhen_AmountIsZero() public {
        vm.expectRevert(IIdentityStaking.StakingZeroAmount.selector);
        _selfStake(ALICE, 0, MIN_LOCK);
    }

    function test_SelfStake_AcceptsBothEndsOfTheRange() public {
        _selfStake(ALICE, 1, MIN_LOCK);
        _selfStake(BOB, 1, MAX_LOCK);
        _assertStake(ALICE, ALICE, START + MIN_LOCK, 1, 0);
        _assertStake(BOB, BOB, START + MAX_LOCK, 1, 0);
    }

    function testFuzz_SelfStake_RevertWhen_DurationIsOutOfRange(uint256 duration) public {
        duration =
            duration % 2 == 0 ? bound(duration, 0, MIN_LOCK - 1) : bound(duration, MAX_LOCK + 1, type(uint256).max);
        _expectInvalidDuration(duration);
        _selfStake(ALICE, 1, duration);
    }

    function test_SelfStake_RevertWhen_DurationIsJustOutside() public {
        _expectInvalidDuration(MIN_LOCK - 1);
        _selfStake(ALICE, 1, MIN_LOCK - 1);
        _expectInvalidDuration(MAX_LOCK + 1);
        _selfStake(ALICE, 1, MAX_LOCK + 1);
    }

    function test_SelfStake_RevertWhen_AllowanceIsMissing() public {
        vm.prank(ALICE);
        _token.approve(address(_staking), 1);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(_staking), 1, 2)
        );
        _selfStake(ALICE, 2, MIN_LOCK);
    }

    function test_SelfStake_RevertWhen_AmountDoesNotFit() public {
        uint256 maximum = type(uint104).max;
        _selfStake(ALICE, 3, MIN_LOCK);
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingCapacityExceeded.selector, maximum - 2, maximum - 3)
        );
        _selfStake(ALICE, maximum - 2, MIN_LOCK);
        // The stake's own slot would hold it; all stakes together would not.
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingCapacityExceeded.selector, maximum + 1, maximum)
        );
        _selfStake(BOB, maximum - 2, MIN_LOCK);
    }

    function test_SelfStake_RevertGiven_Paused() public {
        vm.prank(PAUSER);
        _staking.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _selfStake(ALICE, 1, MIN_LOCK);
    }

    function test_CommunityStake_LocksTheAmountForThePair() public {
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.Staked(ALICE, BOB, 5e18, 5e18, START + MAX_LOCK);
        _communityStake(ALICE, BOB, 5e18, MAX_LOCK);
        vm.assertEq(_staking.communityStakes(ALICE, BOB).amount, 5e18);
        vm.assertEq(_staking.communityStakes(BOB, ALICE).amount, 0);
        vm.assertEq(_staking.selfStakes(ALICE).amount, 0);
        vm.assertEq(_token.balanceOf(address(_staking)), 5e18);
    }

    function test_CommunityStake_RevertWhen_StakeeIsZeroOrTheStaker() public {
        _expectInvalidStakee(address(0));
        _communityStake(ALICE, address(0), 1, MIN_LOCK);
        _expectInvalidStakee(ALICE);
        _communityStake(ALICE, ALICE, 1, MIN_LOCK);
    }

    function test_CommunityStake_RevertGiven_Paused() public {
        vm.prank(PAUSER);
        _staking.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _communityStake(ALICE, BOB, 1, MIN_LOCK);
    }

    function test_MultipleCommunityStakes_TakesTheSumOnce() public {
        IIdentityStaking.CommunityStake[] memory stakes = _twoStakes();
        vm.expectCall(
            address(_token),
            abi.encodeCall(_token.transferFrom, (ALICE, address(_staking), stakes[0].amount + stakes[1].amount))
        );
        vm.prank(ALICE);
        _staking.multipleCommunityStakes(stakes);
        _assertStake(ALICE, BOB, START + MIN_LOCK, 3e18, 0);
        _assertStake(ALICE, CAROL, START + MAX_LOCK, 4e18, 0);
        vm.assertEq(_token.balanceOf(address(_staking)), 7e18);
    }

    /// The same stakee twice is a stake and a top-up.
    function test_MultipleCommunityStakes_AddsForARepeatedStakee() public {
        IIdentityStaking.CommunityStake[] memory stakes = _twoStakes();
        stakes[1].stakee = BOB;
        vm.prank(ALICE);
        _staking.multipleCommunityStakes(stakes);
        _assertStake(ALICE, BOB, START + MAX_LOCK, 7e18, 0);
        vm.assertEq(_token.balanceOf(address(_staking)), 7e18);
    }

    function test_MultipleCommunityStakes_RevertWhen_OneIsInvalid() public {
        IIdentityStaking.CommunityStake[] memory stakes = _twoStakes();
        stakes[1].stakee = ALICE;
        _expectInvalidStakee(ALICE);
        vm.prank(ALICE);
        _staking.multipleCommunityStakes(stakes);
        _assertStake(ALICE, BOB, 0, 0, 0);
    }

    function test_MultipleCommunityStakes_RevertWhen_Empty() public {
        vm.expectRevert(IIdentityStaking.StakingEmptyBatch.selector);
        _staking.multipleCommunityStakes(new IIdentityStaking.CommunityStake[](0));
    }

    function test_MultipleCommunityStakes_RevertGiven_Paused() public {
        vm.prank(PAUSER);
        _staking.pause();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        vm.prank(ALICE);
        _staking.multipleCommunityStakes(_twoStakes());
    }

    function test_Extend_MovesTheEnd() public {
        _selfStake(ALICE, 5e18, MIN_LOCK);
        _communityStake(ALICE, BOB, 5e18, MIN_LOCK);
        vm.warp(START + 1 days);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.StakeExtended(ALICE, ALICE, START + 1 days + MIN_LOCK);
        vm.prank(ALICE);
        _staking.extendSelfStake(MIN_LOCK);
        vm.expectEmit(true, true, true, true, address(_staking));
        emit IIdentityStaking.StakeExtended(ALICE, BOB, START + 1 days + MAX_LOCK);
        vm.prank(ALICE);
        _staking.extendCommunityStake(BOB, MAX_LOCK);
        _assertStake(ALICE, ALICE, START + 1 days + MIN_LOCK, 5e18, 0);
        _assertStake(ALICE, BOB, START + 1 days + MAX_LOCK, 5e18, 0);
    }

    function test_Extend_LocksAnUnlockedStakeAnew() public {
        _selfStake(ALICE, 5e18, MIN_LOCK);
        vm.warp(START + MAX_LOCK);
        vm.prank(ALICE);
        _staking.extendSelfStake(MIN_LOCK);
        _assertStake(ALICE, ALICE, START + MAX_LOCK + MIN_LOCK, 5e18, 0);
    }

    function test_Extend_RevertWhen_LockWouldShorten() public {
        _selfStake(ALICE, 5e18, MAX_LOCK);
        vm.expectRevert(
            abi.encodeWithSelector(
                IIdentityStaking.StakingLockWouldShorten.selector,
                START + MAX_LOCK - 1,
                START + MAX_LOCK
            )
        );
        vm.prank(ALICE);
        _staking.extendSelfStake(MAX_LOCK - 1);
    }

    function test_Extend_RevertWhen_DurationIsOutOfRange() public {
        _communityStake(ALICE, BOB, 1, MIN_LOCK);
        _expectInvalidDuration(MAX_LOCK + 1);
        vm.prank(ALICE);
        _staking.extendCommunityStake(BOB, MAX_LOCK + 1);
    }

    function test_Extend_RevertGiven_NothingStaked() public {
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNothingStaked.selector, ALICE, ALICE));
        vm.prank(ALICE);
        _staking.extendSelfStake(MIN_LOCK);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNothingStaked.selector, ALICE, BOB));
        vm.prank(ALICE);
        _staking.extendCommunityStake(BOB, MIN_LOCK);
    }

    function test_Extend_RevertWhen_StakeeIsTheStaker() public {
        _selfStake(ALICE, 1, MIN_LOCK);
        _expectInvalidStakee(ALICE);
        vm.prank(ALICE);
        _staking.extendCommunityStake(ALICE, MIN_LOCK);
    }

    function test_ExtendMultiple_MovesEveryEnd() public {
        _communityStake(ALICE, BOB, 1, MIN_LOCK);
        _communityStake(ALICE, CAROL, 2, MIN_LOCK);
        vm.prank(ALICE);
        _staking.extendMultipleCommunityStakes(_twoExtensions());
        _assertStake(ALICE, BOB, START + MIN_LOCK + 1, 1, 0);
        _assertStake(ALICE, CAROL, START + MAX_LOCK, 2, 0);
    }

    function test_ExtendMultiple_RevertWhen_OneIsInvalid() public {
        _communityStake(ALICE, BOB, 1, MIN_LOCK);
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingNothingStaked.selector, ALICE, CAROL));
        vm.prank(ALICE);
        _staking.extendMultipleCommunityStakes(_twoExtensions());
        IIdentityStaking.Extension[] memory extensions = _twoExtensions();
        extensions[1].stakee = ALICE;
        _expectInvalidStakee(ALICE);
        vm.prank(ALICE);
        _staking.extendMultipleCommunityStakes(extensions);
        _assertStake(ALICE, BOB, START + MIN_LOCK, 1, 0);
    }

    function test_ExtendMultiple_RevertWhen_Empty() public {
        vm.expectRevert(IIdentityStaking.StakingEmptyBatch.selector);
        _staking.extendMultipleCommunityStakes(new IIdentityStaking.Extension[](0));
    }

    function test_Extend_RevertGiven_Paused() public {
        _selfStake(ALICE, 1, MIN_LOCK);
        _communityStake(ALICE, BOB, 1, MIN_LOCK);
        _communityStake(ALICE, CAROL, 1, MIN_LOCK);
        vm.prank(PAUSER);
        _staking.pause();
        vm.startPrank(ALICE);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _staking.extendSelfStake(MAX_LOCK);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _staking.extendCommunityStake(BOB, MAX_LOCK);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _staking.extendMultipleCommunityStakes(_twoExtensions());
        vm.stopPrank();
    }

    function test_TryPermit_StakesInOneCall() public {
        (uint256 key, address owner) = _permitOwner();
        bytes[] memory calls = new bytes[](2);
        calls[0] = _permitCall(key, owner, 5e18);
        calls[1] = abi.encodeCall(_staking.selfStake, (5e18, MIN_LOCK));
        vm.prank(owner);
        _staking.multicall(calls);
        _assertStake(owner, owner, START + MIN_LOCK, 5e18, 0);
    }

    /// Somebody saw the signature and spent it first: the allowance is there all the same.
    function test_TryPermit_DoesNotMindASpentSignature() public {
        (uint256 key, address owner) = _permitOwner();
        bytes[] memory calls = new bytes[](2);
        calls[0] = _permitCall(key, owner, 5e18);
        calls[1] = abi.encodeCall(_staking.selfStake, (5e18, MIN_LOCK));
        vm.prank(owner);
        (bool success, ) = address(_staking).call(calls[0]);
        vm.assertTrue(success);
        vm.prank(owner);
        _staking.multicall(calls);
        _assertStake(owner, owner, START + MIN_LOCK, 5e18, 0);
    }

    function test_TryPermit_GivesNothingWhen_SignatureIsAnothers() public {
        (uint256 key, address owner) = _permitOwner();
        bytes memory permit = _permitCall(key, owner, 5e18);
        vm.prank(BOB);
        (bool success, ) = address(_staking).call(permit);
        vm.assertTrue(success);
        vm.assertEq(_token.allowance(owner, address(_staking)), 0);
    }

    function _permitOwner() private returns (uint256 key, address owner) {
        key = 0xA1;
        owner = vm.addr(key);
        vm.prank(ALICE);
        _token.transfer(owner, 5e18);
    }

    function _permitCall(uint256 key, address owner, uint256 value) private view returns (bytes memory) {
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                owner,
                address(_staking),
                value,
                _token.nonces(owner),
                START + 1
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            key,
            keccak256(abi.encodePacked("\x19\x01", _token.DOMAIN_SEPARATOR(), message))
        );
        return abi.encodeCall(_staking.tryPermit, (value, START + 1, v, r, s));
    }

    function _twoStakes() private pure returns (IIdentityStaking.CommunityStake[] memory stakes) {
        stakes = new IIdentityStaking.CommunityStake[](2);
        stakes[0] = IIdentityStaking.CommunityStake(BOB, 3e18, MIN_LOCK);
        stakes[1] = IIdentityStaking.CommunityStake(CAROL, 4e18, MAX_LOCK);
    }

    function _twoExtensions() private pure returns (IIdentityStaking.Extension[] memory extensions) {
        extensions = new IIdentityStaking.Extension[](2);
        extensions[0] = IIdentityStaking.Extension(BOB, MIN_LOCK + 1);
        extensions[1] = IIdentityStaking.Extension(CAROL, MAX_LOCK);
    }

    function _expectInvalidDuration(uint256 duration) private {
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingInvalidDuration.selector, duration, MIN_LOCK, MAX_LOCK)
        );
    }

    function _expectInvalidStakee(address stakee) private {
        vm.expectRevert(abi.encodeWithSelector(IIdentityStaking.StakingInvalidStakee.selector, stakee));
    }
}
