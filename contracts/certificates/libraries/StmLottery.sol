// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "./Blake2b.sol";

/// @title The draws of the lottery: H512("map" ‖ message ‖ root ‖ index, u64 little-endian ‖ signature), read little-endian
/// @notice An index wins when the top 120 bits of its draw are below the signer's threshold. A proof has thousands of draws,
/// and all of them share what stands before the index: whole blocks of that are hashed once, and what remains of it
/// lies ready in the input of the precompile, where only the index (per draw) and the signature (per signer) change.
///
/// From the last started block of the prefix on, a draw takes one block when at most 72 bytes are left over there, and two
/// otherwise: for the 64 hexadecimal digits that certificates sign it takes two. The first call then writes the state that it
/// returns straight into the input of the second.
/// @dev Inputs, flags and what the draws compare with lie at fixed addresses. In the loop over thousands of indices an addition
/// to a base costs as much as a comparison, and when the stack is short, the optimiser computes values anew at each use or
/// moves them to memory one by one. `reserve` allocates them before anything else: the addresses between the free pointer and
/// `FIRST` stay unused.
library StmLottery {
    /// @notice Memory was allocated before the lottery reserved its own.
    error StmLotteryMemoryTaken();

    struct State {
        /// @dev Where the signature goes, and how many bytes of it: the rest begins the second block.
        uint256 signature;
        uint256 signatureSplit;
        bool twoBlocks;
    }

    /// @dev The inputs of the two blocks, and the place for the state in the second.
    uint256 private constant FIRST = 0x400;
    uint256 private constant SECOND = 0x4e0;
    uint256 private constant SECOND_STATE = 0x4e4;
    uint256 private constant SECOND_BLOCK = 0x524;
    /// @dev Words that the draws read: where the index's two low bytes go; m − 1; the signer's threshold, and its top byte as the
    /// first byte of a word.
    uint256 private constant LOW_BYTE = 0x5c0;
    uint256 private constant HIGH_BYTE = 0x5e0;
    uint256 private constant LAST_INDEX = 0x600;
    uint256 private constant THRESHOLD = 0x620;
    uint256 private constant TOP = 0x640;
    /// @dev The index of the draw, and the last two bytes of that word. What is read from memory the optimiser keeps; a shift of
    /// something else it would repeat at each use.
    uint256 private constant INDEX = 0x660;
    uint256 private constant INDEX_END = 0x67e;
    /// @dev One byte per index, 1 for those drawn. A flag is read as the first byte of a word: the last one needs 31 more.
    uint256 private constant FLAGS = 0x680;

    uint256 private constant INDEX_BYTES = 8;
    uint256 private constant SIGNATURE_BYTES = 48;
    uint256 private constant TAIL_BYTES = INDEX_BYTES + SIGNATURE_BYTES;

    /// @notice Allocates the fixed addresses for indices below `m`. To be called before anything else allocates.
    function reserve(uint256 m) internal pure {
        uint256 free;
        // Memory: from the free pointer to behind the flags, allocated here and zero.
        assembly ("memory-safe") {
            free := mload(0x40)
            if iszero(gt(free, FIRST)) {
                let end := and(add(add(FLAGS, m), 0x3f), not(0x1f))
                mstore(0x40, end)
                calldatacopy(FIRST, calldatasize(), sub(end, FIRST))
            }
        }
        if (free > FIRST) revert StmLotteryMemoryTaken();
    }

    /// @notice Lays out the draws over `prefix` ("map" ‖ message ‖ root) with indices below `m`. Needs `reserve(m)`.
    function prepare(bytes memory prefix, uint256 m) internal view returns (State memory state) {
        uint256 whole = prefix.length & ~uint256(127);
        uint256 left = prefix.length & 127;
        Blake2b.initialise(FIRST, Blake2b.INITIAL_64);
        Blake2b.initialise(SECOND, bytes32(0));
        Blake2b.absorb(FIRST, prefix, whole);
        state.twoBlocks = left + TAIL_BYTES > 128;
        if (state.twoBlocks) {
            Blake2b.setCounter(FIRST, whole + 128, false);
            Blake2b.setCounter(SECOND, prefix.length + TAIL_BYTES, true);
        } else {
            Blake2b.setCounter(FIRST, prefix.length + TAIL_BYTES, true);
        }
        state.signature = _place(left + INDEX_BYTES);
        // Of the signature, what the first block still takes; all of it where it begins in the second.
        uint256 room = left + INDEX_BYTES < 128 ? 128 - left - INDEX_BYTES : SIGNATURE_BYTES;
        state.signatureSplit = room < SIGNATURE_BYTES ? room : SIGNATURE_BYTES;
        _write(LOW_BYTE, _place(left));
        _write(HIGH_BYTE, _place(left + 1));
        _write(LAST_INDEX, m - 1);
    }

    /// @notice Makes the draws those of one signer: its compressed signature at memory address `signature`, and its threshold.
    function setSigner(State memory state, uint256 signature, uint256 threshold) internal pure {
        _write(THRESHOLD, threshold);
        _write(TOP, (threshold >> 112) << 248);
        (uint256 start, uint256 split) = (state.signature, state.signatureSplit);
        // Memory: 48 bytes inside the reserved inputs; the second part is empty when the first holds all.
        assembly ("memory-safe") {
            mcopy(start, signature, split)
            mcopy(SECOND_BLOCK, add(signature, split), sub(SIGNATURE_BYTES, split))
        }
    }

    /// @notice Draws the signer's indices (u16 each) in calldata from `cursor` to `end`, and flags them.
    /// @return reached `end`, or where the first index lies that does not win.
    /// @return refused Whether an index is out of range or was drawn before. If so, memory behind the flags may have been written
    /// to, and the caller reverts.
    function draw(
        State memory state,
        uint256 cursor,
        uint256 end
    ) internal view returns (uint256 reached, bool refused) {
        return state.twoBlocks ? _drawTwoBlocks(cursor, end) : _drawOneBlock(cursor, end);
    }

    /// @dev Two indices a turn.
    function _drawTwoBlocks(uint256 cursor, uint256 end) private view returns (uint256 reached, bool refused) {
        // Memory: the reserved addresses, and the scratch space for the digest. Its last byte, at 0x3f, is the most significant
        // one of the draw: as the first byte of the word there it decides the comparison with TOP, unless both are equal,
        // and what follows it (the free pointer) does not matter.
        // `seen` collects a flag in its top byte if an index was drawn before, or LAST_INDEX − index wraps; lower bytes are noise.
        assembly ("memory-safe") {
            let low := mload(LOW_BYTE)
            let high := mload(HIGH_BYTE)
            let seen := 0
            for {} lt(add(cursor, 2), end) {
                cursor := add(cursor, 4)
            } {
                calldatacopy(INDEX_END, cursor, 2)
                let index := mload(INDEX)
                mstore8(low, index)
                mstore8(high, shr(8, index))
                seen := or(seen, or(mload(add(FLAGS, index)), sub(mload(LAST_INDEX), index)))
                mstore8(add(FLAGS, index), 1)
                pop(staticcall(gas(), 0x09, FIRST, 213, SECOND_STATE, 0x40))
                pop(staticcall(gas(), 0x09, SECOND, 213, 0x00, 0x40))
                if iszero(lt(mload(0x3f), mload(TOP))) {
                    if loses() {
                        reached := cursor
                        break
                    }
                }

                calldatacopy(INDEX_END, add(cursor, 2), 2)
                index := mload(INDEX)
                mstore8(low, index)
                mstore8(high, shr(8, index))
                seen := or(seen, or(mload(add(FLAGS, index)), sub(mload(LAST_INDEX), index)))
                mstore8(add(FLAGS, index), 1)
                pop(staticcall(gas(), 0x09, FIRST, 213, SECOND_STATE, 0x40))
                pop(staticcall(gas(), 0x09, SECOND, 213, 0x00, 0x40))
                if iszero(lt(mload(0x3f), mload(TOP))) {
                    if loses() {
                        reached := add(cursor, 2)
                        break
                    }
                }
            }
            // The last one of an odd number.
            if and(iszero(reached), eq(add(cursor, 2), end)) {
                calldatacopy(INDEX_END, cursor, 2)
                let index := mload(INDEX)
                mstore8(low, index)
                mstore8(high, shr(8, index))
                seen := or(seen, or(mload(add(FLAGS, index)), sub(mload(LAST_INDEX), index)))
                mstore8(add(FLAGS, index), 1)
                pop(staticcall(gas(), 0x09, FIRST, 213, SECOND_STATE, 0x40))
                pop(staticcall(gas(), 0x09, SECOND, 213, 0x00, 0x40))
                if loses() {
                    reached := cursor
                }
            }
            if iszero(reached) {
                reached := end
            }
            refused := iszero(iszero(byte(0, seen)))

            // Whether the draw in the scratch space does not win: by its top 16 bits if they differ, else by 120.
            function loses() -> yes {
                let digest := mload(0x20)
                let limit := mload(THRESHOLD)
                if iszero(lt(and(shr(8, mul(and(digest, 0xffff), 0x10001)), 0xffff), shr(104, limit))) {
                    yes := iszero(lt(drawn(digest), limit))
                }
            }
            // The digest's last 15 bytes, reversed.
            function drawn(v) -> value {
                v := or(
                    and(shr(8, v), 0xff00ff00ff00ff00ff00ff00ff00ff),
                    shl(8, and(v, 0xff00ff00ff00ff00ff00ff00ff00ff))
                )
                v := or(
                    and(shr(16, v), 0xffff0000ffff0000ffff0000ffff),
                    shl(16, and(v, 0xffff0000ffff0000ffff0000ffff))
                )
                v := or(and(shr(32, v), 0xffffffff00000000ffffffff), shl(32, and(v, 0xffffffff00000000ffffffff)))
                value := shr(8, or(and(shr(64, v), 0xffffffffffffffff), shl(64, and(v, 0xffffffffffffffff))))
            }
        }
    }

    /// @dev Draws of one block are for short messages, or long ones of a fitting length; they are not tuned.
    function _drawOneBlock(uint256 cursor, uint256 end) private view returns (uint256 reached, bool refused) {
        // Memory: as above, without the second input.
        assembly ("memory-safe") {
            let seen := 0
            for {} lt(cursor, end) {
                cursor := add(cursor, 2)
            } {
                calldatacopy(INDEX_END, cursor, 2)
                let index := mload(INDEX)
                mstore8(mload(LOW_BYTE), index)
                mstore8(mload(HIGH_BYTE), shr(8, index))
                seen := or(seen, or(mload(add(FLAGS, index)), sub(mload(LAST_INDEX), index)))
                mstore8(add(FLAGS, index), 1)
                pop(staticcall(gas(), 0x09, FIRST, 213, 0x00, 0x40))
                if iszero(lt(drawn(mload(0x20)), mload(THRESHOLD))) {
                    break
                }
            }
            reached := cursor
            refused := iszero(iszero(byte(0, seen)))

            function drawn(v) -> value {
                v := or(
                    and(shr(8, v), 0xff00ff00ff00ff00ff00ff00ff00ff),
                    shl(8, and(v, 0xff00ff00ff00ff00ff00ff00ff00ff))
                )
                v := or(
                    and(shr(16, v), 0xffff0000ffff0000ffff0000ffff),
                    shl(16, and(v, 0xffff0000ffff0000ffff0000ffff))
                )
                v := or(and(shr(32, v), 0xffffffff00000000ffffffff), shl(32, and(v, 0xffffffff00000000ffffffff)))
                value := shr(8, or(and(shr(64, v), 0xffffffffffffffff), shl(64, and(v, 0xffffffffffffffff))))
            }
        }
    }

    function _write(uint256 location, uint256 word) private pure {
        // Memory: one of the reserved words.
        assembly ("memory-safe") {
            mstore(location, word)
        }
    }

    /// @dev The address of byte `offset` of the blocks: in the first, or from 128 on in the second.
    function _place(uint256 offset) private pure returns (uint256) {
        return (offset < 128 ? FIRST : SECOND) + Blake2b.BLOCK + (offset & 127);
    }
}
