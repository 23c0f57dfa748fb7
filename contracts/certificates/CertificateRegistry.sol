// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IScoresCertificates} from "../passport/IScoresCertificates.sol";
import {EpochClock} from "./EpochClock.sol";
import {EpochSeal} from "./EpochSeal.sol";
import {ICertificateRegistry} from "./ICertificateRegistry.sol";
import {IStmVerifier} from "./IStmVerifier.sol";
import {CertificateMessage} from "./libraries/CertificateMessage.sol";
import {ProtocolSchedule} from "./ProtocolSchedule.sol";
import {StewardStakes} from "./StewardStakes.sol";

/// @title The stewards' certificates: see {ICertificateRegistry}
/// @notice Clock, parameters, stakes, registrations and seals are the contracts below; here is the chain of certificates.
contract CertificateRegistry is EpochSeal {
    IStmVerifier private immutable VERIFIER;

    /// One slot: where the chain stands.
    struct Chain {
        uint64 lastCertified;
        uint32 anchors;
        uint64 firstPermitted;
        uint64 lastPermitted;
    }

    Chain private _chain;
    mapping(uint256 epoch => CertifiedEpoch) private _certified;

    constructor(
        Setup memory setup
    )
        EpochClock(setup.genesis, setup.epochLength)
        ProtocolSchedule(setup.timelock, setup.parameters)
        StewardStakes(setup.token)
    {
        if (address(setup.verifier).code.length == 0) revert CertificatesInvalidAddress(address(setup.verifier));
        VERIFIER = setup.verifier;
        if (setup.firstAnchorUntil != 0) _permitAnchor(1, setup.firstAnchorUntil);
    }

    /// @inheritdoc ICertificateRegistry
    function certify(Certificate calldata certificate, bytes calldata proof) external {
        uint64 epoch = certificate.epoch;
        Chain memory chain = _chain;
        uint64 current = currentEpoch();
        if ((epoch != current && epoch != current - 1) || epoch < chain.lastCertified) {
            revert CertificateWrongEpoch(epoch, current, chain.lastCertified);
        }
        IStmVerifier.AggregateKey memory key = _keyOf(epoch);
        Scheduled storage parameters = _parametersOf(epoch);
        VERIFIER.verify(
            key,
            IStmVerifier.Parameters(parameters.k, parameters.m, parameters.c120),
            messageOf(certificate),
            proof
        );

        CertifiedEpoch storage certified = _certified[epoch];
        if (certified.certifiedAt == 0) {
            uint32 anchor = _extend(chain, epoch, key, parameters.hash);
            certified.stakeDistributionRoot = certificate.stakeDistributionRoot;
            certified.certifiedAt = uint64(block.timestamp);
            certified.anchor = anchor;
            emit EpochCertified(epoch, anchor, certificate.stakeDistributionRoot);
            if (certificate.snapshotBlock == 0) return;
        } else if (certified.stakeDistributionRoot != certificate.stakeDistributionRoot) {
            revert CertificateDistributionChanged(certificate.stakeDistributionRoot, certified.stakeDistributionRoot);
        }
        if (certificate.snapshotBlock <= certified.snapshotBlock) {
            revert CertificateNotNewer(certificate.snapshotBlock, certified.snapshotBlock);
        }
        certified.scoresRoot = certificate.scoresRoot;
        certified.snapshotDigest = certificate.snapshotDigest;
        certified.snapshotBlock = certificate.snapshotBlock;
        emit SnapshotCertified(epoch, certificate.scoresRoot, certificate.snapshotDigest, certificate.snapshotBlock);
    }

    /// @inheritdoc ICertificateRegistry
    function permitAnchor(uint64 first, uint64 last) external onlyTimelock {
        bool withdrawn = first == 0 && last == 0;
        if (!withdrawn && (first == 0 || last < first || last < _epochOrZero())) {
            revert CertificatesInvalidPermission(first, last);
        }
        _permitAnchor(first, last);
    }

    /// @inheritdoc ICertificateRegistry
    function verifier() external view returns (IStmVerifier) {
        return VERIFIER;
    }

    /// @inheritdoc ICertificateRegistry
    function certifiedEpoch(uint64 epoch) external view returns (CertifiedEpoch memory) {
        return _certified[epoch];
    }

    /// @inheritdoc IScoresCertificates
    function certifiedScoresRoot(uint256 epoch) external view returns (bytes32) {
        return _certified[epoch].scoresRoot;
    }

    /// @inheritdoc ICertificateRegistry
    function lastCertifiedEpoch() external view returns (uint64) {
        return _chain.lastCertified;
    }

    /// @inheritdoc ICertificateRegistry
    function anchoring() external view returns (uint32 anchors, uint64 firstPermitted, uint64 lastPermitted) {
        Chain memory chain = _chain;
        return (chain.anchors, chain.firstPermitted, chain.lastPermitted);
    }

    /// @inheritdoc ICertificateRegistry
    function messageOf(Certificate calldata certificate) public view returns (bytes memory) {
        bool snapshot = certificate.snapshotBlock != 0;
        bool complete = (certificate.scoresRoot != 0) == snapshot && (certificate.snapshotDigest != 0) == snapshot;
        if (!complete || certificate.stakeDistributionRoot == 0) revert CertificateIncomplete();
        // Registered in this epoch's predecessor, signing in its successor. A blocked one is all zero.
        (SealStatus status, IStmVerifier.AggregateKey memory nextKey) = sealOf(certificate.epoch - 1);
        if (status == SealStatus.Open) revert CertificateKeyNotSealed(certificate.epoch - 1);
        return CertificateMessage.encode(certificate, nextKey, _parametersOf(certificate.epoch + 1).hash);
    }

    function _keyOf(uint64 epoch) private view returns (IStmVerifier.AggregateKey memory) {
        if (epoch <= SIGNING_DELAY) revert CertificateEpochBlocked(epoch);
        (SealStatus status, IStmVerifier.AggregateKey memory key) = sealOf(epoch - SIGNING_DELAY);
        if (status == SealStatus.Open) revert CertificateKeyNotSealed(epoch - SIGNING_DELAY);
        if (status == SealStatus.Blocked) revert CertificateEpochBlocked(epoch);
        return key;
    }

    /// Puts an epoch behind the last one, or begins a chain with it, and returns its anchor.
    function _extend(
        Chain memory chain,
        uint64 epoch,
        IStmVerifier.AggregateKey memory key,
        bytes32 parametersHash
    ) private returns (uint32) {
        if (chain.lastCertified == 0 || epoch != chain.lastCertified + 1) {
            if (epoch < chain.firstPermitted || epoch > chain.lastPermitted) {
                revert CertificateGap(epoch, chain.lastCertified);
            }
            // A permission is for one chain.
            (chain.firstPermitted, chain.lastPermitted) = (0, 0);
            ++chain.anchors;
            emit ChainAnchored(chain.anchors, epoch, key.root, key.leaves, key.totalStake, parametersHash);
        } else if (chain.lastPermitted != 0 && epoch >= chain.firstPermitted) {
            // Nobody needed it. Left standing, it would let some later gap pass that governance never saw.
            (chain.firstPermitted, chain.lastPermitted) = (0, 0);
            emit AnchorPermitted(0, 0);
        }
        chain.lastCertified = epoch;
        _chain = chain;
        return chain.anchors;
    }

    function _permitAnchor(uint64 first, uint64 last) private {
        (_chain.firstPermitted, _chain.lastPermitted) = (first, last);
        emit AnchorPermitted(first, last);
    }
}
