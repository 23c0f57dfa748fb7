// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice A leaf that was brought in, in one word, from the lowest bit: score (32), expiry (64), number of its root (32),
/// threshold of its root (32). The word 0 is nobody's.
library PackedScore {
    function pack(
        uint32 score_,
        uint64 expiresAt_,
        uint32 rootNumber_,
        uint32 threshold_
    ) internal pure returns (uint256) {
        return
            uint256(score_) | (uint256(expiresAt_) << 32) | (uint256(rootNumber_) << 96) | (uint256(threshold_) << 128);
    }

    // Each cut below takes a field out of its word: nothing is lost.

    function score(uint256 packed) internal pure returns (uint32) {
        return uint32(packed);
    }

    function expiresAt(uint256 packed) internal pure returns (uint64) {
        return uint64(packed >> 32);
    }

    function rootNumber(uint256 packed) internal pure returns (uint32) {
        return uint32(packed >> 96);
    }

    function threshold(uint256 packed) internal pure returns (uint32) {
        return uint32(packed >> 128);
    }
}
