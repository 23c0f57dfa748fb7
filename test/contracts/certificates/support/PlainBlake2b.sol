// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice BLAKE2b as RFC 7693 writes it down, in Solidity alone: what the library and its precompile are held against.
library PlainBlake2b {
    function hash(bytes memory data, uint256 size) internal pure returns (bytes memory digest) {
        uint64[8] memory h = initial();
        h[0] ^= uint64(0x01010000 ^ size);
        uint256 blocks = data.length == 0 ? 1 : (data.length + 127) / 128;
        for (uint256 i = 0; i < blocks; ++i) {
            bool last = i + 1 == blocks;
            compress(h, wordsOf(data, i * 128), last ? data.length : (i + 1) * 128, last);
        }
        digest = new bytes(size);
        for (uint256 i = 0; i < size; ++i) digest[i] = bytes1(uint8(h[i / 8] >> (8 * (i % 8))));
    }

    function initial() private pure returns (uint64[8] memory) {
        return
            [
                0x6a09e667f3bcc908,
                0xbb67ae8584caa73b,
                0x3c6ef372fe94f82b,
                0xa54ff53a5f1d36f1,
                0x510e527fade682d1,
                0x9b05688c2b3e6c1f,
                0x1f83d9abfb41bd6b,
                0x5be0cd19137e2179
            ];
    }

    function wordsOf(bytes memory data, uint256 from) private pure returns (uint64[16] memory m) {
        for (uint256 i = 0; i < 128 && from + i < data.length; ++i) {
            m[i / 8] |= uint64(uint8(data[from + i])) << uint64(8 * (i % 8));
        }
    }

    function compress(uint64[8] memory h, uint64[16] memory m, uint256 count, bool last) private pure {
        uint64[16] memory v;
        uint64[8] memory iv = initial();
        for (uint256 i = 0; i < 8; ++i) (v[i], v[i + 8]) = (h[i], iv[i]);
        v[12] ^= uint64(count);
        if (last) v[14] = ~v[14];
        bytes16[10] memory sigma = [
            bytes16(0x000102030405060708090a0b0c0d0e0f),
            0x0e0a0408090f0d06010c00020b070503,
            0x0b080c0005020f0d0a0e030607010904,
            0x070903010d0c0b0e0206050a04000f08,
            0x0900050702040a0f0e010b0c0608030d,
            0x020c060a000b0803040d07050f0e0109,
            0x0c05010f0e0d040a000706030902080b,
            0x0d0b070e0c01030905000f040806020a,
            0x060f0e090b0300080c020d0701040a05,
            0x0a020804070601050f0b090e030c0d00
        ];
        for (uint256 turn = 0; turn < 12; ++turn) mixAll(v, m, sigma[turn % 10]);
        for (uint256 i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
    }

    /// @dev One round: the columns, then the diagonals.
    function mixAll(uint64[16] memory v, uint64[16] memory m, bytes16 order) private pure {
        for (uint256 i = 0; i < 8; ++i) {
            uint64 x = m[uint8(order[2 * i])];
            uint64 y = m[uint8(order[2 * i + 1])];
            uint256 shift = i / 4;
            mix(v, i % 4, 4 + ((i + shift) % 4), 8 + ((i + 2 * shift) % 4), 12 + ((i + 3 * shift) % 4), x, y);
        }
    }

    function mix(uint64[16] memory v, uint256 a, uint256 b, uint256 c, uint256 d, uint64 x, uint64 y) private pure {
        unchecked {
            v[a] = v[a] + v[b] + x;
            v[d] = rotate(v[d] ^ v[a], 32);
            v[c] = v[c] + v[d];
            v[b] = rotate(v[b] ^ v[c], 24);
            v[a] = v[a] + v[b] + y;
            v[d] = rotate(v[d] ^ v[a], 16);
            v[c] = v[c] + v[d];
            v[b] = rotate(v[b] ^ v[c], 63);
        }
    }

    function rotate(uint64 word, uint64 count) private pure returns (uint64) {
        return (word >> count) | (word << (64 - count));
    }
}
