// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "./Blake2b.sol";

/// @title The tree over (key, stake), built leaf by leaf
/// @notice Leaves are Blake2b-256 over key (96 bytes) and stake (8 bytes, big-endian); nodes are Blake2b-256 over left and
/// right. Leaves are missing up to the next power of two: each counts as Blake2b-256 of one zero byte. It is the tree of
/// Mithril's `mithril-stm`.
/// @dev Only the roots of complete subtrees are kept, at most one of each height: `subtrees[h]` counts if bit h of the number
/// of leaves is set. So a tree of any size goes on from a few words.
library SealTree {
    /// More leaves than an epoch can have registrations.
    uint256 internal constant HEIGHTS = 17;
    bytes32 private constant MISSING = 0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314;

    /// @dev Adds the leaf after the first `count`.
    function push(bytes32[] memory subtrees, uint256 count, bytes32 leaf) internal view {
        uint256 height = 0;
        for (; (count >> height) & 1 == 1; ++height) leaf = hashPair(subtrees[height], leaf);
        subtrees[height] = leaf;
    }

    /// @dev The root over `count` leaves; at least one.
    function root(bytes32[] memory subtrees, uint256 count) internal view returns (bytes32 node) {
        uint256 height = 0;
        bytes32 missing = MISSING;
        for (; (count >> height) & 1 == 0; ++height) missing = hashPair(missing, missing);
        node = subtrees[height];
        if (count == 1 << height) return node;
        // The smallest complete subtree is a left child, and what lies right of it is missing.
        node = hashPair(node, missing);
        while (true) {
            missing = hashPair(missing, missing);
            ++height;
            if (count >> height == 0) return node;
            node = (count >> height) & 1 == 1 ? hashPair(subtrees[height], node) : hashPair(node, missing);
        }
    }

    /// @dev The subtrees that count, largest first.
    function pack(bytes32[] memory subtrees, uint256 count) internal pure returns (bytes32[] memory frontier) {
        uint256 size = 0;
        for (uint256 rest = count; rest != 0; rest &= rest - 1) ++size;
        frontier = new bytes32[](size);
        uint256 next = 0;
        for (uint256 height = HEIGHTS; height > 0; --height) {
            if ((count >> (height - 1)) & 1 == 1) frontier[next++] = subtrees[height - 1];
        }
    }

    /// @dev The reverse of {pack}.
    function unpack(bytes32[] memory frontier, uint256 count) internal pure returns (bytes32[] memory subtrees) {
        subtrees = new bytes32[](HEIGHTS);
        uint256 next = 0;
        for (uint256 height = HEIGHTS; height > 0; --height) {
            if ((count >> (height - 1)) & 1 == 1) subtrees[height - 1] = frontier[next++];
        }
    }

    function hashLeaf(bytes32[3] memory verificationKey, uint64 stake) internal view returns (bytes32) {
        return Blake2b.hash256(abi.encodePacked(verificationKey[0], verificationKey[1], verificationKey[2], stake));
    }

    function hashPair(bytes32 left, bytes32 right) internal view returns (bytes32) {
        return Blake2b.hashPair(left, right);
    }
}
