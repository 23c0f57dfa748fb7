// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {StmLottery} from "../../../contracts/certificates/libraries/StmLottery.sol";
import {bound, vm} from "../support/Vm.sol";
import {LotteryHarness} from "./support/LotteryHarness.sol";

contract StmLotteryTest {
    uint256 private constant ALWAYS = (1 << 120) - 1;

    LotteryHarness private _lottery;

    function setUp() public {
        _lottery = new LotteryHarness();
    }

    /// hardhat-config: fuzz.runs = 128
    function testFuzz_Lottery_IsThePlainOne(
        bytes32 seed,
        uint256 length,
        uint256 count,
        uint256 m,
        uint256 odds
    ) public view {
        count = bound(count, 0, 9);
        m = bound(m, 1, 300);
        bytes memory indices = new bytes(2 * count);
        for (uint256 i = 0; i < count; ++i) {
            // Mostly in range, sometimes behind it; small numbers repeat.
            uint256 index = uint256(keccak256(abi.encode(seed, i))) % (m + 1 + (uint256(seed) % 2));
            (indices[2 * i], indices[2 * i + 1]) = (bytes1(uint8(index >> 8)), bytes1(uint8(index)));
        }
        // Thresholds whose first byte is often zero or one, too.
        uint256 threshold = ALWAYS >> bound(odds, 0, 12);
        check(drawsOf(seed, bound(length, 0, 300), threshold, m, indices));
    }

    /// One index, at every place that it and the signature can have in their blocks, at its own border.
    function test_Lottery_BorderAtEveryLength() public view {
        for (uint256 length = 0; length < 260; ++length) {
            LotteryHarness.Draws memory draws = drawsOf(bytes32(length), length, 0, 60_001, hex"ea60");
            uint256 value = _lottery.top120(draws.prefix, 60_000, draws.signature);
            draws.threshold = value;
            (uint256 won, bool refused) = _lottery.draw(draws);
            vm.assertEq(won, 0);
            vm.assertFalse(refused);
            draws.threshold = value + 1;
            (won, refused) = _lottery.draw(draws);
            vm.assertEq(won, 1);
            vm.assertFalse(refused);
        }
    }

    /// Thresholds that agree with the draw in its first bytes, so that each step of the comparison decides once.
    function test_Lottery_EveryByteDecides() public view {
        LotteryHarness.Draws memory draws = drawsOf("bytes", 99, 0, 8, hex"0003");
        uint256 value = _lottery.top120(draws.prefix, 3, draws.signature);
        for (uint256 bit = 0; bit < 120; ++bit) {
            draws.threshold = value ^ (1 << bit);
            (uint256 won, ) = _lottery.draw(draws);
            vm.assertEq(won, draws.threshold > value ? 1 : 0);
        }
    }

    function test_Lottery_RangeAndRepetition() public view {
        for (uint256 m = 1; m <= 65_535; m = m * 3 + 1) {
            vm.assertFalse(refuses(m, two(m - 1, m - 1), 1));
            vm.assertTrue(refuses(m, two(m - 1, m - 1), 2));
            vm.assertTrue(refuses(m, two(m, 0), 1));
            vm.assertTrue(refuses(m, two(0, m), 2));
            vm.assertTrue(refuses(m, two(65_535, 0), 1));
            if (m > 33) vm.assertFalse(refuses(m, two(m - 1, m - 32), 2));
            if (m > 2) vm.assertFalse(refuses(m, two(1, 2), 2));
        }
        vm.assertFalse(refuses(65_535, two(65_534, 0), 2));
    }

    function test_Lottery_RevertGiven_MemoryIsTaken() public {
        vm.expectRevert(StmLottery.StmLotteryMemoryTaken.selector);
        _lottery.reserveLate();
    }

    function refuses(uint256 m, bytes memory indices, uint256 count) private view returns (bool refused) {
        bytes memory fewer = new bytes(2 * count);
        for (uint256 i = 0; i < fewer.length; ++i) fewer[i] = indices[i];
        LotteryHarness.Draws memory draws = drawsOf("range", 99, ALWAYS, m, fewer);
        (, refused) = _lottery.draw(draws);
    }

    function two(uint256 a, uint256 b) private pure returns (bytes memory) {
        return abi.encodePacked(uint16(a), uint16(b));
    }

    function check(LotteryHarness.Draws memory draws) private view {
        (uint256 won, bool refused) = _lottery.draw(draws);
        (uint256 plainlyWon, bool plainlyRefused) = _lottery.plainDraw(draws);
        vm.assertEq(won, plainlyWon);
        vm.assertEq(refused, plainlyRefused);
    }

    function drawsOf(
        bytes32 seed,
        uint256 length,
        uint256 threshold,
        uint256 m,
        bytes memory indices
    ) private pure returns (LotteryHarness.Draws memory draws) {
        draws.prefix = new bytes(length);
        for (uint256 i = 0; i < length; ++i)
            draws.prefix[i] = bytes1(uint8(uint256(keccak256(abi.encode(seed, i / 3)))));
        draws.signature = abi.encodePacked(keccak256(abi.encode(seed)), bytes16(seed));
        draws.threshold = threshold;
        draws.m = m;
        draws.indices = indices;
    }
}
