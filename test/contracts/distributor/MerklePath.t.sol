// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {MerklePath} from "../../../contracts/distributor/MerklePath.sol";
import {vm} from "../support/Vm.sol";
import {ClaimTree} from "./support/ClaimTree.sol";

contract MerklePathTest {
    function rootOf(bytes32[] calldata proof, bytes32 leaf) external pure returns (bytes32 root, uint256 freeMemory) {
        uint256 before;
        assembly ("memory-safe") {
            before := mload(0x40)
        }
        root = MerklePath.rootOf(proof, leaf);
        assembly ("memory-safe") {
            freeMemory := sub(mload(0x40), before)
            if mload(0x60) {
                revert(0x00, 0x00) // the zero slot
            }
        }
    }

    /// The walk in turns of four equals the plain loop, for every length around the turns and beyond.
    function testFuzz_MerklePath_IsThePlainLoop(bytes32[] calldata proof, bytes32 leaf, uint256 length) public view {
        check(proof[:length % (proof.length + 1)], leaf);
        check(proof, leaf);
    }

    function testFuzz_MerklePath_EveryLength(bytes32 seed) public view {
        for (uint256 length = 0; length <= 33; ++length) {
            bytes32[] memory proof = new bytes32[](length);
            for (uint256 i = 0; i < length; ++i) proof[i] = keccak256(abi.encode(seed, length, i));
            check(proof, seed);
        }
    }

    /// A sibling that equals the node, and the extreme words, which the order of a pair must not trip over.
    function test_MerklePath_EqualAndExtremeWords() public view {
        bytes32[5] memory words = [
            bytes32(0),
            bytes32(uint256(1)),
            bytes32(type(uint256).max),
            bytes32(uint256(1) << 255),
            keccak256("x")
        ];
        for (uint256 i = 0; i < 5; ++i) {
            for (uint256 j = 0; j < 5; ++j) {
                bytes32[] memory proof = new bytes32[](1);
                proof[0] = words[j];
                check(proof, words[i]);
            }
        }
    }

    function check(bytes32[] memory proof, bytes32 leaf) private view {
        bytes32 node = leaf;
        for (uint256 i = 0; i < proof.length; ++i) node = ClaimTree.hashPair(node, proof[i]);
        (bytes32 root, uint256 moved) = this.rootOf(proof, leaf);
        vm.assertEq(root, node);
        vm.assertEq(moved, 0);
    }
}
