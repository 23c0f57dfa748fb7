// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {VestingWallet, VestingWalletCliff} from "@openzeppelin/contracts/finance/VestingWalletCliff.sol";

/// @title Releases the treasury's tokens to the Timelock: nothing before the cliff, then linearly
/// @notice Anyone may call `release`, for any ERC-20 token and for ether. The beneficiary is the owner, for ever: tokens can
/// go to the Timelock or stay, and nowhere else. Times are seconds since the epoch, durations seconds.
contract TreasuryVester is VestingWalletCliff {
    /// @notice The Timelock must exist already: a mistaken address would receive everything.
    error VesterInvalidBeneficiary(address beneficiary);
    /// @notice Without a duration nothing would vest over time.
    error VesterInvalidDuration();
    /// @notice The beneficiary cannot be changed or given up.
    error VesterBeneficiaryIsFixed();

    constructor(
        address timelock,
        uint64 start,
        uint64 duration,
        uint64 cliff
    ) VestingWallet(timelock, start, duration) VestingWalletCliff(cliff) {
        if (timelock.code.length == 0) revert VesterInvalidBeneficiary(timelock);
        if (duration == 0) revert VesterInvalidDuration();
    }

    /// @notice Always reverts.
    function transferOwnership(address) public pure override {
        revert VesterBeneficiaryIsFixed();
    }

    /// @notice Always reverts: without an owner every token would be locked for good.
    function renounceOwnership() public pure override {
        revert VesterBeneficiaryIsFixed();
    }
}
