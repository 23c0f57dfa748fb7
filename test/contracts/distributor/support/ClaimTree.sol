// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice What one leaf pays. Account zero makes an unbound leaf.
struct Row {
    uint32 userId;
    address account;
    uint256 amount;
}

/// @title The list's tree, written the plain way: what the contract's hashing is held against
/// @notice Leaves in the order of the rows, an odd node is promoted, pairs are sorted.
library ClaimTree {
    function leafOf(Row memory row) internal pure returns (bytes32) {
        return
            row.account == address(0)
                ? keccak256(bytes.concat(keccak256(abi.encode(row.userId, row.amount))))
                : keccak256(bytes.concat(keccak256(abi.encode(row.userId, row.amount, row.account))));
    }

    function leavesOf(Row[] memory rows) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) leaves[i] = leafOf(rows[i]);
    }

    function hashPair(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
    }

    function parents(bytes32[] memory nodes) internal pure returns (bytes32[] memory next) {
        next = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i = 0; i < next.length; ++i) {
            next[i] = 2 * i + 1 < nodes.length ? hashPair(nodes[2 * i], nodes[2 * i + 1]) : nodes[2 * i];
        }
    }

    function rootOf(Row[] memory rows) internal pure returns (bytes32) {
        bytes32[] memory nodes = leavesOf(rows);
        while (nodes.length > 1) nodes = parents(nodes);
        return nodes[0];
    }

    function proofOf(Row[] memory rows, uint256 index) internal pure returns (bytes32[] memory proof) {
        bytes32[] memory nodes = leavesOf(rows);
        bytes32[] memory path = new bytes32[](64);
        uint256 length = 0;
        while (nodes.length > 1) {
            uint256 sibling = index ^ 1;
            if (sibling < nodes.length) path[length++] = nodes[sibling];
            nodes = parents(nodes);
            index /= 2;
        }
        proof = new bytes32[](length);
        for (uint256 i = 0; i < length; ++i) proof[i] = path[i];
    }

    function totalOf(Row[] memory rows) internal pure returns (uint256 total) {
        for (uint256 i = 0; i < rows.length; ++i) total += rows[i].amount;
    }
}
