// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

struct Leaf {
    address account;
    uint32 score;
    uint64 expiresAt;
}

/// @notice Small trees of scores: pairs hashed in sorted order, an odd node carried up.
library ScoreTree {
    function hash(uint256 scorerId, Leaf memory leaf) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(scorerId, leaf.account, leaf.score, leaf.expiresAt))));
    }

    function hashAll(uint256 scorerId, Leaf[] memory leaves) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](leaves.length);
        for (uint256 i = 0; i < leaves.length; ++i) hashes[i] = hash(scorerId, leaves[i]);
    }

    function root(bytes32[] memory nodes) internal pure returns (bytes32) {
        while (nodes.length > 1) nodes = above(nodes);
        return nodes[0];
    }

    function proof(bytes32[] memory nodes, uint256 index) internal pure returns (bytes32[] memory path) {
        path = new bytes32[](0);
        while (nodes.length > 1) {
            uint256 sibling = index ^ 1;
            if (sibling < nodes.length) path = push(path, nodes[sibling]);
            nodes = above(nodes);
            index /= 2;
        }
    }

    function pair(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function above(bytes32[] memory nodes) private pure returns (bytes32[] memory upper) {
        upper = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i = 0; i < upper.length; ++i) {
            upper[i] = 2 * i + 1 < nodes.length ? pair(nodes[2 * i], nodes[2 * i + 1]) : nodes[2 * i];
        }
    }

    function push(bytes32[] memory list, bytes32 item) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) longer[i] = list[i];
        longer[list.length] = item;
    }
}
