// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @dev What one account holds and whom it appointed, in one storage word: balance in the upper 96 bits, delegate in the
/// lower 160. Written once where two slots would be written twice.
type PackedAccount is uint256;

using PackedAccounts for PackedAccount global;

/// @dev A struct, so that a function can hold a reference to it and find the slot once.
struct AccountSlot {
    PackedAccount word;
}

/// @dev A library rather than free functions: Hardhat cannot read the build of a file without any contract.
library PackedAccounts {
    uint256 private constant BALANCE_SHIFT = 160;

    function balance(PackedAccount self) internal pure returns (uint256) {
        return PackedAccount.unwrap(self) >> BALANCE_SHIFT;
    }

    function delegatee(PackedAccount self) internal pure returns (address) {
        return address(uint160(PackedAccount.unwrap(self)));
    }

    /// @dev The caller makes sure that the new balance is at most the total supply, hence below 2^96.
    function plus(PackedAccount self, uint256 amount) internal pure returns (PackedAccount) {
        unchecked {
            return PackedAccount.wrap(PackedAccount.unwrap(self) + (amount << BALANCE_SHIFT));
        }
    }

    /// @dev The caller makes sure that the balance covers `amount`.
    function minus(PackedAccount self, uint256 amount) internal pure returns (PackedAccount) {
        unchecked {
            return PackedAccount.wrap(PackedAccount.unwrap(self) - (amount << BALANCE_SHIFT));
        }
    }

    function withDelegatee(PackedAccount self, address newDelegatee) internal pure returns (PackedAccount) {
        uint256 balanceBits = (PackedAccount.unwrap(self) >> BALANCE_SHIFT) << BALANCE_SHIFT;
        return PackedAccount.wrap(balanceBits | uint160(newDelegatee));
    }
}
