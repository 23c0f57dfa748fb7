// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Locks tokens as evidence that an account, one's own or somebody else's, is a person
/// @notice A *self stake* vouches for the staker, a *community stake* for another account, the stakee. A stake is locked for
/// 12 to 104 weeks; adding to it locks all of it anew, and a lock never gets shorter. All amounts are the token's smallest
/// unit, all times seconds since the epoch, all durations seconds.
///
/// A slash takes a share of a stake at once and keeps it: it is a record of its own, named by staker, stakee and the hash of
/// its evidence, so the same evidence slashes the same stake once. Until its burn time the releaser may give it back, wholly
/// or in part; the staker may appeal once, which leaves the releaser at least `DECISION_PERIOD`. From the burn time on anybody
/// may burn it, and until somebody does the releaser still may give it back.
///
/// A pause stops new and longer stakes, and slashes. It never stops a withdrawal, an appeal, a release or a burn.
interface IIdentityStaking {
    /// @notice What an account has staked on itself or on another one; one storage slot.
    struct Stake {
        /// First second at which the stake can be withdrawn.
        uint40 unlockTime;
        /// What is staked, without what was slashed.
        uint104 amount;
        /// What was slashed from it and is neither released nor burned yet.
        uint104 slashed;
    }

    /// @notice Names a stake; a self stake has `staker` on both sides.
    struct StakeKey {
        address staker;
        address stakee;
    }

    /// @notice One community stake of a batch.
    struct CommunityStake {
        address stakee;
        uint256 amount;
        uint256 duration;
    }

    /// @notice One longer lock of a batch.
    struct Extension {
        address stakee;
        uint256 duration;
    }

    /// @notice One withdrawal of a batch.
    struct Withdrawal {
        address stakee;
        uint256 amount;
    }

    enum SlashState {
        None,
        /// Held; can be appealed, released, and burned from the burn time on.
        Pending,
        /// Held; the staker appealed. Otherwise as pending.
        Appealed,
        /// Given back in full.
        Released,
        /// Burned, after perhaps a part was given back.
        Burned
    }

    /// @notice What became of a slash; one storage slot.
    struct Slash {
        /// What is held, or was burned.
        uint104 amount;
        /// First second at which anybody may burn it.
        uint40 burnTime;
        SlashState state;
    }

    /// @notice Names a slash.
    struct SlashKey {
        address staker;
        address stakee;
        /// Hash of the evidence, which is published elsewhere.
        bytes32 evidence;
    }

    /// @notice One release of a batch.
    struct Release {
        SlashKey slash;
        uint256 amount;
    }

    /// @notice What a contract is made with.
    struct Configuration {
        /// The token that is staked: no fee on transfers, no rebasing.
        IERC20 token;
        /// Who appoints all roles and ends a pause: the Timelock.
        address admin;
        /// Who may slash; zero for nobody yet. Never also a releaser.
        address slasher;
        /// Who decides appeals: the Timelock or a body it appoints.
        address releaser;
        /// Who may pause; zero for nobody yet.
        address pauser;
        /// Who receives what is burned: an account without a key, for tokens that cannot be destroyed.
        address burnRecipient;
        /// Seconds between a slash and its burn time.
        uint256 appealWindow;
    }

    /// @notice `amount` was added; all of the stake, now `total`, is locked until `unlockTime`. A self stake has the same
    /// account twice, here and in all events below.
    event Staked(address indexed staker, address indexed stakee, uint256 amount, uint256 total, uint256 unlockTime);
    event StakeExtended(address indexed staker, address indexed stakee, uint256 unlockTime);
    event StakeWithdrawn(address indexed staker, address indexed stakee, uint256 amount, uint256 total);
    /// @notice `amount` left the stake, of which `total` remains; it can be burned from `burnTime` on.
    event StakeSlashed(
        address indexed staker,
        address indexed stakee,
        bytes32 indexed evidence,
        uint256 amount,
        uint256 total,
        uint256 burnTime
    );
    /// @notice The staker appealed, with the hash of a statement; the burn time may have moved.
    event SlashAppealed(
        address indexed staker,
        address indexed stakee,
        bytes32 indexed evidence,
        bytes32 statement,
        uint256 burnTime
    );
    /// @notice `amount` went back to the stake, now `total`; `held` is what remains slashed by this record.
    event SlashReleased(
        address indexed staker,
        address indexed stakee,
        bytes32 indexed evidence,
        uint256 amount,
        uint256 total,
        uint256 held
    );
    event SlashBurned(address indexed staker, address indexed stakee, bytes32 indexed evidence, uint256 amount);

