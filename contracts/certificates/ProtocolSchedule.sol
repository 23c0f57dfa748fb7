// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {EpochClock} from "./EpochClock.sol";
import {ICertificateRegistry} from "./ICertificateRegistry.sol";

/// @title Which parameters hold in which epoch
/// @notice A change is announced two epochs ahead: the certificate of an epoch names the parameters of the next, which must
/// not change any more once that certificate can be signed.
abstract contract ProtocolSchedule is EpochClock {
    uint64 private constant CHANGE_DELAY = 2;
    /// 0.95 as 8.24 fixed point: up to here the verifier's series is never more permissive than the native rule.
    uint32 private constant MAX_PHI_F = 0x00f33333;
    /// Below it the lower neighbour of phi_f is 0, whose logarithm lets any c120 pass, 0 included: then no index ever wins.
    uint32 private constant MIN_PHI_F = 2;
    uint256 private constant FULL_SHARE = 10_000;
    int256 private constant WAD = 1e18;

    address private immutable TIMELOCK;

    /// The first slot is all that a proof is verified with.
    struct Scheduled {
        uint64 epoch;
        uint16 k;
        uint16 m;
        uint32 phiF;
        uint128 c120;
        bytes32 hash;
        uint64 minimumStake;
        uint16 minimumShare;
    }

    /// By ascending epoch; the first entry holds from the beginning.
    Scheduled[] private _schedule;

    modifier onlyTimelock() {
        if (msg.sender != TIMELOCK) revert CertificatesNotTimelock(msg.sender, TIMELOCK);
        _;
    }

    constructor(address timelock_, ProtocolParameters memory parameters) {
        if (timelock_ == address(0)) revert CertificatesInvalidAddress(timelock_);
        TIMELOCK = timelock_;
        _append(0, parameters);
    }

    /// @inheritdoc ICertificateRegistry
    function scheduleParameters(uint64 epoch, ProtocolParameters calldata parameters) external onlyTimelock {
        uint64 earliest = _epochOrZero() + CHANGE_DELAY;
        if (epoch < earliest) revert CertificatesActivationTooEarly(epoch, earliest);
        // What is dropped here has an epoch of at least `earliest`, so nothing that anybody relies on.
        while (_schedule[_schedule.length - 1].epoch >= epoch) _schedule.pop();
        _append(epoch, parameters);
    }

    /// @inheritdoc ICertificateRegistry
    function timelock() external view returns (address) {
        return TIMELOCK;
    }

    /// @inheritdoc ICertificateRegistry
    function parametersOf(uint64 epoch) external view returns (ProtocolParameters memory, bytes32 parametersHash) {
        Scheduled memory entry = _parametersOf(epoch);
        ProtocolParameters memory parameters = ProtocolParameters({
            k: entry.k,
            m: entry.m,
            c120: entry.c120,
            phiF: entry.phiF,
            minimumStake: entry.minimumStake,
            minimumShare: entry.minimumShare
        });
        return (parameters, entry.hash);
    }

    function _parametersOf(uint64 epoch) internal view returns (Scheduled storage entry) {
        uint256 index = _schedule.length - 1;
        entry = _schedule[index];
        // Few steps: only what was announced for later lies behind.
        while (entry.epoch > epoch) entry = _schedule[--index];
    }

    function _append(uint64 epoch, ProtocolParameters memory parameters) private {
        if (!_isSound(parameters)) revert CertificatesInvalidParameters(parameters);
        bytes32 hash = sha256(abi.encodePacked(parameters.k, parameters.m, parameters.phiF));
        _schedule.push(
            Scheduled({
                epoch: epoch,
                k: uint16(parameters.k), // at most m
                m: uint16(parameters.m), // at most 2^16 - 1, see {_isSound}
                phiF: parameters.phiF,
                c120: parameters.c120,
                hash: hash,
                minimumStake: parameters.minimumStake,
                minimumShare: parameters.minimumShare
            })
        );
        emit ParametersScheduled(epoch, parameters, hash);
    }

    function _isSound(ProtocolParameters memory parameters) private pure returns (bool) {
        return
            parameters.k != 0 &&
            parameters.k <= parameters.m &&
            parameters.m <= type(uint16).max &&
            parameters.phiF >= MIN_PHI_F &&
            parameters.phiF <= MAX_PHI_F &&
            _isLogarithm(parameters.c120, parameters.phiF) &&
            parameters.minimumStake != 0 &&
            parameters.minimumShare != 0 &&
            parameters.minimumShare <= FULL_SHARE;
    }

    /// Whether c120 lies between the values for the numbers next to phi_f. It cannot be derived: phi_f has 24 bits here, the
    /// logarithm's argument 53. What this catches is a constant that belongs to another phi_f.
    function _isLogarithm(uint128 c120, uint32 phiF) private pure returns (bool) {
        uint256 c = (uint256(c120) * uint256(WAD)) >> 120;
        return c >= _minusLog(phiF - 1) && c <= _minusLog(phiF + 1);
    }

    /// -ln(1 - phi), in units of 1e-18; phi in units of 2^-24 and below 1.
    function _minusLog(uint32 phi) private pure returns (uint256) {
        int256 rest = WAD - (int256(uint256(phi)) * WAD) / (1 << 24);
        return uint256(-FixedPointMathLib.lnWad(rest));
    }
}
