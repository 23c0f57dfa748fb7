// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "../../../../contracts/certificates/libraries/Blake2b.sol";

/// @notice The aggregate key's tree as its specification has it: a heap of n + P - 1 nodes, filled from the end, whose
/// missing children count as Blake2b-256 of one zero byte.
library HeapTree {
    function leaf(bytes32[3] memory verificationKey, uint64 stake) internal view returns (bytes32) {
        return Blake2b.hash256(bytes.concat(abi.encode(verificationKey), abi.encodePacked(stake)));
    }

    function root(bytes32[] memory leaves) internal view returns (bytes32) {
        uint256 width = 1;
        while (width < leaves.length) width *= 2;
        uint256 size = leaves.length + width - 1;
        bytes32[] memory nodes = new bytes32[](size);
        for (uint256 i = 0; i < leaves.length; ++i) nodes[width - 1 + i] = leaves[i];
        bytes32 missing = Blake2b.hash256(hex"00");
        for (uint256 i = width - 1; i > 0; --i) {
            uint256 left = 2 * (i - 1) + 1;
            nodes[i - 1] = Blake2b.hash256(
                abi.encodePacked(left < size ? nodes[left] : missing, left + 1 < size ? nodes[left + 1] : missing)
            );
        }
        return nodes[0];
    }
}
