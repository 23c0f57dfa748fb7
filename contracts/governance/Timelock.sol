// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title Owns the protocol; carries out what the governor queued after a delay
/// @notice `admin` sets up the roles at deployment and renounces; afterwards only the Timelock itself grants roles.
contract Timelock is TimelockController {
    /// @notice Without a delay nobody could leave before a decision takes effect.
    error TimelockInvalidDelay();

    constructor(
        uint256 minDelay,
        address[] memory proposers,
        address[] memory executors,
        address admin
    ) TimelockController(minDelay, proposers, executors, admin) {
        if (minDelay == 0) revert TimelockInvalidDelay();
    }
}
