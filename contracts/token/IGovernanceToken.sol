// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @title A governance token whose first distribution sets balance and delegate with one storage write
/// @notice ERC-20 with ERC-2612 permits and ERC-5805 votes on an ERC-6372 timestamp clock. Balances and supply fit
/// `uint96`. New tokens come from the minter alone, at most 2 % of the supply, once in 365 days.
interface IGovernanceToken is IERC20Metadata, IERC20Permit, IERC5805 {
    /// @notice An amount of the initial supply and who receives it.
    struct Allocation {
        address account;
        uint96 amount;
    }

    /// @notice The minter was changed; both sides are indexed, the first event has no previous minter.
    event MinterChanged(address indexed previousMinter, address indexed newMinter);

    /// @notice The caller is not the minter.
    error TokenNotMinter(address caller);
    /// @notice The minter would be the zero address, which would end minting by accident.
    error TokenInvalidMinter(address minter);
    /// @notice Minting is not allowed before `allowedAt` (seconds since the epoch).
    error TokenMintTooEarly(uint256 allowedAt, uint256 now_);
    /// @notice One mint may create at most `cap` (2 % of the supply, in wei).
    error TokenMintCapExceeded(uint256 amount, uint256 cap);
    /// @notice The caller is not the launch distributor.
    error TokenNotDistributor(address caller);
    /// @notice The distributor cannot be the zero address.
    error TokenInvalidDistributor(address distributor);
    /// @notice The total supply would not fit `uint96`.
    error TokenSupplyOverflow(uint256 supply, uint256 maximum);
    /// @notice The first minting time lies in the past, or so far ahead that it does not fit `uint96`.
    error TokenInvalidMintingTime(uint256 mintingAllowedAfter, uint256 now_);

    /// @notice Moves `amount` wei from the launch distributor to `to` and, unless `delegatee` is zero, makes it the
    /// delegate of `to`, whose whole balance then votes through it.
    /// @dev Requirements: the caller is the launch distributor, which must have obtained the consent of `to`; `to` is
    /// neither zero nor the distributor; the distributor holds `amount`. Emits what a transfer followed by a delegation
    /// emits, in that order: where `to` leaves another delegate, that one's votes first rise by `amount`, then fall by all.
    function distribute(address to, uint256 amount, address delegatee) external returns (bool);

    /// @notice Creates `amount` wei for `to`.
    /// @dev Requirements: the caller is the minter; `mintingAllowedAfter` has come; at most 2 % of the supply.
    function mint(address to, uint256 amount) external;

    /// @notice Appoints a new minter. Requirements: the caller is the minter; `newMinter` is not zero.
    function setMinter(address newMinter) external;

    /// @notice The launch distributor: the only caller of `distribute`, fixed for ever.
    function distributor() external view returns (address);

    /// @notice Who may mint: the Timelock.
    function minter() external view returns (address);

    /// @notice When the next mint is allowed, in seconds since the epoch.
    function mintingAllowedAfter() external view returns (uint256);
}
