// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title What a contract asks about a person
/// @notice Scores are in units of 1e-4: 200000 is 20.0000. No read reverts, whatever it is asked: whoever is unknown,
/// expired or dropped has the score 0 and is not human. A score of 0 is never human, whatever the threshold.
interface IPassportScores {
    /// @notice The account's score with this scorer, or 0.
    function getScore(uint256 scorerId, address account) external view returns (uint256);

    /// @notice Whether the account's score reaches the threshold of the rules that made it.
    function isHuman(uint256 scorerId, address account) external view returns (bool);

    /// @notice Whether the account's score reaches the caller's own `threshold`, in units of 1e-4.
    function isHuman(uint256 scorerId, address account, uint256 threshold) external view returns (bool);
}
