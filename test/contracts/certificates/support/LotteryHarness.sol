// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "../../../../contracts/certificates/libraries/Blake2b.sol";
import {StmLottery} from "../../../../contracts/certificates/libraries/StmLottery.sol";

/// @notice The lottery in a call of its own, as its fixed addresses need, and the same in words.
contract LotteryHarness {
    using StmLottery for StmLottery.State;

    struct Draws {
        bytes prefix;
        bytes signature;
        uint256 threshold;
        uint256 m;
        bytes indices;
    }

    /// Returns how many indices were won before the first lost one, or all.
    function draw(Draws calldata draws) external view returns (uint256 won, bool refused) {
        StmLottery.reserve(draws.m);
        StmLottery.State memory state = StmLottery.prepare(draws.prefix, draws.m);
        bytes memory signature = draws.signature;
        uint256 location;
        uint256 start;
        assembly ("memory-safe") {
            location := add(signature, 0x20)
        }
        state.setSigner(location, draws.threshold);
        bytes calldata indices = draws.indices;
        assembly ("memory-safe") {
            start := indices.offset
        }
        uint256 reached;
        (reached, refused) = state.draw(start, start + indices.length);
        won = (reached - start) / 2;
    }

    function plainDraw(Draws calldata draws) external view returns (uint256 won, bool refused) {
        uint256 count = draws.indices.length / 2;
        bool[] memory drawn = new bool[](65_536);
        for (won = 0; won < count; ++won) {
            uint256 index = uint16(bytes2(draws.indices[2 * won:]));
            if (index >= draws.m || drawn[index]) refused = true;
            drawn[index] = true;
            if (top120(draws.prefix, index, draws.signature) >= draws.threshold) return (won, refused);
        }
    }

    /// The draw by its definition, byte by byte.
    function top120(bytes memory prefix, uint256 index, bytes memory signature) public view returns (uint256 value) {
        bytes memory littleEndian = new bytes(8);
        littleEndian[0] = bytes1(uint8(index));
        littleEndian[1] = bytes1(uint8(index >> 8));
        (, bytes32 tail) = Blake2b.hash512(bytes.concat(prefix, littleEndian, signature));
        for (uint256 i = 0; i < 15; ++i) value = (value << 8) | uint8(tail[31 - i]);
    }

    function reserveLate() external pure {
        bytes memory taken = new bytes(1024);
        StmLottery.reserve(taken.length);
    }
}
