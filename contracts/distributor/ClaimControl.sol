// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @dev All that a signed claim must know of a distributor's changing state, in one storage word that is read once and
/// kept on the stack: from its lower end the signer (160 bits), whether the signer is a contract (8), until when signed
/// claims wait (40), and by how many seconds guardians moved the window's end (40).
type ClaimControl is uint256;

using ClaimControls for ClaimControl global;

library ClaimControls {
    uint256 private constant KIND_SHIFT = 160;
    uint256 private constant PAUSE_SHIFT = 168;
    uint256 private constant EXTENSION_SHIFT = 208;

    function signerOf(ClaimControl self) internal pure returns (address) {
        return address(uint160(ClaimControl.unwrap(self)));
    }

    function signsAsContract(ClaimControl self) internal pure returns (bool) {
        return uint8(ClaimControl.unwrap(self) >> KIND_SHIFT) != 0;
    }

    function pauseEnd(ClaimControl self) internal pure returns (uint256) {
        return uint40(ClaimControl.unwrap(self) >> PAUSE_SHIFT);
    }

    function extension(ClaimControl self) internal pure returns (uint256) {
        return ClaimControl.unwrap(self) >> EXTENSION_SHIFT;
    }

    function withSigner(ClaimControl self, address signer, bool isContract) internal pure returns (ClaimControl) {
        uint256 rest = (ClaimControl.unwrap(self) >> PAUSE_SHIFT) << PAUSE_SHIFT;
        return ClaimControl.wrap(rest | (isContract ? 1 << KIND_SHIFT : 0) | uint160(signer));
    }

    function withPauseEnd(ClaimControl self, uint40 until) internal pure returns (ClaimControl) {
        uint256 rest = ClaimControl.unwrap(self) & ~(uint256(type(uint40).max) << PAUSE_SHIFT);
        return ClaimControl.wrap(rest | (uint256(until) << PAUSE_SHIFT));
    }

    function withExtension(ClaimControl self, uint40 seconds_) internal pure returns (ClaimControl) {
        uint256 rest = ClaimControl.unwrap(self) & ((1 << EXTENSION_SHIFT) - 1);
        return ClaimControl.wrap(rest | (uint256(seconds_) << EXTENSION_SHIFT));
    }
}
