// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title The chance of winning an index, φ(w) = 1 − (1 − φ_f)^w for the share w of the stake, in units of 2^-120
/// @notice 1 − e^−x with x = w·(−ln(1 − φ_f)), as the series x − x²/2! + x³/3! − … in fixed point. It is never above what
/// Mithril's exact arithmetic allows, and at most 68 units below it, for x ≤ 3:
///
/// - Each floor lowers a term. Lowered positive terms lower the sum, lowered negative ones raise it, by less than 60 units in
///   all; 64 are taken off.
/// - Mithril's rule decides by bounds on a partial sum. Its first step loses every draw q = 1/(1 − ev/2^512) with
///   q > 1 + x + 3x²/2, and that is below e^x from x = 2.6557 on; there the threshold is cut to that bound.
library StmThreshold {
    uint256 private constant ONE = 1 << 120;
    uint256 private constant MARGIN = 64;
    /// @dev 2.6: from here on the cut may apply.
    uint256 private constant CUT_FROM = (13 * ONE) / 5;

    /// @notice The largest `c120` for which the bounds above hold: x ≤ 3.
    uint256 internal constant MAX_C120 = 3 * ONE;

    /// @notice An index wins when the top 120 bits of its draw, as a number, are below this.
    /// @dev The caller sees to `c120` ≤ MAX_C120, `stake` ≤ `total` < 2^64, `total` > 0.
    function compute(uint256 c120, uint256 stake, uint256 total) internal pure returns (uint256 threshold) {
        // Bounds: x ≤ 3·2^120 < 2^122; each term is at most 4.5·2^120 (x²/2), so products stay below 2^245 and sums below 2^125.
        unchecked {
            uint256 x = (c120 * stake) / total;
            uint256 term = x;
            uint256 positive = x;
            uint256 negative = 0;
            // Two terms a turn; once a term is zero all that follow are. Memory: none. In assembly, because the language checks each
            // division by a number that is never zero.
            assembly ("memory-safe") {
                for {
                    let i := 2
                } term {
                    i := add(i, 2)
                } {
                    term := div(shr(120, mul(term, x)), i)
                    negative := add(negative, term)
                    term := div(shr(120, mul(term, x)), add(i, 1))
                    positive := add(positive, term)
                }
            }
            // With no stake the difference is zero: without this branch it would wrap, and every index win.
            if (positive <= negative + MARGIN) return 0;
            threshold = positive - negative - MARGIN;
            if (x > CUT_FROM) {
                uint256 cut = ONE - (1 << 240) / (ONE + x + ((3 * x * x) >> 121)) - 2;
                if (cut < threshold) threshold = cut;
            }
        }
    }
}
