// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {VestingWallet, VestingWalletCliff} from "@openzeppelin/contracts/finance/VestingWalletCliff.sol";

/// @title Releases the treasury's tokens to the Timelock: nothing before the cliff, then linearly
/// @notice Anyone may call `release`. The beneficiary is the owner; times and durations are in seconds.
contract TreasuryVester is VestingWalletCliff {
    constructor(
        address timelock,
        uint64 start,
        uint64 duration,
        uint64 cliff
    ) VestingWallet(timelock, start, duration) VestingWalletCliff(cliff) {}
}
