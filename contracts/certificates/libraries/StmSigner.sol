// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "./Blake2b.sol";
import {Bls12381} from "./Bls12381.sol";

/// @title One signer's record in calldata, unpacked: the terms of the multiplications, the compressed signature, the leaf
library StmSigner {
    /// @dev The record: see IStmVerifier.
    uint256 internal constant BYTES = 302;
    uint256 private constant KEY = 96;
    uint256 private constant STAKE = 288;
    uint256 private constant COUNT = 296;
    uint256 private constant LEAF = 298;

    uint256 private constant LEAF_PREIMAGE = 104;

    /// @notice An input of the hash for leaves, made once: the leaf's 104 bytes are all that changes.
    function leafInput() internal pure returns (uint256 input) {
        input = Blake2b.newInput(Blake2b.INITIAL_32);
        Blake2b.setCounter(input, LEAF_PREIMAGE, true);
    }

    function numbers(uint256 record) internal pure returns (uint256 stake, uint256 count, uint256 leaf) {
        // Memory: none. The three are the record's last 14 bytes.
        assembly ("memory-safe") {
            let word := calldataload(add(record, STAKE))
            stake := shr(192, word)
            count := and(shr(176, word), 0xffff)
            leaf := and(shr(144, word), 0xffffffff)
        }
    }

    /// @notice Whether the signature or the key has x = 0: infinity, or a point of order 3, which is not in the subgroup.
    function hasZeroPoint(uint256 record) internal pure returns (bool zero) {
        // Memory: none. Loads overlap, so that they cover 48 and 96 bytes exactly.
        assembly ("memory-safe") {
            zero := or(
                iszero(or(calldataload(record), calldataload(add(record, 16)))),
                iszero(
                    or(
                        calldataload(add(record, 96)),
                        or(calldataload(add(record, 128)), calldataload(add(record, 160)))
                    )
                )
            )
        }
    }

    /// @notice Writes the signature's 48 compressed bytes and its point in the form of the precompiles.
    /// @param point Memory of 128 bytes, zero.
    /// @param compressed Memory of 48 bytes.
    function loadSignature(uint256 record, uint256 point, uint256 compressed) internal pure {
        (uint256 halfHigh, uint256 halfLow) = (Bls12381.HALF_HIGH, Bls12381.HALF_LOW);
        // Memory: the bytes named above.
        assembly ("memory-safe") {
            calldatacopy(add(point, 0x10), record, 48)
            calldatacopy(add(point, 0x50), add(record, 48), 48)
            let high := shr(128, calldataload(add(record, 48)))
            let greater := or(gt(high, halfHigh), and(eq(high, halfHigh), gt(calldataload(add(record, 64)), halfLow)))
            calldatacopy(compressed, record, 48)
            mstore8(compressed, or(byte(0, calldataload(record)), or(0x80, shl(5, greater))))
        }
    }

    /// @notice Writes the key's point in the form of the precompiles, and hashes the leaf of key and stake.
    /// @param point Memory of 256 bytes, zero.
    /// @param input What `leafInput` returned.
    function loadKey(uint256 record, uint256 point, uint256 input) internal view returns (bytes32 leaf) {
        (uint256 halfHigh, uint256 halfLow) = (Bls12381.HALF_HIGH, Bls12381.HALF_LOW);
        // Memory: the bytes named above, and the scratch space for the digest.
        assembly ("memory-safe") {
            let key := add(record, KEY)
            calldatacopy(add(point, 0x10), key, 48)
            calldatacopy(add(point, 0x50), add(key, 48), 48)
            calldatacopy(add(point, 0x90), add(key, 96), 48)
            calldatacopy(add(point, 0xd0), add(key, 144), 48)
            // y.c1, or where that is zero y.c0, decides which root it is.
            let high := mload(add(point, 0xc0))
            let low := mload(add(point, 0xe0))
            if iszero(or(high, low)) {
                high := mload(add(point, 0x80))
                low := mload(add(point, 0xa0))
            }
            let greater := or(gt(high, halfHigh), and(eq(high, halfHigh), gt(low, halfLow)))
            // x.c1, x.c0, stake
            calldatacopy(add(input, 68), add(key, 48), 48)
            mstore8(add(input, 68), or(byte(0, calldataload(add(key, 48))), or(0x80, shl(5, greater))))
            calldatacopy(add(input, 116), key, 48)
            calldatacopy(add(input, 164), add(record, STAKE), 8)
            pop(staticcall(gas(), 0x09, input, 213, 0x00, 0x40))
            leaf := mload(0x00)
        }
    }
}
