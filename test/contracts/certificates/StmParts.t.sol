// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "../../../contracts/certificates/libraries/Blake2b.sol";
import {Bls12381} from "../../../contracts/certificates/libraries/Bls12381.sol";
import {StmCoefficients} from "../../../contracts/certificates/libraries/StmCoefficients.sol";
import {StmSigner} from "../../../contracts/certificates/libraries/StmSigner.sol";
import {StmThreshold} from "../../../contracts/certificates/libraries/StmThreshold.sol";
import {StmTree} from "../../../contracts/certificates/libraries/StmTree.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice The verifier's other parts against the same in plain Solidity, and against the library's frozen vectors.
contract StmPartsTest {
    uint256 private constant THRESHOLDS = 42;

    string private _json;

    function setUp() public {
        _json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/stm.json"));
    }

    function test_Threshold_EqualsTheVectors() public view {
        for (uint256 i = 0; i < THRESHOLDS; ++i) {
            string memory key = string.concat(".lotteries[", decimal(i), "]");
            uint256 c120 = vm.parseJsonUint(_json, string.concat(key, ".c120"));
            if (c120 > StmThreshold.MAX_C120) continue;
            uint256 threshold = StmThreshold.compute(
                c120,
                vm.parseJsonUint(_json, string.concat(key, ".stake")),
                vm.parseJsonUint(_json, string.concat(key, ".totalStake"))
            );
            vm.assertEq(threshold, vm.parseJsonUint(_json, string.concat(key, ".threshold")), key);
        }
    }

    /// The loop as certification.md writes it, one term a turn.
    function testFuzz_Threshold_IsThePlainSeries(uint256 c120, uint256 stake, uint256 total) public pure {
        c120 = bound(c120, 1, StmThreshold.MAX_C120);
        total = bound(total, 1, type(uint64).max);
        stake = bound(stake, 0, total);
        checkThreshold(c120, stake, total);
        checkThreshold(c120, total, total);
        checkThreshold(c120, 0, total);
        checkThreshold(StmThreshold.MAX_C120, stake, total);
    }

    function checkThreshold(uint256 c120, uint256 stake, uint256 total) private pure {
        uint256 x = (c120 * stake) / total;
        uint256[2] memory sums = [uint256(0), x]; // even terms, odd terms
        uint256 term = x;
        for (uint256 i = 2; term != 0; ++i) {
            term = ((term * x) >> 120) / i;
            sums[i % 2] += term;
        }
        uint256 expected = sums[1] > sums[0] + 64 ? sums[1] - sums[0] - 64 : 0;
        uint256 one = 1 << 120;
        if (10 * x > 26 * one) {
            uint256 cut = one - (1 << 240) / (one + x + ((3 * x * x) >> 121)) - 2;
            if (cut < expected) expected = cut;
        }
        vm.assertEq(StmThreshold.compute(c120, stake, total), expected);
        vm.assertTrue(expected < one);
    }

    /// hardhat-config: fuzz.runs = 64
    function testFuzz_Signer_UnpacksARecord(
        bytes32[9] calldata words,
        uint64 stake,
        uint16 count,
        uint32 leaf
    ) public view {
        // Below the prime, as far as the flags need it: three top bits of each coordinate are zero.
        bytes memory points = abi.encodePacked(words);
        for (uint256 i = 0; i < 288; i += 48) points[i] &= 0x1f;
        checkRecord(points, stake, count, leaf);
        // y.c1 = 0: then y.c0 names the root.
        for (uint256 i = 240; i < 288; ++i) points[i] = 0;
        checkRecord(points, stake, count, leaf);
    }

    function checkRecord(bytes memory points, uint64 stake, uint16 count, uint32 leaf) private view {
        (Unpacked memory unpacked, uint256[3] memory numbers) = this.unpack(
            abi.encodePacked(points, stake, count, leaf)
        );
        Bls12381.G1 memory signature = this.readG1(points);
        Bls12381.G2 memory key = this.readG2(points);
        vm.assertEq(abi.encode(numbers), abi.encode(uint256(stake), uint256(count), uint256(leaf)));
        vm.assertEq(unpacked.signaturePoint, abi.encode(signature));
        vm.assertEq(unpacked.compressed, Bls12381.compress(signature));
        vm.assertEq(unpacked.keyPoint, abi.encode(key));
        vm.assertEq(unpacked.leaf, Blake2b.hash256(bytes.concat(Bls12381.compress(key), abi.encodePacked(stake))));
        bool isZero = (signature.xHigh | signature.xLow) == 0 || (key.x0High | key.x0Low | key.x1High | key.x1Low) == 0;
        vm.assertEq(unpacked.zero, isZero);
    }

    /// Each of the 48 and 96 bytes of x, alone not zero, makes a point that is not zero.
    function test_Signer_ZeroPointsAreFoundByEveryByte() public view {
        for (uint256 i = 0; i < 48; ++i) {
            bytes memory record = new bytes(302);
            record[96] = 0x01;
            record[48] = 0x01; // y does not matter
            vm.assertTrue(this.zero(record));
            record[i] = 0x01;
            vm.assertFalse(this.zero(record));
        }
        for (uint256 i = 0; i < 96; ++i) {
            bytes memory record = new bytes(302);
            record[0] = 0x01;
            record[95] = 0x01;
            record[192] = 0x01;
            vm.assertTrue(this.zero(record));
            record[96 + i] = 0x01;
            vm.assertFalse(this.zero(record));
        }
    }

    struct Unpacked {
        bytes signaturePoint;
        bytes compressed;
        bytes keyPoint;
        bytes32 leaf;
        bool zero;
    }

    function zero(bytes calldata record) external pure returns (bool) {
        return StmSigner.hasZeroPoint(offsetOf(record));
    }

    function unpack(bytes calldata record) external view returns (Unpacked memory unpacked, uint256[3] memory numbers) {
        uint256 offset = offsetOf(record);
        (numbers[0], numbers[1], numbers[2]) = StmSigner.numbers(offset);
        unpacked.zero = StmSigner.hasZeroPoint(offset);
        unpacked.signaturePoint = new bytes(128);
        unpacked.compressed = new bytes(48);
        unpacked.keyPoint = new bytes(256);
        StmSigner.loadSignature(offset, locationOf(unpacked.signaturePoint), locationOf(unpacked.compressed));
        unpacked.leaf = StmSigner.loadKey(offset, locationOf(unpacked.keyPoint), StmSigner.leafInput());
    }

    /// Coefficients of one to nine signatures: every remainder of 48·n by the block.
    function test_Coefficients_AreTheHashesRead() public view {
        for (uint256 n = 1; n <= 9; ++n) {
            bytes memory signatures = new bytes(48 * n);
            for (uint256 i = 0; i < signatures.length; ++i) signatures[i] = bytes1(uint8(i * 5 + n));
            uint256[] memory one = new uint256[](n);
            uint256[] memory other = new uint256[](2 * n);
            uint256 first;
            uint256 second;
            assembly ("memory-safe") {
                first := add(one, 0x20)
                second := add(other, 0x20)
            }
            StmCoefficients.write(signatures, first, 32, second, 64);
            for (uint256 j = 0; j < n; ++j) {
                bytes16 digest = Blake2b.hash128(bytes.concat(signatures, abi.encodePacked(uint64(j))));
                uint256 expected = 0;
                for (uint256 i = 0; i < 16; ++i) expected |= uint256(uint8(digest[i])) << (8 * i);
                vm.assertEq(one[j], expected);
                vm.assertEq(other[2 * j], expected);
            }
        }
    }

    /// hardhat-config: fuzz.runs = 96
    function testFuzz_Tree_BatchesLeadToTheRoot(uint256 leaves, uint256 chosen, bytes32 seed) public view {
        leaves = bound(leaves, 1, 40);
        chosen = bound(chosen, 1, (1 << leaves) - 1);
        (bytes32[] memory heap, uint256 first) = build(leaves, seed);
        (uint256[] memory batch, bytes memory path) = prove(heap, first, leaves, chosen);
        vm.assertEq(StmTree.firstPosition(leaves), first);
        (bytes32 root, uint256 needed) = this.walk(batch, heap.length, path);
        vm.assertEq(root, heap[0]);
        vm.assertEq(needed, path.length);
        if (path.length > 0) {
            path[uint256(seed) % path.length] ^= 0x10;
            (root, ) = this.walk(batch, heap.length, path);
            vm.assertTrue(root != heap[0]);
        }
    }

    function test_Tree_AbsentIsTheHashOfZero() public view {
        vm.assertEq(StmTree.ABSENT, Blake2b.hash256(hex"00"));
    }

    function walk(
        uint256[] memory batch,
        uint256 last,
        bytes calldata path
    ) external view returns (bytes32 root, uint256 needed) {
        uint256 nodes;
        assembly ("memory-safe") {
            nodes := add(batch, 0x20)
        }
        return StmTree.walk(nodes, batch.length / 2, last, offsetOf(path));
    }

    function readG1(bytes calldata data) external pure returns (Bls12381.G1 memory) {
        return Bls12381.readG1(data);
    }

    function readG2(bytes calldata data) external pure returns (Bls12381.G2 memory) {
        return Bls12381.readG2(data[96:]);
    }

    /// The heap of certification.md 1.4, filled from its end.
    function build(uint256 leaves, bytes32 seed) private view returns (bytes32[] memory heap, uint256 first) {
        uint256 width = 1;
        while (width < leaves) width *= 2;
        first = width - 1;
        heap = new bytes32[](leaves + first);
        for (uint256 i = heap.length; i > 0; --i) {
            uint256 place = i - 1;
            heap[place] =
                place >= first
                    ? keccak256(abi.encode(seed, place))
                    : Blake2b.hash256(bytes.concat(child(heap, 2 * place + 1), child(heap, 2 * place + 2)));
        }
    }

    function child(bytes32[] memory heap, uint256 position) private view returns (bytes32) {
        return position < heap.length ? heap[position] : Blake2b.hash256(hex"00");
    }

    /// Marks every node that the batch knows, level by level, and lists the missing siblings from left to right.
    function prove(
        bytes32[] memory heap,
        uint256 first,
        uint256 leaves,
        uint256 chosen
    ) private pure returns (uint256[] memory batch, bytes memory path) {
        bool[] memory known = new bool[](2 * first + 1);
        uint256 count;
        for (uint256 i = 0; i < leaves; ++i) if ((chosen >> i) & 1 == 1) ++count;
        batch = new uint256[](2 * count);
        count = 0;
        for (uint256 i = 0; i < leaves; ++i) {
            if ((chosen >> i) & 1 == 0) continue;
            known[first + i] = true;
            (batch[count], batch[count + 1]) = (first + i, uint256(heap[first + i]));
            count += 2;
        }
        for (uint256 start = first; start > 0; start = (start - 1) / 2) {
            for (uint256 position = start; position <= 2 * start; ++position) {
                if (!known[position]) continue;
                uint256 sibling = position % 2 == 1 ? position + 1 : position - 1;
                if (!known[sibling] && sibling < heap.length) path = bytes.concat(path, heap[sibling]);
                known[(position - 1) / 2] = true;
            }
        }
    }

    function offsetOf(bytes calldata data) private pure returns (uint256 offset) {
        assembly ("memory-safe") {
            offset := data.offset
        }
    }

    function locationOf(bytes memory data) private pure returns (uint256 location) {
        assembly ("memory-safe") {
            location := add(data, 0x20)
        }
    }

    function decimal(uint256 value) private pure returns (string memory) {
        bytes memory digits = new bytes(2);
        digits[0] = bytes1(uint8(48 + value / 10));
        digits[1] = bytes1(uint8(48 + (value % 10)));
        return value < 10 ? string(abi.encodePacked(digits[1])) : string(digits);
    }
}
