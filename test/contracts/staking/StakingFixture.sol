// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {GovernanceToken} from "../../../contracts/token/GovernanceToken.sol";
import {IGovernanceToken} from "../../../contracts/token/IGovernanceToken.sol";
import {IIdentityStaking} from "../../../contracts/staking/IIdentityStaking.sol";
import {IdentityStaking} from "../../../contracts/staking/IdentityStaking.sol";
import {vm} from "../support/Vm.sol";

/// @notice A staking contract over the governance token; three stakers hold tokens and have approved it without limit.
abstract contract StakingFixture {
    address internal constant TIMELOCK = address(0x71);
    address internal constant SLASHER = address(0x51);
    address internal constant RELEASER = address(0x52);
    address internal constant PAUSER = address(0x53);
    address internal constant DEAD = 0x000000000000000000000000000000000000dEaD;
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);
    address internal constant CAROL = address(0xCA401);
    address internal constant STRANGER = address(0x5737);

    uint256 internal constant SUPPLY_EACH = 20_000_000_000e18;
    uint256 internal constant MIN_LOCK = 12 weeks;
    uint256 internal constant MAX_LOCK = 104 weeks;
    uint256 internal constant APPEAL_WINDOW = 90 days;
    uint256 internal constant START = 1_800_000_000;
    bytes32 internal constant EVIDENCE = keccak256("two credentials with one nullifier");
    bytes32 internal constant OTHER_EVIDENCE = keccak256("another case");
    bytes32 internal constant STATEMENT = keccak256("it was my sister");

    GovernanceToken internal _token;
    IdentityStaking internal _staking;

    function setUp() public virtual {
        vm.warp(START);
        IGovernanceToken.Allocation[] memory allocations = new IGovernanceToken.Allocation[](3);
        allocations[0] = IGovernanceToken.Allocation(ALICE, uint96(SUPPLY_EACH));
        allocations[1] = IGovernanceToken.Allocation(BOB, uint96(SUPPLY_EACH));
        allocations[2] = IGovernanceToken.Allocation(CAROL, uint96(SUPPLY_EACH));
        _token = new GovernanceToken("Touchstone", "TCH", TIMELOCK, START, address(0xD1), allocations);
        _staking = new IdentityStaking(_configuration(IERC20(address(_token))));
        _approve(ALICE);
        _approve(BOB);
        _approve(CAROL);
    }

    function _configuration(IERC20 token) internal pure returns (IIdentityStaking.Configuration memory) {
        return
            IIdentityStaking.Configuration({
                token: token,
                admin: TIMELOCK,
                slasher: SLASHER,
                releaser: RELEASER,
                pauser: PAUSER,
                burnRecipient: DEAD,
                appealWindow: APPEAL_WINDOW
            });
    }

    function _approve(address account) internal {
        vm.prank(account);
        _token.approve(address(_staking), type(uint256).max);
    }

    function _selfStake(address staker, uint256 amount, uint256 duration) internal {
        vm.prank(staker);
        _staking.selfStake(amount, duration);
    }

    function _communityStake(address staker, address stakee, uint256 amount, uint256 duration) internal {
        vm.prank(staker);
        _staking.communityStake(stakee, amount, duration);
    }

    function _slash(address staker, address stakee, uint256 percent, bytes32 evidence) internal {
        vm.prank(SLASHER);
        _staking.slash(_stakeKeys(staker, stakee), percent, evidence);
    }

    function _release(address staker, address stakee, bytes32 evidence, uint256 amount) internal {
        vm.prank(RELEASER);
        _staking.release(_releases(staker, stakee, evidence, amount));
    }

    function _appeal(address staker, address stakee, bytes32 evidence) internal {
        vm.prank(staker);
        _staking.appeal(stakee, evidence, STATEMENT);
    }

    function _stakeKeys(
        address staker,
        address stakee
    ) internal pure returns (IIdentityStaking.StakeKey[] memory keys) {
        keys = new IIdentityStaking.StakeKey[](1);
        keys[0] = IIdentityStaking.StakeKey(staker, stakee);
    }

    function _slashKeys(
        address staker,
        address stakee,
        bytes32 evidence
    ) internal pure returns (IIdentityStaking.SlashKey[] memory keys) {
        keys = new IIdentityStaking.SlashKey[](1);
        keys[0] = IIdentityStaking.SlashKey(staker, stakee, evidence);
    }

    function _releases(
        address staker,
        address stakee,
        bytes32 evidence,
        uint256 amount
    ) internal pure returns (IIdentityStaking.Release[] memory releases) {
        releases = new IIdentityStaking.Release[](1);
        releases[0] = IIdentityStaking.Release(IIdentityStaking.SlashKey(staker, stakee, evidence), amount);
    }

    function _assertStake(
        address staker,
        address stakee,
        uint256 unlockTime,
        uint256 amount,
        uint256 slashed
    ) internal view {
        IIdentityStaking.Stake memory stake = _staking.stakesOf(_stakeKeys(staker, stakee))[0];
        vm.assertEq(stake.unlockTime, unlockTime, "unlock time");
        vm.assertEq(stake.amount, amount, "amount");
        vm.assertEq(stake.slashed, slashed, "slashed");
    }

    function _assertSlash(
        address staker,
        address stakee,
        bytes32 evidence,
        uint256 amount,
        uint256 burnTime,
        IIdentityStaking.SlashState state
    ) internal view {
        IIdentityStaking.Slash memory record = _staking.slashOf(staker, stakee, evidence);
        vm.assertEq(record.amount, amount, "slashed amount");
        vm.assertEq(record.burnTime, burnTime, "burn time");
        vm.assertEq(uint256(record.state), uint256(state), "state");
    }

    function _expectNotOpen(
        address staker,
        address stakee,
        bytes32 evidence,
        IIdentityStaking.SlashState state
    ) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityStaking.StakingSlashNotOpen.selector, staker, stakee, evidence, state)
        );
    }
}
