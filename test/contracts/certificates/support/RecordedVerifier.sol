// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IStmVerifier} from "../../../../contracts/certificates/IStmVerifier.sol";

/// @notice Accepts exactly what a test said that the stewards signed. How signatures are verified is tested elsewhere.
contract RecordedVerifier is IStmVerifier {
    mapping(bytes32 statement => bool) private _signed;

    error NotSigned();

    function sign(
        AggregateKey memory key,
        Parameters memory parameters,
        bytes memory message,
        bytes memory proof
    ) external {
        _signed[keccak256(abi.encode(key, parameters, message, proof))] = true;
    }

    function verify(
        AggregateKey calldata key,
        Parameters calldata parameters,
        bytes calldata message,
        bytes calldata proof
    ) external view {
        if (!_signed[keccak256(abi.encode(key, parameters, message, proof))]) revert NotSigned();
    }
}
