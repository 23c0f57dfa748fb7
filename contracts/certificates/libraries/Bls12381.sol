// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title BLS12-381 through the precompiles of EIP-2537
/// @notice Points are affine. In memory they lie as the precompiles take them: each coordinate in 64 bytes, big-endian, of
/// which the first 16 are zero; an extension coordinate as c0, then c1. In calldata and hashes they have no such zeros.
/// @dev What checks what: the multiplications (MSM) and the pairing refuse points that are not on the curve or not in the
/// subgroup; the addition checks the curve alone. All refuse coordinates from the field's prime on, so that a point has one
/// encoding, and all take infinity, (0, 0), as a legal point: `isInfinity` is for the caller. A precompile that refuses its
/// input burns all gas that it was given, hence 63 of 64 parts of what was left.
library Bls12381 {
    /// @notice A precompile refused its input: a point that is not on the curve, not in the subgroup, or not encoded uniquely.
    error Bls12381InputRefused(uint256 precompile);

    /// @notice A domain separation tag has at most 255 bytes.
    error Bls12381TagTooLong(uint256 length);

    struct G1 {
        uint256 xHigh;
        uint256 xLow;
        uint256 yHigh;
        uint256 yLow;
    }

    struct G2 {
        uint256 x0High;
        uint256 x0Low;
        uint256 x1High;
        uint256 x1Low;
        uint256 y0High;
        uint256 y0Low;
        uint256 y1High;
        uint256 y1Low;
    }

    uint256 internal constant MODEXP = 0x05;
    uint256 internal constant G1_ADD = 0x0b;
    uint256 internal constant G1_MSM = 0x0c;
    uint256 internal constant G2_ADD = 0x0d;
    uint256 internal constant G2_MSM = 0x0e;
    uint256 internal constant PAIRING = 0x0f;
    uint256 internal constant MAP_FP_TO_G1 = 0x10;

    /// @dev Bytes of a point without zeros, and of a term of a multiplication: a point and its scalar.
    uint256 internal constant G1_BYTES = 96;
    uint256 internal constant G2_BYTES = 192;
    uint256 internal constant G1_TERM = 160;
    uint256 internal constant G2_TERM = 288;

    /// @dev The field's prime, and the half of it above which a coordinate counts as the greater of two roots.
    uint256 internal constant PRIME_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 internal constant PRIME_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;
    uint256 internal constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 internal constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// @notice The generator of G1.
    function generatorG1() internal pure returns (G1 memory) {
        return
            G1({
                xHigh: 0x17f1d3a73197d7942695638c4fa9ac0f,
                xLow: 0xc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb,
                yHigh: 0x08b3f481e3aaa0f1a09e30ed741d8ae4,
                yLow: 0xfcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1
            });
    }

    /// @notice The generator of G2, negated: the constant side of a comparison of two pairings.
    function negatedGeneratorG2() internal pure returns (G2 memory) {
        return
            G2({
                x0High: 0x024aa2b2f08f0a91260805272dc51051,
                x0Low: 0xc6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8,
                x1High: 0x13e02b6052719f607dacd3a088274f65,
                x1Low: 0x596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e,
                y0High: 0x0d1b3cc2c7027888be51d9ef691d77bc,
                y0Low: 0xb679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa,
                y1High: 0x13fa4d4a0ad8b1ce186ed5061789213d,
                y1Low: 0x993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed
            });
    }

    /// @notice The G1 point in the first 96 bytes of `data`: x, y.
    function readG1(bytes calldata data) internal pure returns (G1 memory point) {
        bytes calldata raw = data[:G1_BYTES]; // reverts when there are fewer
        return G1(_high(raw, 0), _low(raw, 0), _high(raw, 48), _low(raw, 48));
    }

    /// @notice The G2 point in the first 192 bytes of `data`: x.c0, x.c1, y.c0, y.c1.
    function readG2(bytes calldata data) internal pure returns (G2 memory point) {
        bytes calldata raw = data[:G2_BYTES];
        (point.x0High, point.x0Low) = (_high(raw, 0), _low(raw, 0));
        (point.x1High, point.x1Low) = (_high(raw, 48), _low(raw, 48));
        (point.y0High, point.y0Low) = (_high(raw, 96), _low(raw, 96));
        (point.y1High, point.y1Low) = (_high(raw, 144), _low(raw, 144));
    }

    function isInfinity(G1 memory point) internal pure returns (bool) {
        return (point.xHigh | point.xLow | point.yHigh | point.yLow) == 0;
    }

    function isInfinity(G2 memory point) internal pure returns (bool) {
        return
            (point.x0High | point.x0Low | point.x1High | point.x1Low) == 0 &&
            (point.y0High | point.y0Low | point.y1High | point.y1Low) == 0;
    }

    /// @notice The 48 bytes of a point that is not infinity: x with the flags "compressed" and "greater root" (as in ZCash).
    function compress(G1 memory point) internal pure returns (bytes memory) {
        return abi.encodePacked(uint128(point.xHigh | _flags(point.yHigh, point.yLow)), point.xLow);
    }

    /// @notice The 96 bytes of a point that is not infinity: x.c1, x.c0, flags on x.c1. The root's flag looks at y.c1, and at
    /// y.c0 where y.c1 is zero.
    function compress(G2 memory point) internal pure returns (bytes memory) {
        uint256 flags =
            (point.y1High | point.y1Low) == 0 ? _flags(point.y0High, point.y0Low) : _flags(point.y1High, point.y1Low);
        return abi.encodePacked(uint128(point.x1High | flags), point.x1Low, uint128(point.x0High), point.x0Low);
    }

    /// @notice The sum of two points of G1, which are checked to be on the curve but not in the subgroup.
    function add(G1 memory a, G1 memory b) internal view returns (G1 memory sum) {
        _call(G1_ADD, bytes.concat(abi.encode(a), abi.encode(b)), _at(sum), 0x80);
    }

    /// @notice Σ scalar·point over G1. Each term is 160 bytes: `abi.encode(point, scalar)`.
    function multiplyG1(bytes memory terms) internal view returns (G1 memory sum) {
        _call(G1_MSM, terms, _at(sum), 0x80);
    }

    /// @notice Σ scalar·point over G2. Each term is 288 bytes: `abi.encode(point, scalar)`.
    function multiplyG2(bytes memory terms) internal view returns (G2 memory sum) {
        _call(G2_MSM, terms, _at(sum), 0x100);
    }

    /// @notice Whether e(a1, a2)·e(b1, b2) = 1. All four points are checked to be in their subgroups.
    function pairingIsOne(G1 memory a1, G2 memory a2, G1 memory b1, G2 memory b2) internal view returns (bool) {
        bytes memory pairs = bytes.concat(abi.encode(a1), abi.encode(a2), abi.encode(b1), abi.encode(b2));
        uint256[1] memory result;
        uint256 target;
        // Memory: only the address of `result` is taken.
        assembly ("memory-safe") {
            target := result
        }
        _call(PAIRING, pairs, target, 0x20);
        return result[0] == 1;
    }

    /// @notice hash_to_curve of the suite BLS12381G1_XMD:SHA-256_SSWU_RO_ (RFC 9380) under the tag `tag`, which may be empty:
    /// the RFC forbids that, Mithril does it.
    function hashToG1(bytes memory message, bytes memory tag) internal view returns (G1 memory) {
        if (tag.length > 255) revert Bls12381TagTooLong(tag.length);
        bytes memory suffix = abi.encodePacked(tag, uint8(tag.length));
        // expand_message_xmd to 128 bytes; 64 zero bytes are the hash's block.
        bytes32 b0 = sha256(abi.encodePacked(bytes32(0), bytes32(0), message, uint16(128), uint8(0), suffix));
        bytes32 b1 = sha256(abi.encodePacked(b0, uint8(1), suffix));
        bytes32 b2 = sha256(abi.encodePacked(b0 ^ b1, uint8(2), suffix));
        bytes32 b3 = sha256(abi.encodePacked(b0 ^ b2, uint8(3), suffix));
        bytes32 b4 = sha256(abi.encodePacked(b0 ^ b3, uint8(4), suffix));
        return add(_mapToCurve(b1, b2), _mapToCurve(b3, b4));
    }

    /// @dev The 512-bit number modulo the field's prime, then mapped into the subgroup.
    function _mapToCurve(bytes32 high, bytes32 low) private view returns (G1 memory point) {
        bytes memory power = abi.encodePacked(
            uint256(64), // bytes of the base
            uint256(1), // of the exponent
            uint256(48), // of the modulus
            high,
            low,
            uint8(1),
            uint128(PRIME_HIGH),
            PRIME_LOW
        );
        bytes memory element = new bytes(64);
        uint256 target;
        // Memory: only an address inside `element` is taken, behind its 16 leading zeros.
        assembly ("memory-safe") {
            target := add(element, 0x30)
        }
        _call(MODEXP, power, target, 48);
        _call(MAP_FP_TO_G1, element, _at(point), 0x80);
    }

    /// @dev The top half of a coordinate of 48 bytes: 16 bytes.
    function _high(bytes calldata raw, uint256 offset) private pure returns (uint256) {
        return uint128(bytes16(raw[offset:offset + 16]));
    }

    function _low(bytes calldata raw, uint256 offset) private pure returns (uint256) {
        return uint256(bytes32(raw[offset + 16:offset + 48]));
    }

    /// @dev The flags in the place of the top byte of a coordinate's high half, whose own three top bits are zero.
    function _flags(uint256 yHigh, uint256 yLow) private pure returns (uint256) {
        bool greater = yHigh > HALF_HIGH || (yHigh == HALF_HIGH && yLow > HALF_LOW);
        return uint256(greater ? 0xa0 : 0x80) << 120;
    }

    function _at(G1 memory point) private pure returns (uint256 location) {
        // Memory: only an address is taken.
        assembly ("memory-safe") {
            location := point
        }
    }

    function _at(G2 memory point) private pure returns (uint256 location) {
        // Memory: only an address is taken.
        assembly ("memory-safe") {
            location := point
        }
    }

    /// @dev Sends `input` to a precompile and puts its answer of `size` bytes to `target`. A chain without the precompile
    /// returns nothing, which counts as refused.
    function _call(uint256 precompile, bytes memory input, uint256 target, uint256 size) private view {
        bool answered;
        // Memory: `size` bytes at `target`, which the callers have allocated.
        assembly ("memory-safe") {
            answered := staticcall(gas(), precompile, add(input, 0x20), mload(input), target, size)
            answered := and(answered, eq(returndatasize(), size))
        }
        if (!answered) revert Bls12381InputRefused(precompile);
    }
}
