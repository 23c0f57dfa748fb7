// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IIdentityStaking} from "./IIdentityStaking.sol";

/// @title Stakes as evidence of personhood: see {IIdentityStaking}
/// @dev The contract holds the sum of all stakes' `amount` and `slashed`, and what was sent to it by mistake. That sum was at
/// most `MAX_HELD` after every deposit and grows by deposits alone, so each part of it, and any sum of parts, fits `uint104`.
contract IdentityStaking is IIdentityStaking, AccessControl, Pausable, ReentrancyGuardTransient, Multicall {
    using SafeERC20 for IERC20;

    bytes32 public constant SLASHER_ROLE = keccak256("SLASHER_ROLE");
    bytes32 public constant RELEASER_ROLE = keccak256("RELEASER_ROLE");
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");

    uint256 public constant MIN_LOCK = 12 weeks;
    uint256 public constant MAX_LOCK = 104 weeks;
    /// A vote of the token's governor and the Timelock's delay fit into the shortest window.
    uint256 public constant MIN_APPEAL_WINDOW = 30 days;
    uint256 public constant MAX_APPEAL_WINDOW = 180 days;
    /// What an appeal leaves the releaser at least.
    uint256 public constant DECISION_PERIOD = 30 days;
    uint256 public constant MAX_HELD = type(uint104).max;

    IERC20 private immutable TOKEN;
    address private immutable BURN_RECIPIENT;
    uint256 private immutable APPEAL_WINDOW;

    mapping(address staker => mapping(address stakee => Stake)) private _stakes;
    mapping(bytes32 slashId => Slash) private _slashes;

    constructor(Configuration memory configuration) {
        address token_ = address(configuration.token);
        address recipient = configuration.burnRecipient;
        uint256 window = configuration.appealWindow;
        if (token_.code.length == 0) revert StakingInvalidToken(token_);
        if (recipient == address(0) || recipient == address(this) || recipient == token_) {
            revert StakingInvalidBurnRecipient(recipient);
        }
        if (window < MIN_APPEAL_WINDOW || window > MAX_APPEAL_WINDOW) {
            revert StakingInvalidAppealWindow(window, MIN_APPEAL_WINDOW, MAX_APPEAL_WINDOW);
        }
        if (configuration.admin == address(0)) revert StakingInvalidAdmin(configuration.admin);
        if (configuration.releaser == address(0)) revert StakingInvalidReleaser(configuration.releaser);
        TOKEN = configuration.token;
        BURN_RECIPIENT = recipient;
        APPEAL_WINDOW = window;
        _grantRole(DEFAULT_ADMIN_ROLE, configuration.admin);
        _grantRole(RELEASER_ROLE, configuration.releaser);
        if (configuration.slasher != address(0)) _grantRole(SLASHER_ROLE, configuration.slasher);
        if (configuration.pauser != address(0)) _grantRole(PAUSER_ROLE, configuration.pauser);
    }

    /// @inheritdoc IIdentityStaking
    function selfStake(uint256 amount, uint256 duration) external nonReentrant whenNotPaused {
        _add(msg.sender, amount, duration);
        _collect(amount);
    }

    /// @inheritdoc IIdentityStaking
    function communityStake(address stakee, uint256 amount, uint256 duration) external nonReentrant whenNotPaused {
        _checkStakee(stakee);
        _add(stakee, amount, duration);
        _collect(amount);
    }

    /// @inheritdoc IIdentityStaking
    function multipleCommunityStakes(CommunityStake[] calldata stakes) external nonReentrant whenNotPaused {
        _checkBatch(stakes.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < stakes.length; ++i) {
            _checkStakee(stakes[i].stakee);
            _add(stakes[i].stakee, stakes[i].amount, stakes[i].duration);
            sum += stakes[i].amount;
        }
        _collect(sum);
    }

    /// @inheritdoc IIdentityStaking
    function extendSelfStake(uint256 duration) external whenNotPaused {
        _extend(msg.sender, duration);
    }

    /// @inheritdoc IIdentityStaking
    function extendCommunityStake(address stakee, uint256 duration) external whenNotPaused {
        _checkStakee(stakee);
        _extend(stakee, duration);
    }

    /// @inheritdoc IIdentityStaking
    function extendMultipleCommunityStakes(Extension[] calldata extensions) external whenNotPaused {
        _checkBatch(extensions.length);
        for (uint256 i = 0; i < extensions.length; ++i) {
            _checkStakee(extensions[i].stakee);
            _extend(extensions[i].stakee, extensions[i].duration);
        }
    }

    /// @inheritdoc IIdentityStaking
    function withdrawSelfStake(uint256 amount) external nonReentrant {
        _withdraw(msg.sender, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IIdentityStaking
    function withdrawCommunityStake(address stakee, uint256 amount) external nonReentrant {
        _checkStakee(stakee);
        _withdraw(stakee, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IIdentityStaking
    function withdrawMultipleCommunityStakes(Withdrawal[] calldata withdrawals) external nonReentrant {
        _checkBatch(withdrawals.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < withdrawals.length; ++i) {
            _checkStakee(withdrawals[i].stakee);
            _withdraw(withdrawals[i].stakee, withdrawals[i].amount);
            sum += withdrawals[i].amount;
        }
        TOKEN.safeTransfer(msg.sender, sum);
    }

    /// @inheritdoc IIdentityStaking
    function tryPermit(uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        // A third party may have spent the signature already. That is no failure: the transfer finds the allowance or not.
        try IERC20Permit(address(TOKEN)).permit(msg.sender, address(this), value, deadline, v, r, s) {} catch {}
    }

    /// @inheritdoc IIdentityStaking
    function slash(
        StakeKey[] calldata targets,
        uint256 percent,
        bytes32 evidence
    ) external onlyRole(SLASHER_ROLE) whenNotPaused {
        _checkBatch(targets.length);
        if (percent == 0 || percent > 100) revert StakingInvalidPercent(percent);
        if (evidence == 0) revert StakingNoEvidence();
        uint40 burnTime = uint40(block.timestamp + APPEAL_WINDOW); // 36,000 years until this does not fit
        for (uint256 i = 0; i < targets.length; ++i) {
            _slash(targets[i].staker, targets[i].stakee, percent, evidence, burnTime);
        }
    }

    /// @inheritdoc IIdentityStaking
    function appeal(address stakee, bytes32 evidence, bytes32 statement) external {
        Slash storage record = _slashes[_slashId(msg.sender, stakee, evidence)];
        if (record.state != SlashState.Pending) {
            revert StakingSlashNotOpen(msg.sender, stakee, evidence, record.state);
        }
        uint256 burnTime = record.burnTime;
        if (block.timestamp >= burnTime) revert StakingAppealTooLate(burnTime);
        burnTime = Math.max(burnTime, block.timestamp + DECISION_PERIOD);
        record.state = SlashState.Appealed;
        record.burnTime = uint40(burnTime);
        emit SlashAppealed(msg.sender, stakee, evidence, statement, burnTime);
    }

    /// @inheritdoc IIdentityStaking
    function release(Release[] calldata releases) external onlyRole(RELEASER_ROLE) {
        _checkBatch(releases.length);
        for (uint256 i = 0; i < releases.length; ++i) {
            _release(releases[i].slash, releases[i].amount);
        }
    }

    /// @inheritdoc IIdentityStaking
    function burn(SlashKey[] calldata slashes) external nonReentrant {
        _checkBatch(slashes.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < slashes.length; ++i) {
            sum += _burn(slashes[i]);
        }
        TOKEN.safeTransfer(BURN_RECIPIENT, sum);
    }

    /// @inheritdoc IIdentityStaking
    function pause() external onlyRole(PAUSER_ROLE) {
        _pause();
    }

    /// @inheritdoc IIdentityStaking
    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    /// @inheritdoc IIdentityStaking
    function selfStakes(address staker) external view returns (Stake memory) {
        return _stakes[staker][staker];
    }

    /// @inheritdoc IIdentityStaking
    function communityStakes(address staker, address stakee) external view returns (Stake memory) {
        Stake memory none;
        return staker == stakee ? none : _stakes[staker][stakee];
    }

    /// @inheritdoc IIdentityStaking
    function stakesOf(StakeKey[] calldata keys) external view returns (Stake[] memory stakes) {
        stakes = new Stake[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            stakes[i] = _stakes[keys[i].staker][keys[i].stakee];
        }
    }

    /// @inheritdoc IIdentityStaking
    function slashOf(address staker, address stakee, bytes32 evidence) external view returns (Slash memory) {
        return _slashes[_slashId(staker, stakee, evidence)];
    }

    /// @inheritdoc IIdentityStaking
    function token() external view returns (IERC20) {
        return TOKEN;
    }

    /// @inheritdoc IIdentityStaking
    function burnRecipient() external view returns (address) {
        return BURN_RECIPIENT;
    }

    /// @inheritdoc IIdentityStaking
    function appealWindow() external view returns (uint256) {
        return APPEAL_WINDOW;
    }

    /// Whoever slashes does not decide the appeal: the admin cannot arrange it otherwise.
    function _grantRole(bytes32 role, address account) internal override returns (bool) {
        bool judgesItself =
            (role == SLASHER_ROLE && hasRole(RELEASER_ROLE, account)) ||
                (role == RELEASER_ROLE && hasRole(SLASHER_ROLE, account));
        if (judgesItself) revert StakingSlasherCannotRelease(account);
        return super._grantRole(role, account);
    }

    function _add(address stakee, uint256 amount, uint256 duration) private {
        if (amount == 0) revert StakingZeroAmount();
        Stake memory stake = _stakes[msg.sender][stakee];
        if (amount > MAX_HELD - stake.amount) revert StakingCapacityExceeded(amount, MAX_HELD - stake.amount);
        stake.amount += uint104(amount); // checked just above
        stake.unlockTime = _unlockTime(duration, stake.unlockTime);
        _stakes[msg.sender][stakee] = stake;
        emit Staked(msg.sender, stakee, amount, stake.amount, stake.unlockTime);
    }

    function _extend(address stakee, uint256 duration) private {
        Stake storage stake = _stakes[msg.sender][stakee];
        if (stake.amount == 0) revert StakingNothingStaked(msg.sender, stakee);
        uint40 unlockTime = _unlockTime(duration, stake.unlockTime);
        stake.unlockTime = unlockTime;
        emit StakeExtended(msg.sender, stakee, unlockTime);
    }

    function _withdraw(address stakee, uint256 amount) private {
        if (amount == 0) revert StakingZeroAmount();
        Stake memory stake = _stakes[msg.sender][stakee];
        if (block.timestamp < stake.unlockTime) revert StakingLocked(stake.unlockTime);
        if (amount > stake.amount) revert StakingInsufficientStake(amount, stake.amount);
        stake.amount -= uint104(amount); // at most the stake
        _store(msg.sender, stakee, stake);
        emit StakeWithdrawn(msg.sender, stakee, amount, stake.amount);
    }

    function _slash(address staker, address stakee, uint256 percent, bytes32 evidence, uint40 burnTime) private {
        Slash storage record = _slashes[_slashId(staker, stakee, evidence)];
        if (record.state != SlashState.None) revert StakingAlreadySlashed(staker, stakee, evidence);
        Stake memory stake = _stakes[staker][stakee];
        if (stake.amount == 0) revert StakingNothingStaked(staker, stakee);
        // In 256 bits, and rounded up so that a few units do not escape: at most the stake, at least one.
        uint104 amount = uint104(Math.ceilDiv(uint256(stake.amount) * percent, 100));
        stake.amount -= amount;
        stake.slashed += amount;
        _stakes[staker][stakee] = stake;
        (record.amount, record.burnTime, record.state) = (amount, burnTime, SlashState.Pending);
        emit StakeSlashed(staker, stakee, evidence, amount, stake.amount, burnTime);
    }

    function _release(SlashKey calldata key, uint256 amount) private {
        if (amount == 0) revert StakingZeroAmount();
        Slash memory record = _openSlash(key);
        if (amount > record.amount) revert StakingInsufficientSlash(amount, record.amount);
        record.amount -= uint104(amount); // at most what the record holds
        if (record.amount == 0) record.state = SlashState.Released;
        _slashes[_slashId(key.staker, key.stakee, key.evidence)] = record;
        Stake memory stake = _stakes[key.staker][key.stakee];
        stake.amount += uint104(amount);
        stake.slashed -= uint104(amount);
        _stakes[key.staker][key.stakee] = stake;
        emit SlashReleased(key.staker, key.stakee, key.evidence, amount, stake.amount, record.amount);
    }

    function _burn(SlashKey calldata key) private returns (uint104 amount) {
        Slash memory record = _openSlash(key);
        if (block.timestamp < record.burnTime) revert StakingNotBurnable(record.burnTime);
        amount = record.amount;
        _slashes[_slashId(key.staker, key.stakee, key.evidence)].state = SlashState.Burned;
        Stake memory stake = _stakes[key.staker][key.stakee];
        stake.slashed -= amount;
        _store(key.staker, key.stakee, stake);
        emit SlashBurned(key.staker, key.stakee, key.evidence, amount);
    }

    /// A stake of nothing has no lock either; clearing it pays its owner a refund.
    function _store(address staker, address stakee, Stake memory stake) private {
        if (stake.amount == 0 && stake.slashed == 0) delete _stakes[staker][stakee];
        else _stakes[staker][stakee] = stake;
    }

    /// Last, after all effects. The balance is compared because a token may keep a fee.
    function _collect(uint256 amount) private {
        uint256 expected = TOKEN.balanceOf(address(this)) + amount;
        if (expected > MAX_HELD) revert StakingCapacityExceeded(expected, MAX_HELD);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
        uint256 balance = TOKEN.balanceOf(address(this));
        if (balance != expected) revert StakingWrongReceipt(expected, balance);
    }

    function _unlockTime(uint256 duration, uint256 current) private view returns (uint40) {
        if (duration < MIN_LOCK || duration > MAX_LOCK) revert StakingInvalidDuration(duration, MIN_LOCK, MAX_LOCK);
        uint256 unlockTime = block.timestamp + duration;
        if (unlockTime < current) revert StakingLockWouldShorten(unlockTime, current);
        return uint40(unlockTime);
    }

    function _openSlash(SlashKey calldata key) private view returns (Slash memory record) {
        record = _slashes[_slashId(key.staker, key.stakee, key.evidence)];
        if (record.state != SlashState.Pending && record.state != SlashState.Appealed) {
            revert StakingSlashNotOpen(key.staker, key.stakee, key.evidence, record.state);
        }
    }

    function _checkStakee(address stakee) private view {
        if (stakee == address(0) || stakee == msg.sender) revert StakingInvalidStakee(stakee);
    }

    function _checkBatch(uint256 length) private pure {
        if (length == 0) revert StakingEmptyBatch();
    }

    function _slashId(address staker, address stakee, bytes32 evidence) private pure returns (bytes32) {
        return keccak256(abi.encode(staker, stakee, evidence));
    }
}
