// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {MerkleProofLib} from "solady/src/utils/MerkleProofLib.sol";

import {IPassportRegistry} from "./IPassportRegistry.sol";
import {IPassportScores} from "./IPassportScores.sol";
import {IScoresCertificates} from "./IScoresCertificates.sol";
import {PackedScore} from "./PackedScore.sol";

/// @title Scores of people, anchored a tree at a time and read by account: see {IPassportRegistry}
contract PassportRegistry is IPassportRegistry, EIP712 {
    using PackedScore for uint256;

    bytes32 private constant ANCHOR_TYPEHASH = keccak256(
        "Anchor(uint256 scorerId,uint32 number,bytes32 root,uint64 issuedAt,bytes32 rulesHash,uint64 count,string uri,uint256 deadline)"
    );
    uint256 private constant MAX_LIFETIME = 366 days;
    uint256 private constant MAX_ANCHOR_DELAY = 30 days;

    address private immutable TIMELOCK;

    /// One slot: all that a read or a submission must know about a scorer, besides the root itself.
    struct Head {
        uint32 number;
        uint32 floor;
        uint16 maxRootAge;
        uint32 maxLifetime;
        uint40 issuedAt;
        uint40 previousIssuedAt;
        uint32 threshold;
        uint32 previousThreshold;
    }

    /// One slot: all that an anchor must know besides the head.
    struct Authority {
        address account;
        AuthorityKind kind;
        uint32 minRootInterval;
    }

    /// All of a scorer under one hash: the head first, because every read wants it.
    struct ScorerState {
        Head head;
        Authority authority;
        address manager;
        address offeredManager;
        /// See {PackedScore}.
        mapping(address account => uint256 packed) scores;
        mapping(uint256 number => bytes32 root) roots;
    }

    uint256 private _scorerCount;
    mapping(uint256 scorerId => ScorerState state) private _scorers;

    constructor(address timelock_) EIP712("PassportRegistry", "1") {
        if (timelock_ == address(0)) revert RegistryInvalidTimelock(timelock_);
        TIMELOCK = timelock_;
    }

    /// @inheritdoc IPassportRegistry
    function createScorer(
        address manager,
        address authority,
        AuthorityKind kind,
        Settings calldata settings
    ) external returns (uint256 scorerId) {
        if (manager == address(0)) revert RegistryInvalidManager(manager);
        scorerId = ++_scorerCount;
        _scorers[scorerId].manager = manager;
        emit ScorerCreated(scorerId, manager);
        _setAuthority(scorerId, authority, kind);
        _setSettings(scorerId, settings);
    }

    /// @inheritdoc IPassportRegistry
    function setAuthority(uint256 scorerId, address authority, AuthorityKind kind) external {
        _checkAdministrator(scorerId);
        _setAuthority(scorerId, authority, kind);
    }

    /// @inheritdoc IPassportRegistry
    function setSettings(uint256 scorerId, Settings calldata settings) external {
        _checkAdministrator(scorerId);
        _setSettings(scorerId, settings);
    }

    /// @inheritdoc IPassportRegistry
    function raiseFloor(uint256 scorerId, uint32 floor) external {
        Authority memory authority = _authorityOf(scorerId);
        bool operator = authority.kind != AuthorityKind.Certificates && msg.sender == authority.account;
        if (!operator) _checkAdministrator(scorerId);
        Head storage head = _scorers[scorerId].head;
        // Not further than the next root: a floor ends what is, and never what is to come.
        uint32 maximum = head.number + 1;
        if (floor <= head.floor || floor > maximum) revert RegistryInvalidFloor(floor, head.floor, maximum);
        _setFloor(scorerId, floor);
    }

    /// @inheritdoc IPassportRegistry
    function offerManager(uint256 scorerId, address newManager) external {
        ScorerState storage state = _stateOf(scorerId);
        if (msg.sender != state.manager) revert RegistryNotAdministrator(msg.sender, state.manager);
        state.offeredManager = newManager;
        emit ManagerOffered(scorerId, msg.sender, newManager);
    }

    /// @inheritdoc IPassportRegistry
    function acceptManager(uint256 scorerId) external {
        ScorerState storage state = _stateOf(scorerId);
        if (msg.sender != state.offeredManager) revert RegistryNotOfferedManager(msg.sender, state.offeredManager);
        emit ManagerChanged(scorerId, state.manager, msg.sender);
        state.manager = msg.sender;
        state.offeredManager = address(0);
    }

    /// @inheritdoc IPassportRegistry
    function anchor(Anchor calldata anchor_, bytes calldata signature) external {
        Authority memory authority = _authorityOf(anchor_.scorerId);
        if (block.timestamp > anchor_.deadline) revert RegistryAnchorExpired(anchor_.deadline);
        if (!_signed(authority, hashAnchor(anchor_), signature)) {
            revert RegistryInvalidSignature(anchor_.scorerId, authority.account);
        }
        Head memory head = _scorers[anchor_.scorerId].head;
        // The number is signed, so that a root is anchored once and in its place.
        if (anchor_.number != head.number + 1) revert RegistryUnexpectedRootNumber(anchor_.number, head.number + 1);
        // No interval: only the operator can make roots, and may have one to correct.
        _append(anchor_.scorerId, head, anchor_.root, anchor_.issuedAt, anchor_.threshold, 0);
        emit RootAnchored(
            anchor_.scorerId,
            anchor_.number,
            anchor_.root,
            anchor_.issuedAt,
            anchor_.threshold,
            hashRules(anchor_.threshold, anchor_.definition),
            anchor_.count,
            anchor_.uri
        );
    }

    /// @inheritdoc IPassportRegistry
    function anchorCertified(CertifiedAnchor calldata anchor_, bytes32[] calldata proof) external {
        Authority memory authority = _authorityOf(anchor_.scorerId);
        if (authority.kind != AuthorityKind.Certificates) revert RegistryWrongAuthorityKind(authority.kind);
        bytes32 rulesHash = hashRules(anchor_.threshold, anchor_.definition);
        bytes32 entry = _doubleHash(
            abi.encode(
                block.chainid,
                address(this),
                anchor_.scorerId,
                anchor_.root,
                anchor_.issuedAt,
                rulesHash,
                anchor_.count
            )
        );
        // An epoch without a certificate has the root 0, which no hash is.
        bytes32 certified = IScoresCertificates(authority.account).certifiedScoresRoot(anchor_.epoch);
        if (!MerkleProofLib.verifyCalldata(proof, certified, entry)) {
            revert RegistryNotCertified(anchor_.scorerId, anchor_.epoch);
        }
        Head memory head = _scorers[anchor_.scorerId].head;
        // The entry has no number. Its issue time, which only grows, keeps it from being anchored twice or out of turn. Anyone
        // anchors, and roots end the scores of earlier ones: the interval bounds how fast.
        _append(anchor_.scorerId, head, anchor_.root, anchor_.issuedAt, anchor_.threshold, authority.minRootInterval);
        emit RootAnchored(
            anchor_.scorerId,
            head.number,
            anchor_.root,
            anchor_.issuedAt,
            anchor_.threshold,
            rulesHash,
            anchor_.count,
            ""
        );
    }

    /// @inheritdoc IPassportRegistry
    function submitScore(
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) external {
        uint32 cached = _scorers[scorerId].scores[account].rootNumber();
        if (rootNumber <= cached) revert RegistryNotFresher(rootNumber, cached);
        _bring(_scorers[scorerId].head, scorerId, account, score, expiresAt, rootNumber, proof);
    }

    /// @inheritdoc IPassportRegistry
    function submitScores(uint256 scorerId, Submission[] calldata submissions) external returns (uint256 brought) {
        Head memory head = _scorers[scorerId].head;
        for (uint256 i = 0; i < submissions.length; ++i) {
            Submission calldata item = submissions[i];
            if (item.rootNumber <= _scorers[scorerId].scores[item.account].rootNumber()) continue;
            _bring(head, scorerId, item.account, item.score, item.expiresAt, item.rootNumber, item.proof);
            ++brought;
        }
    }

    /// @inheritdoc IPassportScores
    function getScore(uint256 scorerId, address account) external view returns (uint256) {
        return _standing(scorerId, account).score();
    }

    /// @inheritdoc IPassportScores
    function isHuman(uint256 scorerId, address account) external view returns (bool) {
        uint256 packed = _standing(scorerId, account);
        return packed.score() != 0 && packed.score() >= packed.threshold();
    }

    /// @inheritdoc IPassportScores
    function isHuman(uint256 scorerId, address account, uint256 threshold) external view returns (bool) {
        uint256 score = _standing(scorerId, account).score();
        return score != 0 && score >= threshold;
    }

    /// @inheritdoc IPassportRegistry
    function verifyScore(
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) external view returns (bool) {
        Head memory head = _scorers[scorerId].head;
        return
            score != 0 &&
            block.timestamp < expiresAt &&
            _isOpen(head, rootNumber) &&
            expiresAt <= _latestExpiry(head, rootNumber) &&
            rootNumber >= _scorers[scorerId].scores[account].rootNumber() &&
            _isLeaf(scorerId, account, score, expiresAt, rootNumber, proof);
    }

    /// @inheritdoc IPassportRegistry
    function wasAnchored(
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) external view returns (bool) {
        return _isLeaf(scorerId, account, score, expiresAt, rootNumber, proof);
    }

    function timelock() external view returns (address) {
        return TIMELOCK;
    }

    function scorerCount() external view returns (uint256) {
        return _scorerCount;
    }

    function scorer(uint256 scorerId) external view returns (Scorer memory) {
        Head memory head = _scorers[scorerId].head;
        Authority memory authority = _scorers[scorerId].authority;
        return
            Scorer({
                manager: _scorers[scorerId].manager,
                authority: authority.account,
                kind: authority.kind,
                number: head.number,
                floor: head.floor,
                maxRootAge: head.maxRootAge,
                maxLifetime: head.maxLifetime,
                minRootInterval: authority.minRootInterval,
                issuedAt: head.issuedAt,
                threshold: head.threshold
            });
    }

    function rootOf(uint256 scorerId, uint32 number) external view returns (bytes32) {
        return _scorers[scorerId].roots[number];
    }

    function cachedScore(uint256 scorerId, address account) external view returns (CachedScore memory) {
        uint256 packed = _scorers[scorerId].scores[account];
        return CachedScore(packed.score(), packed.expiresAt(), packed.rootNumber(), packed.threshold());
    }

    /// @inheritdoc IPassportRegistry
    function hashAnchor(Anchor calldata anchor_) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        ANCHOR_TYPEHASH,
                        anchor_.scorerId,
                        anchor_.number,
                        anchor_.root,
                        anchor_.issuedAt,
                        hashRules(anchor_.threshold, anchor_.definition),
                        anchor_.count,
                        keccak256(bytes(anchor_.uri)),
                        anchor_.deadline
                    )
                )
            );
    }

    /// @inheritdoc IPassportRegistry
    function hashRules(uint32 threshold, bytes32 definition) public pure returns (bytes32) {
        return keccak256(abi.encode(threshold, definition));
    }

    function _setAuthority(uint256 scorerId, address authority, AuthorityKind kind) private {
        if (authority == address(0)) revert RegistryInvalidAuthority(authority);
        if (kind != AuthorityKind.Key && authority.code.length == 0) revert RegistryInvalidAuthority(authority);
        Authority storage stored = _scorers[scorerId].authority;
        (stored.account, stored.kind) = (authority, kind);
        emit AuthorityChanged(scorerId, authority, kind);
    }

    function _setSettings(uint256 scorerId, Settings calldata settings) private {
        // A root age of 0 would take leaves of the previous root that no read returns. An interval beyond the lifetime would end
        // every score before the next root may follow; without one whoever anchors decides how long a root age is.
        if (
            settings.maxRootAge == 0 ||
            settings.maxLifetime == 0 ||
            settings.maxLifetime > MAX_LIFETIME ||
            settings.minRootInterval == 0 ||
            settings.minRootInterval > settings.maxLifetime
        ) {
            revert RegistryInvalidSettings(settings.maxRootAge, settings.maxLifetime, settings.minRootInterval);
        }
        Head storage head = _scorers[scorerId].head;
        // Only ever up: a longer root age brings nothing back that a shorter one ended.
        uint32 reached = _floorByAge(head.number, settings.maxRootAge);
        if (reached > head.floor) _setFloor(scorerId, reached);
        head.maxRootAge = settings.maxRootAge;
        head.maxLifetime = settings.maxLifetime;
        _scorers[scorerId].authority.minRootInterval = settings.minRootInterval;
        emit SettingsChanged(scorerId, settings.maxRootAge, settings.maxLifetime, settings.minRootInterval);
    }

    function _setFloor(uint256 scorerId, uint32 floor) private {
        _scorers[scorerId].head.floor = floor;
        emit FloorRaised(scorerId, floor);
    }

    /// Stores a root whose authority was checked, as the scorer's next, `interval` seconds after the last one or later.
    function _append(
        uint256 scorerId,
        Head memory head,
        bytes32 root,
        uint64 issuedAt,
        uint32 threshold,
        uint32 interval
    ) private {
        if (root == 0) revert RegistryInvalidRoot();
        if (threshold == 0) revert RegistryInvalidThreshold();
        if (issuedAt <= head.issuedAt || issuedAt > block.timestamp || block.timestamp - issuedAt > MAX_ANCHOR_DELAY) {
            revert RegistryInvalidIssueTime(issuedAt, head.issuedAt);
        }
        // No overflow: a time of 40 bits and a span of 32. Before the first root the time is 0.
        uint64 earliest = uint64(head.issuedAt) + interval;
        if (issuedAt < earliest) revert RegistryRootTooSoon(issuedAt, earliest);
        ++head.number;
        head.previousIssuedAt = head.issuedAt;
        // Not after the block's own time, which fits 40 bits for the next 34,000 years.
        head.issuedAt = uint40(issuedAt);
        head.previousThreshold = head.threshold;
        head.threshold = threshold;
        // Age ends scores by raising the floor, so that a read looks at one number.
        uint32 reached = _floorByAge(head.number, head.maxRootAge);
        if (reached > head.floor) head.floor = reached;
        _scorers[scorerId].head = head;
        _scorers[scorerId].roots[head.number] = root;
    }

    /// Stores a leaf that is fresher than the one that is there, if its root is open and its proof right.
    function _bring(
        Head memory head,
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) private {
        if (!_isOpen(head, rootNumber)) revert RegistryRootNotOpen(rootNumber, head.number, head.floor);
        // A drop is never refused for its expiry, which says nothing.
        if (score != 0 && expiresAt > _latestExpiry(head, rootNumber)) {
            revert RegistryLifetimeTooLong(expiresAt, uint64(_latestExpiry(head, rootNumber)));
        }
        if (!_isLeaf(scorerId, account, score, expiresAt, rootNumber, proof)) {
            revert RegistryInvalidProof(scorerId, account);
        }
        uint32 threshold = rootNumber == head.number ? head.threshold : head.previousThreshold;
        _scorers[scorerId].scores[account] = PackedScore.pack(score, expiresAt, rootNumber, threshold);
        emit ScoreSubmitted(scorerId, account, score, expiresAt, rootNumber);
    }

    function _checkAdministrator(uint256 scorerId) private view {
        bool certified = _authorityOf(scorerId).kind == AuthorityKind.Certificates;
        address administrator = certified ? TIMELOCK : _scorers[scorerId].manager;
        if (msg.sender != administrator) revert RegistryNotAdministrator(msg.sender, administrator);
    }

    function _stateOf(uint256 scorerId) private view returns (ScorerState storage state) {
        state = _scorers[scorerId];
        if (state.manager == address(0)) revert RegistryUnknownScorer(scorerId);
    }

    function _authorityOf(uint256 scorerId) private view returns (Authority memory authority) {
        authority = _scorers[scorerId].authority;
        if (authority.account == address(0)) revert RegistryUnknownScorer(scorerId);
    }

    function _signed(Authority memory authority, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (authority.kind == AuthorityKind.Key) {
            return ECDSA.tryRecoverCalldata(digest, signature) == authority.account;
        }
        if (authority.kind != AuthorityKind.Contract) revert RegistryWrongAuthorityKind(authority.kind);
        (bool success, bytes memory result) = authority.account.staticcall(
            abi.encodeCall(IERC1271.isValidSignature, (digest, signature))
        );
        return success && result.length >= 32 && bytes32(result) == bytes32(IERC1271.isValidSignature.selector);
    }

    /// The account's leaf if it counts now, else 0. The one rule behind every read: two slots, no failure.
    function _standing(uint256 scorerId, address account) private view returns (uint256 packed) {
        ScorerState storage state = _scorers[scorerId];
        packed = state.scores[account];
        if (block.timestamp >= packed.expiresAt() || packed.rootNumber() < state.head.floor) packed = 0;
    }

    function _isLeaf(
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) private view returns (bool) {
        // A root that is not there is 0, and no hash is.
        bytes32 root = _scorers[scorerId].roots[rootNumber];
        bytes32 leaf = _doubleHash(abi.encode(scorerId, account, score, expiresAt));
        return MerkleProofLib.verifyCalldata(proof, root, leaf);
    }

    /// Below which number roots are too old.
    function _floorByAge(uint32 number, uint16 maxRootAge) private pure returns (uint32) {
        return number > maxRootAge ? number - maxRootAge : 0;
    }

    /// Leaves come from the current root and the one before it, so that an anchor does not break who is on the way.
    function _isOpen(Head memory head, uint256 rootNumber) private pure returns (bool) {
        return
            rootNumber != 0 && rootNumber <= head.number && rootNumber + 1 >= head.number && rootNumber >= head.floor;
    }

    /// The latest expiry that a leaf of an open root may have. No overflow: a time of 40 bits and a span of 32.
    function _latestExpiry(Head memory head, uint256 rootNumber) private pure returns (uint256) {
        return uint256(rootNumber == head.number ? head.issuedAt : head.previousIssuedAt) + uint256(head.maxLifetime);
    }

    /// Encoded, not packed, and hashed twice: no leaf's preimage has the length of an inner node.
    function _doubleHash(bytes memory encoded) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(encoded)));
    }
}
