// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "../ICertificateRegistry.sol";
import {IStmVerifier} from "../IStmVerifier.sol";
import {Hex} from "./Hex.sol";

/// @title What the signers of a certificate sign
/// @notice As in Mithril's protocol message: SHA-256 over each part's name and value in a fixed order, and of this hash the
/// 64 hexadecimal digits as ASCII. Values are lower-case hexadecimal of fixed width:
///
/// | part | digits |
/// |---|---|
/// | scores_root | 64 |
/// | snapshot_digest | 64 |
/// | snapshot_block | 16 |
/// | stake_distribution_root | 64 |
/// | next_aggregate_verification_key: leaves (8 bytes), root, total stake (8 bytes) | 96 |
/// | next_protocol_parameters | 64 |
/// | current_epoch | 16 |
/// | registry: chain id (8 bytes), address | 56 |
///
/// The first three are left out together.
library CertificateMessage {
    using Hex for uint64;
    using Hex for bytes32;
    using Hex for address;

    function encode(
        ICertificateRegistry.Certificate calldata certificate,
        IStmVerifier.AggregateKey memory nextKey,
        bytes32 nextParameters
    ) internal view returns (bytes memory) {
        bytes memory snapshot =
            certificate.snapshotBlock == 0
                ? bytes("")
                : abi.encodePacked(
                    "scores_root",
                    certificate.scoresRoot.digits32(),
                    "snapshot_digest",
                    certificate.snapshotDigest.digits32(),
                    "snapshot_block",
                    certificate.snapshotBlock.digits8()
                );
        bytes memory next = abi.encodePacked(
            "next_aggregate_verification_key",
            uint64(nextKey.leaves).digits8(),
            nextKey.root.digits32(),
            nextKey.totalStake.digits8(),
            "next_protocol_parameters",
            nextParameters.digits32()
        );
        bytes32 hash = sha256(
            abi.encodePacked(
                snapshot,
                "stake_distribution_root",
                certificate.stakeDistributionRoot.digits32(),
                next,
                "current_epoch",
                certificate.epoch.digits8(),
                "registry",
                uint64(block.chainid).digits8(), // chain ids are below 2^63 (EIP-2294)
                address(this).digits20()
            )
        );
        return hash.digits32();
    }
}
