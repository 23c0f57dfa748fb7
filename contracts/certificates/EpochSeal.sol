// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "./ICertificateRegistry.sol";
import {IStmVerifier} from "./IStmVerifier.sol";
import {SealTree} from "./libraries/SealTree.sol";
import {StewardRegistration} from "./StewardRegistration.sol";

/// @title Derives an epoch's aggregate key from its registrations and the token's votes
/// @notice The caller brings the registrants in order; the contract checks the order, which also shows that nobody comes
/// twice, and by their number that nobody is missing. What a page leaves for the next one is kept as a hash, one for each
/// page that anybody ever brought: so nobody can undo or divert what others have begun.
abstract contract EpochSeal is StewardRegistration {
    struct Seal {
        bytes32 root;
        uint32 leaves;
        uint64 totalStake;
        SealStatus status;
        mapping(bytes32 progressHash => bool) reached;
    }

    /// What is the same for all registrants of a page.
    struct Terms {
        uint64 epoch;
        uint64 minimumStake;
        uint64[3] times;
    }

    mapping(uint64 epoch => Seal) private _seals;

    /// @inheritdoc ICertificateRegistry
    function seal(uint64 epoch, SealProgress calldata progress, Registrant[] calldata page) external {
        if (epoch >= currentEpoch()) revert SealTooEarly(epoch, currentEpoch());
        if (_seals[epoch].status != SealStatus.Open) revert SealAlreadyMade(epoch);
        // Whatever a progress says beside that nothing was read, it starts anew.
        SealProgress memory reached;
        if (progress.read != 0) {
            bytes32 hash = keccak256(abi.encode(progress));
            if (!_seals[epoch].reached[hash]) revert SealUnknownProgress(epoch, hash);
            reached = progress;
        }
        Scheduled storage parameters = _parametersOf(epoch + SIGNING_DELAY);
        Terms memory terms = Terms(epoch, parameters.minimumStake, sampleTimes(epoch));
        bytes32[] memory subtrees = SealTree.unpack(reached.frontier, reached.leaves);
        for (uint256 i = 0; i < page.length; ++i) {
            if (_read(terms, reached, subtrees, page[i])) continue;
            _block(epoch, type(uint64).max, _shareOfSupply(terms.times[2], parameters.minimumShare));
            return;
        }

        if (reached.read == registeredCount(epoch)) {
            uint256 required = _shareOfSupply(terms.times[2], parameters.minimumShare);
            _decide(epoch, reached, subtrees, required);
        } else {
            reached.frontier = SealTree.pack(subtrees, reached.leaves);
            _seals[epoch].reached[keccak256(abi.encode(reached))] = true;
            emit SealProgressed(epoch, reached);
        }
    }

    /// @inheritdoc ICertificateRegistry
    function isSealProgress(uint64 epoch, bytes32 progressHash) external view returns (bool) {
        return _seals[epoch].reached[progressHash];
    }

    /// @inheritdoc ICertificateRegistry
    function sealOf(uint64 epoch) public view returns (SealStatus status, IStmVerifier.AggregateKey memory key) {
        Seal storage stored = _seals[epoch];
        return (stored.status, IStmVerifier.AggregateKey(stored.root, stored.leaves, stored.totalStake));
    }

    /// False where the stakes read so far do not fit 64 bits together. Each is a registrant's, once, so all of them do not either,
    /// whatever the page left out.
    function _read(
        Terms memory terms,
        SealProgress memory progress,
        bytes32[] memory subtrees,
        Registrant calldata registrant
    ) private view returns (bool) {
        bytes32[3] memory key = registrant.verificationKey;
        if (keyHashOf(terms.epoch, registrant.steward) != keccak256(abi.encode(key))) {
            revert SealUnknownRegistrant(terms.epoch, registrant.steward);
        }
        uint64 stake = _leastStake(registrant.steward, terms.times);
        if (!_isAbove(stake, key, progress)) revert SealWrongOrder(terms.epoch, registrant.steward);
        ++progress.read;
        (progress.lastStake, progress.lastKey) = (stake, key);
        if (stake < terms.minimumStake) return true;
        SealTree.push(subtrees, progress.leaves, SealTree.hashLeaf(key, stake));
        ++progress.leaves;
        uint256 total = uint256(progress.totalStake) + stake;
        if (total > type(uint64).max) return false;
        progress.totalStake = uint64(total);
        return true;
    }

    /// Whether a registrant comes after the last one that was read. Before the first, the key is zero, which no key is.
    function _isAbove(uint64 stake, bytes32[3] memory key, SealProgress memory progress) private pure returns (bool) {
        if (stake != progress.lastStake) return stake > progress.lastStake;
        for (uint256 i = 0; i < 3; ++i) {
            if (key[i] != progress.lastKey[i]) return key[i] > progress.lastKey[i];
        }
        return false;
    }

    function _decide(uint64 epoch, SealProgress memory progress, bytes32[] memory subtrees, uint256 required) private {
        if (progress.leaves == 0 || progress.totalStake < required) {
            _block(epoch, progress.totalStake, required);
            return;
        }
        Seal storage stored = _seals[epoch];
        bytes32 root = SealTree.root(subtrees, progress.leaves);
        stored.root = root;
        stored.leaves = progress.leaves;
        stored.totalStake = progress.totalStake;
        stored.status = SealStatus.Sealed;
        emit EpochSealed(epoch, root, progress.leaves, progress.totalStake);
    }

    function _block(uint64 epoch, uint64 totalStake, uint256 required) private {
        _seals[epoch].status = SealStatus.Blocked;
        emit EpochBlocked(epoch, totalStake, required);
    }
}
