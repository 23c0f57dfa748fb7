// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Walks a Merkle proof in calldata from a leaf to the root
/// @notice Each step hashes the node and its sibling, the smaller one first. A loop over single steps spends a quarter of
/// its gas on the loop itself, so four levels are walked a turn: 500 gas less at depth 17. `MerklePath.t.sol` holds it
/// against the plain loop.
library MerklePath {
    /// @dev The root of the only tree that holds `leaf` under `proof`; the leaf itself for an empty proof.
    function rootOf(bytes32[] calldata proof, bytes32 leaf) internal pure returns (bytes32 node) {
        // Memory: 0x00 and 0x20, the scratch space, hold the two children in order; nothing else is written.
        assembly ("memory-safe") {
            node := leaf
            let cursor := proof.offset
            let end := add(cursor, shl(5, proof.length))
            let sibling
            let
                place // of the node: the second word when it is the greater one
            for {} lt(add(cursor, 0x60), end) {
                cursor := add(cursor, 0x80)
            } {
                sibling := calldataload(cursor)
                place := shl(5, gt(node, sibling))
                mstore(place, node)
                mstore(xor(place, 0x20), sibling)
                node := keccak256(0x00, 0x40)

                sibling := calldataload(add(cursor, 0x20))
                place := shl(5, gt(node, sibling))
                mstore(place, node)
                mstore(xor(place, 0x20), sibling)
                node := keccak256(0x00, 0x40)

                sibling := calldataload(add(cursor, 0x40))
                place := shl(5, gt(node, sibling))
                mstore(place, node)
                mstore(xor(place, 0x20), sibling)
                node := keccak256(0x00, 0x40)

                sibling := calldataload(add(cursor, 0x60))
                place := shl(5, gt(node, sibling))
                mstore(place, node)
                mstore(xor(place, 0x20), sibling)
                node := keccak256(0x00, 0x40)
            }
            for {} lt(cursor, end) {
                cursor := add(cursor, 0x20)
            } {
                sibling := calldataload(cursor)
                place := shl(5, gt(node, sibling))
                mstore(place, node)
                mstore(xor(place, 0x20), sibling)
                node := keccak256(0x00, 0x40)
            }
        }
    }
}
