// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Where certified scores come from
/// @notice One root covers every scorer of an epoch. Its leaves are `keccak(keccak(abi.encode(uint256 chainId, address
/// registry, uint256 scorerId, bytes32 root, uint64 issuedAt, bytes32 rulesHash, uint64 count)))`, where `registry` is the
/// passport registry that the scorer's id belongs to: an entry means nothing in another one. Pairs are hashed in sorted
/// order.
interface IScoresCertificates {
    /// @notice The latest certified root over the scorers' entries in `epoch`; zero if there is none.
    function certifiedScoresRoot(uint256 epoch) external view returns (bytes32);
}
