// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "./ICertificateRegistry.sol";

/// @title Cuts time into epochs of equal length, counted from 1
abstract contract EpochClock is ICertificateRegistry {
    /// Below it the three samples of an epoch would not be three.
    uint64 private constant SHORTEST = 4 seconds;
    uint64 private constant LONGEST = 366 days;
    uint64 private constant FARTHEST_GENESIS = 366 days;

    uint64 private immutable GENESIS;
    uint64 private immutable LENGTH;

    constructor(uint64 genesis_, uint64 epochLength_) {
        // A genesis in the wrong unit would make a clock that stands still, or one that is at epoch 10,000.
        bool near = genesis_ <= block.timestamp + FARTHEST_GENESIS && genesis_ + FARTHEST_GENESIS >= block.timestamp;
        if (!near || epochLength_ < SHORTEST || epochLength_ > LONGEST) {
            revert CertificatesInvalidClock(genesis_, epochLength_);
        }
        GENESIS = genesis_;
        LENGTH = epochLength_;
    }

    /// @inheritdoc ICertificateRegistry
    function genesis() external view returns (uint64) {
        return GENESIS;
    }

    /// @inheritdoc ICertificateRegistry
    function epochLength() external view returns (uint64) {
        return LENGTH;
    }

    /// @inheritdoc ICertificateRegistry
    function currentEpoch() public view returns (uint64 epoch) {
        epoch = _epochOrZero();
        if (epoch == 0) revert CertificatesNotStarted(GENESIS);
    }

    /// @inheritdoc ICertificateRegistry
    function startOf(uint64 epoch) public view returns (uint64) {
        return GENESIS + (epoch - 1) * LENGTH;
    }

    /// @inheritdoc ICertificateRegistry
    function sampleTimes(uint64 epoch) public view returns (uint64[3] memory) {
        uint64 before = startOf(epoch) - 1;
        return [before, before + LENGTH / 2, before + LENGTH];
    }

    /// The clock's epoch, 0 before the first.
    function _epochOrZero() internal view returns (uint64) {
        if (block.timestamp < GENESIS) return 0;
        // The time fits 64 bits for the next 584 billion years.
        return uint64((block.timestamp - GENESIS) / LENGTH) + 1;
    }
}
