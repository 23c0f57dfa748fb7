// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Bls12381} from "../../../contracts/certificates/libraries/Bls12381.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice The library against published vectors: EIP-2537's and RFC 9380's, and Mithril's hashes with the empty tag.
contract Bls12381Test {
    uint256 private constant ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;
    /// HG("PoP") and its y, under the empty tag.
    bytes private constant POP =
        hex"19d61fe320105e14b9d2e1dfe32980207f916bb2eabffcf745e9033a02265af5235ad6abc4c02c6fc8b47bda3f9ed9ff"
        hex"01e577e7789df5d10cd3f009ac5165ef6e0841c5c1ad932d9374cf923826a79e2d6305723144f4e45f6038e03da97f18";

    uint256 private constant CASES = 27;
    uint256 private constant REFUSED = 14;

    string private _json;

    function setUp() public {
        _json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/bls12381.json"));
    }

    function test_Bls_PrecompilesFollowTheirSpecification() public view {
        uint256 refused;
        for (uint256 i = 0; i < CASES; ++i) {
            string memory key = string.concat(".precompiles[", decimal(i), "]");
            bytes memory input = vm.parseJsonBytes(_json, string.concat(key, ".input"));
            bytes memory expected = vm.parseJsonBytes(_json, string.concat(key, ".output"));
            uint256 precompile = vm.parseJsonUint(_json, string.concat(key, ".precompile"));
            string memory name = vm.parseJsonString(_json, string.concat(key, ".name"));
            try this.callByNumber{gas: 2_000_000}(precompile, input) returns (bytes memory output) {
                vm.assertEq(output, expected, name);
            } catch (bytes memory reason) {
                vm.assertEq(expected.length, 0, name);
                vm.assertEq(reason, abi.encodeWithSelector(Bls12381.Bls12381InputRefused.selector, precompile), name);
                ++refused;
            }
        }
        vm.assertEq(refused, REFUSED);
    }

    function test_Bls_HashToCurveFollowsRfc9380() public view {
        for (uint256 i = 0; i < 5; ++i) {
            string memory key = string.concat(".hashToG1[", decimal(i), "]");
            Bls12381.G1 memory point = Bls12381.hashToG1(
                vm.parseJsonBytes(_json, string.concat(key, ".message")),
                vm.parseJsonBytes(_json, string.concat(key, ".tag"))
            );
            bytes memory x = vm.parseJsonBytes(_json, string.concat(key, ".x"));
            bytes memory y = vm.parseJsonBytes(_json, string.concat(key, ".y"));
            vm.assertEq(abi.encode(point), bytes.concat(bytes16(0), x, bytes16(0), y));
        }
    }

    function test_Bls_HashToCurveTakesTheEmptyTag() public view {
        Bls12381.G1 memory point = Bls12381.hashToG1("PoP", "");
        vm.assertEq(abi.encode(point), abi.encode(this.readG1(POP)));
        vm.assertEq(
            Bls12381.compress(point),
            hex"99d61fe320105e14b9d2e1dfe32980207f916bb2eabffcf745e9033a02265af5235ad6abc4c02c6fc8b47bda3f9ed9ff"
        );
        // msgp of the real certificate in test/integration: 64 hex digits and the tree's root.
        bytes memory message = bytes.concat(
            "f7a1798430fee3e1e388f4f3a7ec9546d6f508ce6e7958706be001324a9277ef",
            hex"fa585eb63cb9ad80b752fb2962a5ed97ceac927d5808659552504bd706205043"
        );
        vm.assertEq(
            Bls12381.compress(Bls12381.hashToG1(message, "")),
            hex"944f4ab773ea08114cac94f8f23b2cd8612fbf354d7d341866fd0c53a84eac358a3a5ee53cf9de1bc900606a1130d251"
        );
    }

    function test_Bls_HashToCurve_RevertWhen_TagIsTooLong() public {
        vm.expectRevert(abi.encodeWithSelector(Bls12381.Bls12381TagTooLong.selector, 256));
        this.hashToG1("", new bytes(256));
    }

    function test_Bls_TagsOf255BytesWork() public view {
        vm.assertTrue(!Bls12381.isInfinity(this.hashToG1("", new bytes(255))));
    }

    /// The constants are the generators: e(g1, -g2)·e(g1, g2) = 1, where g2 is minus one times the constant.
    function test_Bls_GeneratorsAreTheGenerators() public view {
        Bls12381.G2 memory g2 = Bls12381.multiplyG2(abi.encode(Bls12381.negatedGeneratorG2(), ORDER - 1));
        vm.assertEq(
            Bls12381.compress(g2),
            hex"93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
            hex"024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
        );
        vm.assertEq(
            Bls12381.compress(Bls12381.generatorG1()),
            hex"97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
        );
        Bls12381.G1 memory g1 = Bls12381.generatorG1();
        vm.assertTrue(Bls12381.pairingIsOne(g1, g2, g1, Bls12381.negatedGeneratorG2()));
        vm.assertFalse(Bls12381.pairingIsOne(g1, g2, g1, g2));
    }

    /// Of a point and its negation exactly one carries the flag, in both groups, and the bytes differ in nothing else.
    /// hardhat-config: fuzz.runs = 24
    function testFuzz_Bls_CompressionTellsAPointFromItsNegation(uint256 scalar) public view {
        scalar = bound(scalar, 1, ORDER - 1);
        bytes memory one = Bls12381.compress(Bls12381.multiplyG1(abi.encode(Bls12381.generatorG1(), scalar)));
        bytes memory other = Bls12381.compress(Bls12381.multiplyG1(abi.encode(Bls12381.generatorG1(), ORDER - scalar)));
        checkOpposite(one, other);
        one = Bls12381.compress(Bls12381.multiplyG2(abi.encode(Bls12381.negatedGeneratorG2(), scalar)));
        other = Bls12381.compress(Bls12381.multiplyG2(abi.encode(Bls12381.negatedGeneratorG2(), ORDER - scalar)));
        checkOpposite(one, other);
    }

    /// The flag at the border, which no random point meets: half the prime is the last "smaller" root.
    function test_Bls_CompressionAtTheBorder() public pure {
        (uint256 high, uint256 low) = (Bls12381.HALF_HIGH, Bls12381.HALF_LOW);
        vm.assertEq(flagOf(high, low), 0x80);
        vm.assertEq(flagOf(high, low + 1), 0xa0);
        vm.assertEq(flagOf(high, 0), 0x80);
        vm.assertEq(flagOf(high + 1, 0), 0xa0);
        vm.assertEq(flagOf(high - 1, type(uint256).max), 0x80);
        unchecked {
            // Twice the half and one is the prime.
            vm.assertEq(low * 2 + 1, Bls12381.PRIME_LOW);
            vm.assertEq(high * 2 + (low >> 255), Bls12381.PRIME_HIGH);
        }
        // In G2 the flag looks at y.c1 first, and at y.c0 only where y.c1 is zero.
        vm.assertEq(flagOf(high, low + 1, 0, 0), 0xa0);
        vm.assertEq(flagOf(high, low, 0, 0), 0x80);
        vm.assertEq(flagOf(high, low + 1, 0, 1), 0x80);
        vm.assertEq(flagOf(0, 1, high, low + 1), 0xa0);
    }

    function test_Bls_InfinityIsAllZeros() public pure {
        Bls12381.G1 memory point;
        vm.assertTrue(Bls12381.isInfinity(point));
        Bls12381.G2 memory twisted;
        vm.assertTrue(Bls12381.isInfinity(twisted));
        for (uint256 i = 0; i < 8; ++i) {
            uint256[8] memory words;
            words[i] = 1;
            vm.assertFalse(Bls12381.isInfinity(abi.decode(abi.encode(words), (Bls12381.G2))));
            uint256[4] memory fewer = [words[0], words[1], words[2], words[3]];
            vm.assertTrue(Bls12381.isInfinity(abi.decode(abi.encode(fewer), (Bls12381.G1))) == (i > 3));
        }
    }

    function testFuzz_Bls_ReadsPointsWithoutZeros(bytes32[6] calldata words) public view {
        bytes memory raw = abi.encodePacked(words);
        Bls12381.G2 memory point = this.readG2(bytes.concat(raw, "tail"));
        bytes memory padded;
        for (uint256 i = 0; i < 4; ++i) padded = bytes.concat(padded, bytes16(0), this.slice(raw, i * 48, i * 48 + 48));
        vm.assertEq(abi.encode(point), padded);
        vm.assertEq(abi.encode(this.readG1(raw)), this.slice(padded, 0, 128));
    }

    function test_Bls_Read_RevertWhen_TooShort() public {
        vm.expectRevert();
        this.readG1(new bytes(95));
        vm.expectRevert();
        this.readG2(new bytes(191));
    }

    function callByNumber(uint256 precompile, bytes calldata input) external view returns (bytes memory) {
        if (precompile == Bls12381.G1_ADD) {
            (Bls12381.G1 memory a, Bls12381.G1 memory b) = abi.decode(input, (Bls12381.G1, Bls12381.G1));
            return abi.encode(Bls12381.add(a, b));
        }
        if (precompile == Bls12381.G1_MSM) return abi.encode(Bls12381.multiplyG1(input));
        if (precompile == Bls12381.G2_MSM) return abi.encode(Bls12381.multiplyG2(input));
        (Bls12381.G1 memory a1, Bls12381.G2 memory a2) = abi.decode(input[:384], (Bls12381.G1, Bls12381.G2));
        (Bls12381.G1 memory b1, Bls12381.G2 memory b2) = abi.decode(input[384:], (Bls12381.G1, Bls12381.G2));
        return abi.encode(Bls12381.pairingIsOne(a1, a2, b1, b2));
    }

    function hashToG1(bytes calldata message, bytes calldata tag) external view returns (Bls12381.G1 memory) {
        return Bls12381.hashToG1(message, tag);
    }

    function readG1(bytes calldata data) external pure returns (Bls12381.G1 memory) {
        return Bls12381.readG1(data);
    }

    function readG2(bytes calldata data) external pure returns (Bls12381.G2 memory) {
        return Bls12381.readG2(data);
    }

    function slice(bytes calldata data, uint256 from, uint256 to) external pure returns (bytes memory) {
        return data[from:to];
    }

    function checkOpposite(bytes memory one, bytes memory other) private pure {
        vm.assertEq(uint8(one[0] ^ other[0]), 0x20);
        vm.assertEq(uint8(one[0] & 0xc0), 0x80);
        one[0] ^= 0x20;
        vm.assertEq(one, other);
    }

    function flagOf(uint256 yHigh, uint256 yLow) private pure returns (uint256) {
        return uint8(Bls12381.compress(Bls12381.G1(0, 0, yHigh, yLow))[0]);
    }

    function flagOf(uint256 y0High, uint256 y0Low, uint256 y1High, uint256 y1Low) private pure returns (uint256) {
        return uint8(Bls12381.compress(Bls12381.G2(0, 0, 0, 0, y0High, y0Low, y1High, y1Low))[0]);
    }

    function decimal(uint256 value) private pure returns (string memory) {
        bytes memory digits = new bytes(2);
        digits[0] = bytes1(uint8(48 + value / 10));
        digits[1] = bytes1(uint8(48 + (value % 10)));
        return value < 10 ? string(abi.encodePacked(digits[1])) : string(digits);
    }
}
