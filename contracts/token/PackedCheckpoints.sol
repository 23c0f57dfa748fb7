// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";

/// @title A history of values over time whose newest entry is found, read and replaced in one slot
/// @notice The same answers as OpenZeppelin's `Checkpoints.Trace208`, which keeps a length in one slot and its entries in
/// others. Here a head word holds the newest checkpoint and how many older ones there are; those lie, as the head words
/// they once were, in a mapping. A new entry therefore costs one fresh slot and one update, and the first costs one
/// fresh slot.
/// @dev A word, from its upper end: value (96 bits), number of older checkpoints (112 bits), timepoint (48 bits). Zero means
/// that there is no checkpoint, because no timepoint is zero.
library PackedCheckpoints {
    struct Trace {
        uint256 head;
        mapping(uint256 index => uint256 word) older;
    }

    uint256 private constant VALUE_SHIFT = 160;
    uint256 private constant COUNT_SHIFT = 48;
    uint256 private constant ONE_OLDER = 1 << COUNT_SHIFT;
    uint256 private constant TIME_MASK = ONE_OLDER - 1;
    uint256 private constant COUNT_MASK = ((1 << VALUE_SHIFT) - 1) ^ TIME_MASK;

    /// @dev Raises the latest value by `amount` as of `timepoint`, which is never older than the newest checkpoint's. The
    /// caller makes sure that the sum is below 2^96.
    function add(
        Trace storage self,
        uint256 timepoint,
        uint256 amount
    ) internal returns (uint256 oldValue, uint256 newValue) {
        uint256 head = self.head;
        oldValue = valueOf(head);
        unchecked {
            newValue = oldValue + amount; // below 2^96, see above
        }
        push(self, head, timepoint, newValue);
    }

    /// @dev Lowers the latest value by `amount` as of `timepoint`; otherwise like {add}.
    function subtract(
        Trace storage self,
        uint256 timepoint,
        uint256 amount
    ) internal returns (uint256 oldValue, uint256 newValue) {
        uint256 head = self.head;
        oldValue = valueOf(head);
        newValue = oldValue - amount;
        push(self, head, timepoint, newValue);
    }

    function latest(Trace storage self) internal view returns (uint256) {
        return valueOf(self.head);
    }

    function length(Trace storage self) internal view returns (uint256) {
        uint256 head = self.head;
        return head == 0 ? 0 : olderThan(head) + 1;
    }

    /// @dev The checkpoint at `position`, oldest first; panics beyond the last, as an array does.
    function checkpoint(Trace storage self, uint256 position) internal view returns (uint256 timepoint, uint256 value) {
        uint256 size = length(self);
        if (position >= size) Panic.panic(Panic.ARRAY_OUT_OF_BOUNDS);
        uint256 word = position == size - 1 ? self.head : self.older[position];
        return (timepointOf(word), valueOf(word));
    }

    /// @dev The value as of `timepoint`: that of the last checkpoint which is not younger, or zero. Recent timepoints,
    /// which votes ask for, are found with few reads: the newest square root of the history is searched first.
    function valueAt(Trace storage self, uint256 timepoint) internal view returns (uint256) {
        uint256 head = self.head;
        if (timepointOf(head) <= timepoint) return valueOf(head);

        // The checkpoint looked for has a position below `high`, and at least `low` - 1.
        uint256 low = 0;
        uint256 high = olderThan(head);
        if (high > 5) {
            uint256 recent = high - Math.sqrt(high);
            if (timepointOf(self.older[recent]) > timepoint) high = recent;
            else low = recent + 1;
        }
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (timepointOf(self.older[middle]) > timepoint) high = middle;
            else low = middle + 1;
        }
        return high == 0 ? 0 : valueOf(self.older[high - 1]);
    }

    /// A push at the newest checkpoint's own timepoint replaces it.
    function push(Trace storage self, uint256 head, uint256 timepoint, uint256 newValue) private {
        uint256 count = head & COUNT_MASK;
        if (timepointOf(head) != timepoint) {
            if (head != 0) {
                self.older[count >> COUNT_SHIFT] = head;
                unchecked {
                    count += ONE_OLDER; // at most one per second: 112 bits do not run out
                }
            }
        }
        self.head = (newValue << VALUE_SHIFT) | count | timepoint;
    }

    function valueOf(uint256 word) private pure returns (uint256) {
        return word >> VALUE_SHIFT;
    }

    function timepointOf(uint256 word) private pure returns (uint256) {
        return word & TIME_MASK;
    }

    function olderThan(uint256 head) private pure returns (uint256) {
        return (head & COUNT_MASK) >> COUNT_SHIFT;
    }
}
