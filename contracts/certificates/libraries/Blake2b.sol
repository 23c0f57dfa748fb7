// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title BLAKE2b without a key (RFC 7693) through the compression precompile of EIP-152
/// @notice The precompile's input of 213 bytes is `rounds (4, big-endian) ‖ h (64) ‖ m (128) ‖ t (16) ‖ final (1)`; the words
/// of h, m and t are little-endian, so that a message is copied as it is and the state is the digest.
/// @dev Whoever drives the precompile itself (the lottery) takes the offsets and the initial states from here. Two failures
/// of the precompile exist, a wrong length and a final flag above one; neither can happen to the inputs made here. One that
/// runs out of its 12 gas leaves its caller none to go on with. A chain that has no such precompile is another matter:
/// see `requirePrecompile`.
library Blake2b {
    /// @notice This chain has no BLAKE2b compression at address 9.
    error Blake2bPrecompileMissing();

    /// @dev Offsets in the precompile's input, and its length.
    uint256 internal constant STATE = 4;
    uint256 internal constant BLOCK = 68;
    uint256 internal constant COUNTER = 196;
    uint256 internal constant FINAL = 212;
    uint256 internal constant INPUT_LENGTH = 213;
    /// @dev What `newInput` allocates: whole words.
    uint256 internal constant INPUT_SPACE = 0xe0;

    /// @dev The first half of the initial state, which names the digest's length, and the second, which is always the same.
    bytes32 internal constant INITIAL_16 = 0x18c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5;
    bytes32 internal constant INITIAL_32 = 0x28c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5;
    bytes32 internal constant INITIAL_64 = 0x48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5;
    bytes32 internal constant INITIAL_TAIL = 0xd182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b;

    /// @notice The digest of 16 bytes.
    function hash128(bytes memory data) internal view returns (bytes16 digest) {
        (bytes32 head, ) = _hash(data, INITIAL_16);
        return bytes16(head);
    }

    /// @notice The digest of 32 bytes.
    function hash256(bytes memory data) internal view returns (bytes32 digest) {
        (digest, ) = _hash(data, INITIAL_32);
    }

    /// @notice The digest of 64 bytes, in two halves.
    function hash512(bytes memory data) internal view returns (bytes32 head, bytes32 tail) {
        return _hash(data, INITIAL_64);
    }

    /// @notice The 32-byte digest of two words, a node of the registrations' tree.
    function hashPair(bytes32 left, bytes32 right) internal view returns (bytes32 digest) {
        uint256 input = _freeInput(INITIAL_32);
        // Memory: the input above the free pointer, which does not move; the state comes back into the scratch space.
        assembly ("memory-safe") {
            mstore(add(input, BLOCK), left)
            mstore(add(input, 0x64), right)
            mstore8(add(input, COUNTER), 64)
            mstore8(add(input, FINAL), 1)
            pop(staticcall(gas(), 0x09, input, INPUT_LENGTH, 0x00, 0x40))
            digest := mload(0x00)
        }
    }

    /// @notice Allocates an input of the precompile and initialises it; `initial` is the first half of the state.
    function newInput(bytes32 initial) internal pure returns (uint256 input) {
        input = _freeInput(initial);
        // Memory: allocates the input, rounded up to whole words.
        assembly ("memory-safe") {
            mstore(0x40, add(input, INPUT_SPACE))
        }
    }

    /// @notice Makes memory at `input` an input of the precompile: the initial state, an empty block, no counter, no flag.
    function initialise(uint256 input, bytes32 initial) internal pure {
        // Memory: the input, which may be dirty, hence the zeros.
        assembly ("memory-safe") {
            mstore(input, shl(224, 12))
            mstore(add(input, STATE), initial)
            mstore(add(input, 0x24), INITIAL_TAIL)
            calldatacopy(add(input, BLOCK), calldatasize(), 0x91)
        }
    }

    /// @notice Writes the number of bytes hashed with this block, below 2^24, and whether it is the last one.
    function setCounter(uint256 input, uint256 count, bool last) internal pure {
        // Memory: inside the input. The counter is little-endian.
        assembly ("memory-safe") {
            mstore8(add(input, COUNTER), count)
            mstore8(add(input, 197), shr(8, count))
            mstore8(add(input, 198), shr(16, count))
            mstore8(add(input, FINAL), last)
        }
    }

    /// @notice Hashes the first `whole` bytes of `data`, a multiple of 128, and fills the input's block with the rest, at most 128
    /// bytes, and zeros.
    /// @return left The length of that rest.
    function absorb(uint256 input, bytes memory data, uint256 whole) internal view returns (uint256 left) {
        left = data.length - whole;
        for (uint256 hashed = 0; hashed < whole;) {
            // Memory: inside the input, where the state of each block comes back to its place.
            assembly ("memory-safe") {
                mcopy(add(input, BLOCK), add(add(data, 0x20), hashed), 0x80)
            }
            unchecked {
                hashed += 128; // at most the length of an array
            }
            setCounter(input, hashed, false);
            // Memory: as above.
            assembly ("memory-safe") {
                pop(staticcall(gas(), 0x09, input, INPUT_LENGTH, add(input, STATE), 0x40))
            }
        }
        // Memory: the block.
        assembly ("memory-safe") {
            calldatacopy(add(input, BLOCK), calldatasize(), 0x80)
            mcopy(add(input, BLOCK), add(add(data, 0x20), whole), left)
        }
    }

    /// @notice Reverts where the precompile is missing: there a call succeeds and returns nothing.
    function requirePrecompile() internal view {
        bytes32 abc = 0xbddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319;
        if (hash256("abc") != abc) revert Blake2bPrecompileMissing();
    }

    function _hash(bytes memory data, bytes32 initial) private view returns (bytes32 head, bytes32 tail) {
        uint256 input = _freeInput(initial);
        // The last block is never empty, unless the message is.
        uint256 whole = data.length == 0 ? 0 : (data.length - 1) & ~uint256(127);
        absorb(input, data, whole);
        setCounter(input, data.length, true);
        // Memory: the input above the free pointer, which does not move.
        assembly ("memory-safe") {
            pop(staticcall(gas(), 0x09, input, INPUT_LENGTH, add(input, STATE), 0x40))
            head := mload(add(input, STATE))
            tail := mload(add(input, 0x24))
        }
    }

    /// @dev An input above the free pointer, which does not move: good until the next allocation.
    function _freeInput(bytes32 initial) private pure returns (uint256 input) {
        // Memory: only the free pointer is read.
        assembly ("memory-safe") {
            input := mload(0x40)
        }
        initialise(input, initial);
    }
}
