// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportScores} from "./IPassportScores.sol";

/// @title The existing ecosystem's read interface
/// @notice Scores have four decimals: 200000 is 20.0000. Where the existing decoder reverts, for an account without an
/// attestation or with an expired one, this one answers 0 or false: an integrator that catches the revert must look at the
/// answer instead. There is no `getPassport`: lists of stamps stay off-chain.
interface IPassportDecoder {
    error DecoderInvalidRegistry(address registry);
    error DecoderInvalidScorer(uint256 scorerId);

    /// @notice The account's score with the default scorer, or 0.
    function getScore(address account) external view returns (uint256);

    /// @notice The account's score with a scorer whose id fits 32 bits, or 0. Others are read from the registry itself.
    function getScore(uint32 scorerId, address account) external view returns (uint256);

    /// @notice Whether the account's score with the default scorer reaches the threshold of the rules that made it.
    function isHuman(address account) external view returns (bool);

    function registry() external view returns (IPassportScores);
    function defaultScorer() external view returns (uint256);
}
