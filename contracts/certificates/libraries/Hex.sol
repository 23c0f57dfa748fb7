// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Bytes as lower-case hexadecimal digits, without a prefix
library Hex {
    uint256 private constant BYTES_1 = 0x0101010101010101010101010101010101010101010101010101010101010101;

    /// @dev The 16 digits of 8 bytes.
    function digits8(uint64 value) internal pure returns (bytes16) {
        return bytes16(uint128(uint256(digits16(uint128(value)))));
    }

    /// @dev The 32 digits of 16 bytes.
    function digits16(uint128 value) internal pure returns (bytes32) {
        unchecked {
            // Halves move apart, then quarters, and so on, until each byte holds one nibble.
            uint256 x = value;
            x = (x | (x << 64)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
            x = (x | (x << 32)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
            x = (x | (x << 16)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
            x = (x | (x << 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            x = (x | (x << 4)) & (BYTES_1 * 0x0f);
            // A nibble above 9 carries into the upper half when 6 is added: these become letters.
            uint256 letters = ((x + BYTES_1 * 6) >> 4) & BYTES_1;
            // No byte overflows: at most 15 + 48 + 39.
            return bytes32(x + BYTES_1 * 0x30 + letters * 0x27);
        }
    }

    /// @dev The 64 digits of 32 bytes.
    function digits32(bytes32 value) internal pure returns (bytes memory) {
        return abi.encodePacked(digits16(uint128(uint256(value) >> 128)), digits16(uint128(uint256(value))));
    }

    /// @dev The 40 digits of an address.
    function digits20(address value) internal pure returns (bytes memory) {
        uint160 number = uint160(value);
        // The last 4 bytes alone, as the top of a number of 16 bytes.
        return abi.encodePacked(digits16(uint128(number >> 32)), bytes8(digits16(uint128(number) << 96)));
    }
}
