// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {PackedCheckpoints} from "../../../contracts/token/PackedCheckpoints.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice Long histories, entry by entry and lookup by lookup, against OpenZeppelin's `Trace208`.
contract PackedCheckpointsTest {
    using Checkpoints for Checkpoints.Trace208;
    using PackedCheckpoints for PackedCheckpoints.Trace;

    uint256 private constant LARGEST = type(uint96).max;

    PackedCheckpoints.Trace private _trace;
    Checkpoints.Trace208 private _reference;

    /// hardhat-config: fuzz.runs = 100
    function testFuzz_Trace_EqualsOpenZeppelins(uint256 seed, uint8 pushes) public {
        uint256 time = 1 + (seed % 1000);
        for (uint256 i = 0; i < pushes; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            if (random % 4 != 0) time += 1 + (random % 20);
            _move(time, random >> 128);
        }
        _compareEntries();
        for (uint256 i = 0; i < 20; ++i) {
            uint256 timepoint = uint256(keccak256(abi.encode(seed, "lookup", i))) % (time + 2);
            vm.assertEq(_trace.valueAt(timepoint), _reference.upperLookupRecent(uint48(timepoint)));
        }
    }

    /// Each length has its own path through the search; each timepoint its own way through the path.
    function test_Trace_FindsEveryTimepointAtEveryLength() public {
        for (uint256 length = 0; length <= 40; ++length) {
            if (length > 0) _move(3 * length, length);
            for (uint256 timepoint = 0; timepoint <= 3 * length + 1; ++timepoint) {
                vm.assertEq(_trace.valueAt(timepoint), _reference.upperLookupRecent(uint48(timepoint)));
            }
        }
    }

    function test_Trace_IsEmptyAtFirst() public view {
        vm.assertEq(_trace.length(), 0);
        vm.assertEq(_trace.latest(), 0);
        vm.assertEq(_trace.valueAt(type(uint48).max), 0);
    }

    function test_Trace_KeepsZeroValues() public {
        _trace.add(10, 5);
        _trace.subtract(20, 5);
        vm.assertEq(_trace.length(), 2);
        vm.assertEq(_trace.latest(), 0);
        vm.assertEq(_trace.valueAt(19), 5);
        vm.assertEq(_trace.valueAt(20), 0);
    }

    function test_Trace_ReturnsOldAndNewValues() public {
        _trace.add(10, 5);
        (uint256 oldValue, uint256 newValue) = _trace.add(10, 2);
        vm.assertEq(oldValue, 5);
        vm.assertEq(newValue, 7);
        (oldValue, newValue) = _trace.subtract(11, 3);
        vm.assertEq(oldValue, 7);
        vm.assertEq(newValue, 4);
    }

    function test_Trace_HoldsTheLargestValueAndTimepoint() public {
        _trace.add(type(uint48).max - 1, LARGEST);
        _trace.subtract(type(uint48).max, 1);
        (uint256 timepoint, uint256 value) = _trace.checkpoint(0);
        vm.assertEq(timepoint, type(uint48).max - 1);
        vm.assertEq(value, LARGEST);
        (timepoint, value) = _trace.checkpoint(1);
        vm.assertEq(timepoint, type(uint48).max);
        vm.assertEq(value, LARGEST - 1);
    }

    function test_Trace_RevertWhen_SubtractingMoreThanThereIs() public {
        _trace.add(10, 5);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        this.subtract(11, 6);
    }

    function test_Trace_RevertWhen_PositionIsOutOfRange() public {
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x32));
        this.checkpoint(0);
        _trace.add(10, 5);
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x32));
        this.checkpoint(1);
    }

    function subtract(uint256 timepoint, uint256 amount) external {
        _trace.subtract(timepoint, amount);
    }

    function checkpoint(uint256 position) external view returns (uint256 timepoint, uint256 value) {
        return _trace.checkpoint(position);
    }

    /// Changes both by the same random difference.
    function _move(uint256 time, uint256 random) private {
        uint208 latest = _reference.latest();
        if (random % 2 == 0) {
            uint256 amount = bound(random / 2, 0, latest);
            _trace.subtract(time, amount);
            _reference.push(uint48(time), latest - uint208(amount));
        } else {
            uint256 amount = bound(random / 2, 0, LARGEST - latest);
            _trace.add(time, amount);
            _reference.push(uint48(time), latest + uint208(amount));
        }
        vm.assertEq(_trace.latest(), _reference.latest());
    }

    function _compareEntries() private view {
        vm.assertEq(_trace.length(), _reference.length());
        for (uint256 i = 0; i < _trace.length(); ++i) {
            (uint256 timepoint, uint256 value) = _trace.checkpoint(i);
            Checkpoints.Checkpoint208 memory expected = _reference.pos(uint32(i));
            vm.assertEq(timepoint, expected._key);
            vm.assertEq(value, expected._value);
        }
    }
}
