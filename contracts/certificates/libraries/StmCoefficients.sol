// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "./Blake2b.sol";

/// @title The random coefficients of the aggregation: e_j = H128(σ_1 ‖ … ‖ σ_n ‖ j, u64 big-endian), read little-endian
/// @notice They make each signature valid by itself: without them, two that are off by opposite points would pass together.
/// All share the signatures' whole blocks, which are hashed once; what is left of them is a multiple of 16 bytes and at
/// most 112, so that one more block takes it with j.
library StmCoefficients {
    /// @notice Writes e_0 … e_(n−1) into memory: each to `one`, `one` + `oneStep`, … and to `other`, `other` + `otherStep`, …
    /// @param signatures The compressed signatures, 48 bytes each.
    function write(
        bytes memory signatures,
        uint256 one,
        uint256 oneStep,
        uint256 other,
        uint256 otherStep
    ) internal view {
        uint256 input = Blake2b.newInput(Blake2b.INITIAL_16);
        uint256 left = Blake2b.absorb(input, signatures, signatures.length & ~uint256(127));
        Blake2b.setCounter(input, signatures.length + 8, true);
        uint256 count = signatures.length / 48;
        // Memory: the input, the words named above, and the scratch space for digests.
        assembly ("memory-safe") {
            // The last two of j's eight bytes: n is below 2^16.
            let place := add(input, add(74, left))
            for {
                let j := 0
            } lt(j, count) {
                j := add(j, 1)
            } {
                mstore8(place, shr(8, j))
                mstore8(add(place, 1), j)
                pop(staticcall(gas(), 0x09, input, 213, 0x00, 0x40))
                let v := shr(128, mload(0x00))
                v := or(
                    and(shr(8, v), 0x00ff00ff00ff00ff00ff00ff00ff00ff),
                    shl(8, and(v, 0x00ff00ff00ff00ff00ff00ff00ff00ff))
                )
                v := or(
                    and(shr(16, v), 0x0000ffff0000ffff0000ffff0000ffff),
                    shl(16, and(v, 0x0000ffff0000ffff0000ffff0000ffff))
                )
                v := or(
                    and(shr(32, v), 0x00000000ffffffff00000000ffffffff),
                    shl(32, and(v, 0x00000000ffffffff00000000ffffffff))
                )
                v := or(shr(64, v), shl(64, and(v, 0xffffffffffffffff)))
                mstore(one, v)
                mstore(other, v)
                one := add(one, oneStep)
                other := add(other, otherStep)
            }
        }
    }
}
