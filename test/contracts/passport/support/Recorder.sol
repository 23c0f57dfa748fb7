// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @notice The cheatcodes that tell which slots a call touched.
interface Recorder {
    function record() external;
    function accesses(address target) external returns (bytes32[] memory reads, bytes32[] memory writes);
}

Recorder constant recorder = Recorder(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
