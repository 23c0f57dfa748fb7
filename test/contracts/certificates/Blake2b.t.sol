// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Blake2b} from "../../../contracts/certificates/libraries/Blake2b.sol";
import {vm} from "../support/Vm.sol";
import {PlainBlake2b} from "./support/PlainBlake2b.sol";

contract Blake2bTest {
    address private constant PRECOMPILE = address(9);

    /// Vector 5 of EIP-152: the input that the library builds for "abc", and the digest of RFC 7693, appendix A.
    function test_Blake2b_PrecompileFollowsEip152() public view {
        bytes memory input = bytes.concat(
            hex"0000000c",
            Blake2b.INITIAL_64,
            Blake2b.INITIAL_TAIL,
            "abc",
            new bytes(125),
            hex"03",
            new bytes(15),
            hex"01"
        );
        vm.assertEq(input.length, Blake2b.INPUT_LENGTH);
        (bool ok, bytes memory output) = PRECOMPILE.staticcall(input);
        vm.assertTrue(ok);
        bytes memory expected =
            hex"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            hex"7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
        vm.assertEq(output, expected);
        (bytes32 head, bytes32 tail) = Blake2b.hash512("abc");
        vm.assertEq(bytes.concat(head, tail), expected);

        // Its vectors of refusal: a flag of 2, a byte too many.
        input[212] = 0x02;
        (ok, ) = PRECOMPILE.staticcall{gas: 100_000}(input);
        vm.assertFalse(ok);
        (ok, ) = PRECOMPILE.staticcall{gas: 100_000}(bytes.concat(input, hex"00"));
        vm.assertFalse(ok);
    }

    function test_Blake2b_PublishedDigests() public view {
        vm.assertEq(Blake2b.hash256(""), 0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8);
        vm.assertEq(Blake2b.hash256(hex"00"), 0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314);
        vm.assertEq(bytes32(Blake2b.hash128("")), bytes32(hex"cae66941d9efbd404e4d88758ea67670"));
        Blake2b.requirePrecompile();
    }

    /// Every length up to three blocks, for each size of the digest.
    function test_Blake2b_EqualsThePlainOneAtEveryBorder() public view {
        uint256[14] memory lengths = [uint256(0), 1, 63, 64, 65, 104, 127, 128, 129, 155, 255, 256, 257, 384];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes memory data = new bytes(lengths[i]);
            for (uint256 j = 0; j < data.length; ++j) data[j] = bytes1(uint8(j * 7 + i));
            check(data);
        }
    }

    /// hardhat-config: fuzz.runs = 64
    function testFuzz_Blake2b_EqualsThePlainOne(bytes calldata data) public view {
        check(data);
    }

    /// hardhat-config: fuzz.runs = 64
    function testFuzz_Blake2b_APairIsTheHashOfBoth(bytes32 left, bytes32 right, bytes32 dirt) public view {
        bytes32 digest;
        assembly ("memory-safe") {
            // What lies above the free pointer is nobody's, and must not matter.
            for {
                let i := 0
            } lt(i, 0x100) {
                i := add(i, 0x20)
            } {
                mstore(add(mload(0x40), i), dirt)
            }
        }
        digest = Blake2b.hashPair(left, right);
        vm.assertEq(abi.encodePacked(digest), PlainBlake2b.hash(bytes.concat(left, right), 32));
    }

    function test_Blake2b_NoPrecompileReverts() public {
        vm.mockCall(PRECOMPILE, "", "");
        vm.expectRevert(Blake2b.Blake2bPrecompileMissing.selector);
        this.requirePrecompile();
    }

    function requirePrecompile() external view {
        Blake2b.requirePrecompile();
    }

    function check(bytes memory data) private view {
        uint256 before;
        uint256 afterwards;
        assembly ("memory-safe") {
            before := mload(0x40)
            mstore(add(before, 0x44), not(0))
            mstore(add(before, 0xc4), not(0))
        }
        (bytes32 head, bytes32 tail) = Blake2b.hash512(data);
        bytes32 digest = Blake2b.hash256(data);
        bytes16 short = Blake2b.hash128(data);
        assembly ("memory-safe") {
            afterwards := mload(0x40)
        }
        vm.assertEq(before, afterwards);
        vm.assertEq(bytes.concat(head, tail), PlainBlake2b.hash(data, 64));
        vm.assertEq(bytes.concat(digest), PlainBlake2b.hash(data, 32));
        vm.assertEq(bytes.concat(short), PlainBlake2b.hash(data, 16));
    }
}
