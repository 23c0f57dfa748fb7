// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {SealTree} from "../../../contracts/certificates/libraries/SealTree.sol";
import {bound, vm} from "../support/Vm.sol";
import {HeapTree} from "./support/HeapTree.sol";

contract SealTreeTest {
    /// Every shape of a small tree.
    function test_SealTree_EqualsTheHeap() public view {
        for (uint256 count = 1; count <= 40; ++count) expectEqual(count, count);
    }

    /// hardhat-config: fuzz.runs = 24
    function testFuzz_SealTree_GoesOnFromItsFrontier(uint256 count, uint256 cut) public view {
        count = bound(count, 1, 600);
        expectEqual(count, bound(cut, 0, count));
    }

    function expectEqual(uint256 count, uint256 cut) private view {
        bytes32[] memory leaves = new bytes32[](count);
        bytes32[] memory subtrees = new bytes32[](SealTree.HEIGHTS);
        for (uint256 i = 0; i < count; ++i) {
            if (i == cut) subtrees = SealTree.unpack(SealTree.pack(subtrees, i), i);
            leaves[i] = keccak256(abi.encode(i));
            SealTree.push(subtrees, i, leaves[i]);
        }
        vm.assertEq(SealTree.root(subtrees, count), HeapTree.root(leaves));
    }
}
