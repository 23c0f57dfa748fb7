// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "./Blake2b.sol";

/// @title The registrations' tree: leaves under a root through one batch path
/// @notice A heap of n + P − 1 nodes, P the smallest power of two that is at least n: leaf i lies at P − 1 + i, the children of
/// i at 2i + 1 and 2i + 2; a child beyond the last node counts as the hash of one zero byte. Leaves of a batch are walked
/// upwards together, level by level, from left to right: siblings in the batch are hashed with one another, all others with
/// the next value of the path.
library StmTree {
    bytes32 internal constant ABSENT = 0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314;

    /// @notice The heap's position of leaf 0.
    function firstPosition(uint256 leaves) internal pure returns (uint256 position) {
        // Memory: none. The smallest 2^b − 1 that is at least leaves − 1.
        unchecked {
            position = leaves - 1;
            for (uint256 shift = 1; shift < 64; shift <<= 1) position |= position >> shift;
        }
    }

    /// @notice Walks `count` nodes at memory address `nodes`, each a word of position and a word of hash, up to the root. The
    /// positions are those of leaves, strictly ascending, below `last`; `count` is at least one. Overwrites the nodes.
    /// @param last The heap's number of nodes.
    /// @param path Where in calldata the path starts.
    /// @return root The hash at position 0.
    /// @return needed The bytes of the path that the walk read; the caller compares it with the path's length.
    function walk(
        uint256 nodes,
        uint256 count,
        uint256 last,
        uint256 path
    ) internal view returns (bytes32 root, uint256 needed) {
        uint256 input = Blake2b.newInput(Blake2b.INITIAL_32);
        Blake2b.setCounter(input, 64, true);
        // Memory: the input; `nodes`; the scratch space for digests. A value beyond the path's end is read from whatever
        // follows: the caller's comparison refuses it.
        assembly ("memory-safe") {
            let end := add(nodes, shl(6, count))
            for {} mload(nodes) {} {
                let target := nodes
                let node := nodes
                for {} lt(node, end) {
                    target := add(target, 0x40)
                } {
                    let position := mload(node)
                    // An odd position is a left child: its hash comes first.
                    let place := add(add(input, 68), shl(5, iszero(and(position, 1))))
                    mstore(place, mload(add(node, 0x20)))
                    node := add(node, 0x40)
                    let sibling
                    switch and(and(position, 1), and(lt(node, end), eq(mload(node), add(position, 1))))
                    case 1 {
                        sibling := mload(add(node, 0x20))
                        node := add(node, 0x40)
                    }
                    default {
                        // Only a right sibling can be absent: a left child has a smaller position than the node itself.
                        switch and(and(position, 1), iszero(lt(add(position, 1), last)))
                        case 1 {
                            sibling := ABSENT
                        }
                        default {
                            sibling := calldataload(add(path, needed))
                            needed := add(needed, 0x20)
                        }
                    }
                    // The other place of the two.
                    mstore(sub(add(shl(1, input), 0xa8), place), sibling)
                    pop(staticcall(gas(), 0x09, input, 213, 0x00, 0x40))
                    mstore(target, shr(1, sub(position, 1)))
                    mstore(add(target, 0x20), mload(0x00))
                }
                end := target
            }
            root := mload(add(nodes, 0x20))
        }
    }
}
