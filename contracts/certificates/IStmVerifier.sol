// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Verifies a stake-based threshold multisignature: Mithril's concatenation proof, bit for bit
/// @notice Every integer of a proof is big-endian and unsigned, and nothing is padded or aligned:
///
/// | offset        | bytes | content                                                                                  |
/// | ------------- | ----- | ---------------------------------------------------------------------------------------- |
/// | 0             | 2     | n, the number of signers                                                                 |
/// | 2             | 302·n | one record per signer, by ascending leaf                                                 |
/// | 2 + 302·n     | 2·t   | the t indices that the signers won, signer after signer, as many as their records say    |
/// | 2 + 302·n+2·t | 32·v  | the v values of the batch path through the registrations' tree, in the order of its walk |
///
/// | offset in a record | bytes | content                                                                        |
/// | ------------------ | ----- | ------------------------------------------------------------------------------ |
/// | 0                  | 96    | the signature, a point of G1: x, y (48 each)                                   |
/// | 96                 | 192   | the verification key, a point of G2: x.c0, x.c1, y.c0, y.c1 (48 each)          |
/// | 288                | 8     | the stake that the key is registered with                                      |
/// | 296                | 2     | how many indices it won                                                        |
/// | 298                | 4     | its place in the order of registrations, from 0                                |
///
/// Points are affine because a square root costs 36,000 gas; the compressed forms, which leaves and lottery hash, are made
/// from them. A proof has exactly these bytes, none more.
///
/// What a proof must show (certification.md 1.7 has the formulas): every index is below `m`, occurs once, and wins the lottery
/// for its signer's stake; there are at least `k`; keys and stakes are leaves under the root; all signatures are valid.
/// Where Mithril's own verification is laxer (an index equal to `m`, repeated leaves, left-over path values, a stated leaf
/// that is not the proven one) this one is strict, so that it accepts less and never more.
interface IStmVerifier {
    /// @notice The registered stake: root and number of leaves of its tree, and the sum of all stakes. The caller vouches for
    /// it, never the sender of a proof.
    struct AggregateKey {
        bytes32 root;
        uint32 leaves;
        uint64 totalStake;
    }

    /// @notice `k` distinct winning indices out of `m` make a quorum; `c120` = ⌊−ln(1 − φ_f)·2^120⌋ fixes the chance of winning.
    struct Parameters {
        uint64 k;
        uint64 m;
        uint128 c120;
    }

    /// @notice Parameters need 0 < k ≤ m ≤ 65,535 and 0 < c120 ≤ 3·2^120 (φ_f ≤ 0.95).
    error StmParametersInvalid(uint64 k, uint64 m, uint128 c120);

    /// @notice The proof names no signer.
    error StmNoSigner();

    /// @notice The proof is shorter than what it announces.
    error StmProofTooShort(uint256 length, uint256 needed);

    /// @notice The path holds another number of bytes than the walk needs.
    error StmPathLength(uint256 length, uint256 needed);

    /// @notice The leaf is not below the number of leaves, or not above the leaf of the signer before.
    error StmLeafOutOfOrder(uint256 signer, uint256 leaf);

    /// @notice The signer's stake is zero or more than the total.
    error StmStakeOutOfRange(uint256 signer, uint64 stake);

    /// @notice The signature or the key is the point at infinity (or no point of the group, having x = 0).
    error StmPointAtInfinity(uint256 signer);

    error StmIndexOutOfRange(uint256 signer, uint256 index);

    /// @notice The signer names an index twice, or one that a signer before it has drawn.
    error StmIndexRepeated(uint256 signer);

    /// @notice The signer did not win this index.
    error StmIndexLost(uint256 signer, uint256 index);

    error StmNotEnoughIndices(uint256 count, uint64 k);

    /// @notice The leaves and the path lead to another root.
    error StmRootMismatch(bytes32 computed);

    /// @notice All points are in order, but the signatures are not of this message.
    error StmSignatureInvalid();

    /// @notice Returns when `proof` shows that a quorum of `key`'s stake signed `message`; reverts otherwise. Besides the errors
    /// above, a point that a precompile refuses (not on the curve, not in the subgroup, a coordinate not below the prime) reverts
    /// with `Bls12381InputRefused` and burns nearly all gas given.
    /// @param message The bytes that were signed, of any length; the root is appended to them here.
    function verify(
        AggregateKey calldata key,
        Parameters calldata parameters,
        bytes calldata message,
        bytes calldata proof
    ) external view;
}