    error StakingInvalidToken(address token);
    error StakingInvalidAdmin(address admin);
    error StakingInvalidReleaser(address releaser);
    error StakingInvalidBurnRecipient(address recipient);
    error StakingInvalidAppealWindow(uint256 duration, uint256 minimum, uint256 maximum);
    /// @notice Nobody decides appeals against their own slashes.
    error StakingSlasherCannotRelease(address account);
    /// @notice The stakee of a community stake is zero or the staker.
    error StakingInvalidStakee(address stakee);
    error StakingZeroAmount();
    error StakingEmptyBatch();
    error StakingInvalidDuration(uint256 duration, uint256 minimum, uint256 maximum);
    /// @notice The stake is locked until `current` already.
    error StakingLockWouldShorten(uint256 unlockTime, uint256 current);
    error StakingLocked(uint256 unlockTime);
    error StakingNothingStaked(address staker, address stakee);
    error StakingInsufficientStake(uint256 amount, uint256 available);
    /// @notice All that the contract holds must fit `uint104`.
    error StakingCapacityExceeded(uint256 total, uint256 maximum);
    /// @notice The token moved another amount than it was asked to.
    error StakingWrongReceipt(uint256 expectedBalance, uint256 balance);
    error StakingInvalidPercent(uint256 percent);
    error StakingNoEvidence();
    /// @notice This evidence was used against this stake before, maybe earlier in the same call.
    error StakingAlreadySlashed(address staker, address stakee, bytes32 evidence);
    /// @notice There is no such slash, or it was released in full, or burned; an appeal needs one that was not appealed.
    error StakingSlashNotOpen(address staker, address stakee, bytes32 evidence, SlashState state);
    error StakingInsufficientSlash(uint256 amount, uint256 held);
    error StakingAppealTooLate(uint256 burnTime);
    error StakingNotBurnable(uint256 burnTime);

    /// @notice Stakes on the caller; needs an allowance. The lock ends `duration` from now, not before the present one.
    function selfStake(uint256 amount, uint256 duration) external;

    /// @notice Stakes on another account, as `selfStake` does on the caller.
    function communityStake(address stakee, uint256 amount, uint256 duration) external;

    /// @notice Stakes on several accounts with one transfer of the sum; all of them or none.
    function multipleCommunityStakes(CommunityStake[] calldata stakes) external;

    /// @notice Moves the end of the caller's lock to `duration` from now, not before the present one.
    function extendSelfStake(uint256 duration) external;

    function extendCommunityStake(address stakee, uint256 duration) external;

    function extendMultipleCommunityStakes(Extension[] calldata extensions) external;

    /// @notice Pays `amount` of the caller's unlocked self stake back.
    function withdrawSelfStake(uint256 amount) external;

    function withdrawCommunityStake(address stakee, uint256 amount) external;

    /// @notice Withdraws from several stakes with one transfer of the sum; all of them or none.
    function withdrawMultipleCommunityStakes(Withdrawal[] calldata withdrawals) external;

    /// @notice Sends the caller's ERC-2612 permit to the token; use it before staking in one `multicall`. It does not matter
    /// who spends the signature first, because the transfer needs the allowance that results.
    function tryPermit(uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Slasher only: takes `percent` (1 to 100, rounded up) of each stake, locked or not, for one evidence; all of
    /// them or none.
    function slash(StakeKey[] calldata targets, uint256 percent, bytes32 evidence) external;

    /// @notice The staker contests a slash before its burn time, once, with the hash of a statement published elsewhere; the
    /// stakee of a self stake is the caller. The burn time becomes at least `DECISION_PERIOD` from now.
    function appeal(address stakee, bytes32 evidence, bytes32 statement) external;

    /// @notice Releaser only: gives slashed amounts back to their stakes, under the locks that these have now.
    function release(Release[] calldata releases) external;

    /// @notice Anybody: burns slashes whose burn time has come; all of them or none.
    function burn(SlashKey[] calldata slashes) external;

    /// @notice Pauser only.
    function pause() external;

    /// @notice Admin only: who may stop is not who may go on.
    function unpause() external;

    function selfStakes(address staker) external view returns (Stake memory);

    /// @notice Nothing when both sides are the same account: a self stake is no community stake.
    function communityStakes(address staker, address stakee) external view returns (Stake memory);

    /// @notice Many stakes, of both kinds, in one call.
    function stakesOf(StakeKey[] calldata keys) external view returns (Stake[] memory);

    function slashOf(address staker, address stakee, bytes32 evidence) external view returns (Slash memory);

    function token() external view returns (IERC20);
    function burnRecipient() external view returns (address);
    function appealWindow() external view returns (uint256);
}
