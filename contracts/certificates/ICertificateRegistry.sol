// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IScoresCertificates} from "../passport/IScoresCertificates.sol";
import {IStmVerifier} from "./IStmVerifier.sol";

/// @title What the stewards of a token certify, verified against keys that this contract derived from the token itself
/// @notice Time is cut into *epochs* of equal length, counted from 1. What happens to the keys registered in epoch e:
///
/// - in e, stewards register: one key each, with a proof of possession and a signature that binds it to them;
/// - from e + 1 on, anyone calls {seal}: the contract reads the votes of each steward at three seconds of e (the one before it
///   begins, its middle, its last: {sampleTimes}), takes the least of them as its stake, and computes the *aggregate key* over
///   (key, stake). What a steward held in between does not count. If too little of the token's supply is registered, the epoch
///   is blocked instead;
/// - in e + 1, certificates carry that key as the next one; in e + 2 (and one epoch of grace) they are signed by it.
///
/// A certificate counts for the epoch in which it is signed. Certified epochs form a chain without gaps; each chain begins
/// at an *anchor*, which governance permits. It permits no more than that: every key comes from the token.
///
/// Stakes are votes in wei divided by 1e9, in 64 bits. Their sum is below 2^64 as long as the supply is below 1.84e10 whole
/// tokens. A supply that grew beyond does not stop the clock: a larger stake is read as 2^64 - 1, and an epoch whose registered
/// stakes do not fit together is blocked.
interface ICertificateRegistry is IScoresCertificates {
    /// @notice What a registration is good for: the epoch is still open or waits to be sealed; its key signs; too little
    /// stake was registered.
    enum SealStatus {
        Open,
        Sealed,
        Blocked
    }

    /// @notice The rules of an epoch. They also decide about the registrations whose key signs in it, two epochs before.
    struct ProtocolParameters {
        /// How many distinct winning indexes a proof needs; 0 < k <= m.
        uint64 k;
        /// How many indexes are drawn; at most 65535.
        uint64 m;
        /// floor(-ln(1 - phi_f) * 2^120), the logarithm as an IEEE double.
        uint128 c120;
        /// The chance of a whole stake to win an index, as unsigned 8.24 fixed point; at most 0.95.
        uint32 phiF;
        /// Stakes below it are left out; at least 1.
        uint64 minimumStake;
        /// How much of the token's supply has to be registered, in units of 1e-4; at least 1.
        uint16 minimumShare;
    }

    /// @notice What a registry is made with.
    struct Setup {
        /// ERC-5805 votes on a clock of seconds.
        address token;
        address timelock;
        IStmVerifier verifier;
        /// When epoch 1 begins, in seconds since 1970.
        uint64 genesis;
        /// In seconds.
        uint64 epochLength;
        /// Up to which epoch the first chain may begin without a decision of governance; 0 for none.
        uint64 firstAnchorUntil;
        ProtocolParameters parameters;
    }

    /// @notice A steward and its key, as a page of {seal} lists them.
    struct Registrant {
        address steward;
        /// The compressed key (96 bytes), as the registration's event shows it.
        bytes32[3] verificationKey;
    }

    /// @notice How far a seal has come. All zero and an empty frontier at the start; later, what {SealProgressed} says.
    struct SealProgress {
        /// How many registrants were read.
        uint32 read;
        /// How many of them have the minimum stake: the leaves so far.
        uint32 leaves;
        /// The sum of the leaves' stakes.
        uint64 totalStake;
        /// The last registrant's stake and key; the next one's lie above, in this order.
        uint64 lastStake;
        bytes32[3] lastKey;
        /// The roots of the complete subtrees, largest first: one for each bit set in `leaves`.
        bytes32[] frontier;
    }

    /// @notice The parts of a certificate that are not already known here. The others (next aggregate key, next parameters,
    /// epoch, chain and registry) are what this contract sealed, and a proof over anything else does not verify.
    struct Certificate {
        uint64 epoch;
        /// The root over the scorers' entries: see {IScoresCertificates}. This and the next two are given together, or are
        /// all zero: then the certificate is about the stake distribution alone.
        bytes32 scoresRoot;
        bytes32 snapshotDigest;
        uint64 snapshotBlock;
        bytes32 stakeDistributionRoot;
    }

    /// @notice What is certified for an epoch.
    struct CertifiedEpoch {
        bytes32 scoresRoot;
        bytes32 snapshotDigest;
        bytes32 stakeDistributionRoot;
        uint64 snapshotBlock;
        /// When the first certificate came, in seconds since 1970; 0 if none did.
        uint64 certifiedAt;
        /// The anchor from which the epoch descends, counted from 1.
        uint32 anchor;
    }

    /// @notice A steward registered a key for the signing epoch `epoch` + 2. The only place where the key itself is kept.
    event KeyRegistered(uint64 indexed epoch, address indexed steward, bytes32[3] verificationKey);
    /// @notice A page was read; whoever goes on passes `progress` to {seal}.
    event SealProgressed(uint64 indexed epoch, SealProgress progress);
    /// @notice The registrations of `epoch` have their aggregate key.
    event EpochSealed(uint64 indexed epoch, bytes32 root, uint32 leaves, uint64 totalStake);
    /// @notice The registrations of `epoch` hold `totalStake`, less than `requiredStake`, or 2^64 - 1 and more: nothing can be
    /// signed in `epoch` + 2.
    event EpochBlocked(uint64 indexed epoch, uint64 totalStake, uint256 requiredStake);
    /// @notice The first certificate of an epoch.
    event EpochCertified(uint64 indexed epoch, uint32 indexed anchor, bytes32 stakeDistributionRoot);
    /// @notice A snapshot was certified; a later one of the same epoch replaces it.
    event SnapshotCertified(
        uint64 indexed epoch,
        bytes32 indexed scoresRoot,
        bytes32 snapshotDigest,
        uint64 snapshotBlock
    );
    /// @notice A chain of certificates begins with `epoch`, under the aggregate key and the parameters shown.
    event ChainAnchored(
        uint32 indexed anchor,
        uint64 indexed epoch,
        bytes32 root,
        uint32 leaves,
        uint64 totalStake,
        bytes32 parametersHash
    );
    /// @notice Governance lets a chain begin in one of these epochs; both zero: no more, because governance withdrew it, or
    /// because the chain went on in one of them without it.
    event AnchorPermitted(uint64 first, uint64 last);
    /// @notice The parameters will hold from `epoch` on; any that were to come then or later are dropped.
    event ParametersScheduled(uint64 indexed epoch, ProtocolParameters parameters, bytes32 parametersHash);

    error CertificatesInvalidAddress(address account);
    /// @notice An epoch lasts from 4 seconds to 366 days, and the clock starts within a year of the deployment.
    error CertificatesInvalidClock(uint64 genesis, uint64 epochLength);
    /// @notice The token does not count time in seconds since 1970 (ERC-6372).
    error CertificatesInvalidToken(address token);
    error CertificatesNotTimelock(address caller, address timelock);
    /// @notice The clock has not reached epoch 1.
    error CertificatesNotStarted(uint64 genesis);
    /// @notice The parameters break a bound, or `c120` is not the logarithm that belongs to `phiF`.
    error CertificatesInvalidParameters(ProtocolParameters parameters);
    /// @notice Parameters change in the epoch after the next one at the earliest.
    error CertificatesActivationTooEarly(uint64 epoch, uint64 earliest);
    /// @notice The last epoch of a permission lies before its first or in the past.
    error CertificatesInvalidPermission(uint64 first, uint64 last);

    /// @notice Registration is open for the current epoch alone.
    error RegistrationWrongEpoch(uint64 epoch, uint64 current);
    /// @notice The steward held less than the minimum at the beginning of the epoch, so that the key could never count.
    error RegistrationStakeTooLow(uint64 stake, uint64 minimum);
    error RegistrationAlreadyMade(uint64 epoch, address steward);
    error RegistrationKeyTaken(uint64 epoch, bytes32 keyHash);
    /// @notice An epoch takes 65,535 registrations.
    error RegistrationFull(uint64 epoch);
    /// @notice A key has 192 bytes, a proof 288.
    error RegistrationInvalidLength(uint256 keyLength, uint256 proofLength);
    /// @notice The proof of possession or the binding signature does not belong to the key, the steward, the epoch or the
    /// registry, or a point is at infinity.
    error RegistrationInvalidProof();

    /// @notice The epoch is not over.
    error SealTooEarly(uint64 epoch, uint64 current);
    error SealAlreadyMade(uint64 epoch);
    /// @notice No page ended in this progress.
    error SealUnknownProgress(uint64 epoch, bytes32 progressHash);
    /// @notice The steward did not register this key.
    error SealUnknownRegistrant(uint64 epoch, address steward);
    /// @notice Registrants are read by ascending stake, then by ascending key, each once.
    error SealWrongOrder(uint64 epoch, address steward);

    /// @notice Certificates count for the clock's epoch and the one before it, and not behind the last certified one.
    error CertificateWrongEpoch(uint64 epoch, uint64 current, uint64 lastCertified);
    /// @notice The key for `epoch`, or the next one that the certificate carries, is not sealed yet.
    error CertificateKeyNotSealed(uint64 registrationEpoch);
    /// @notice The registrations for this epoch were too few: nothing can be certified in it.
    error CertificateEpochBlocked(uint64 epoch);
    /// @notice The epoch before has no certificate, and governance permits no anchor here.
    error CertificateGap(uint64 epoch, uint64 lastCertified);
    /// @notice Scores root, snapshot digest and snapshot block are given together; the stake distribution is always there.
    error CertificateIncomplete();
    /// @notice Another certificate of this epoch has another stake distribution.
    error CertificateDistributionChanged(bytes32 stakeDistributionRoot, bytes32 certified);
    /// @notice The epoch already has a certificate with this snapshot or a later one.
    error CertificateNotNewer(uint64 snapshotBlock, uint64 certified);

    /// @notice Registers the caller's key in the current epoch.
    /// @param epoch The current epoch: the registration must not slip into the next one.
    /// @param verificationKey The key as an affine G2 point, 192 bytes: x.c0, x.c1, y.c0, y.c1, 48 each, big-endian.
    /// @param proof Three affine G1 points, 288 bytes, x and y of 48 bytes each: k1 and k2 of the proof of possession, and
    /// the key's signature of {bindingOf}.
    /// @dev Requirements: the caller held the minimum stake at the beginning of the epoch and has not registered in it; the
    /// key is not registered; the points are in their subgroups and not at infinity; the signatures verify.
    function register(uint64 epoch, bytes calldata verificationKey, bytes calldata proof) external;

    /// @notice Reads a page of the registrants of `epoch`; the last page decides about the epoch. Anyone may call it, and go
    /// on where anyone stopped: a progress that was reached stays good until the epoch is decided, whatever others do.
    /// @param progress The empty one, or one that a page of this epoch ended in.
    /// @param page The next registrants by ascending stake ({stakeOf}), then ascending key. All of the epoch's are read,
    /// those below the minimum stake too.
    function seal(uint64 epoch, SealProgress calldata progress, Registrant[] calldata page) external;

    /// @notice Stores what a certificate says, if `proof` (see {IStmVerifier}) shows that the stewards of its epoch signed it.
    /// @dev Requirements: the epoch is the clock's or the one before; it follows the last certified epoch, or is that epoch
    /// and brings a newer snapshot, or governance permits an anchor; its own key and the next one are sealed (a blocked next
    /// one is carried as 48 zero bytes).
    function certify(Certificate calldata certificate, bytes calldata proof) external;

    /// @notice Lets a chain of certificates begin, once, in an epoch from `first` to `last`. Requirement: the caller is the
    /// Timelock. A new permission replaces the one before; both zero withdraw it. A permission is for the gap that it was given
    /// for: it ends too when a certificate of one of its epochs follows the one before without a gap.
    function permitAnchor(uint64 first, uint64 last) external;

    /// @notice Sets the parameters from `epoch` on. Requirements: the caller is the Timelock; `epoch` is after the next one;
    /// the parameters keep their bounds.
    function scheduleParameters(uint64 epoch, ProtocolParameters calldata parameters) external;

    function token() external view returns (address);
    function timelock() external view returns (address);
    function verifier() external view returns (IStmVerifier);
    /// @notice When epoch 1 begins, in seconds since 1970.
    function genesis() external view returns (uint64);
    /// @notice How long an epoch lasts, in seconds.
    function epochLength() external view returns (uint64);
    /// @notice The clock's epoch. Fails before epoch 1.
    function currentEpoch() external view returns (uint64);
    /// @notice When an epoch begins, in seconds since 1970.
    function startOf(uint64 epoch) external view returns (uint64);
    /// @notice When the votes of an epoch's registrants are read: the second before it begins, its middle, its last second.
    function sampleTimes(uint64 epoch) external view returns (uint64[3] memory);
    /// @notice A steward's stake for its registration in `epoch`: the least of the votes at {sampleTimes}, in units of 1e9
    /// wei. Fails until the epoch is over.
    function stakeOf(uint64 epoch, address steward) external view returns (uint64);
    /// @notice The keccak-256 of the compressed key that a steward registered in `epoch`; zero if none.
    function keyHashOf(uint64 epoch, address steward) external view returns (bytes32);
    /// @notice Who registered a key in `epoch`; zero if nobody.
    function stewardOf(uint64 epoch, bytes32 keyHash) external view returns (address);
    /// @notice How many keys were registered in `epoch`.
    function registeredCount(uint64 epoch) external view returns (uint32);
    /// @notice What the binding signature signs: `abi.encode(typehash, chainId, registry, epoch, steward, keyHash)`.
    function bindingOf(uint64 epoch, address steward, bytes32 keyHash) external view returns (bytes memory);
    /// @notice Whether a page of `epoch` ended in the progress of this hash (`keccak256(abi.encode(progress))`).
    function isSealProgress(uint64 epoch, bytes32 progressHash) external view returns (bool);
    /// @notice What became of the registrations of `epoch`. Their key signs in `epoch` + 2.
    function sealOf(uint64 epoch) external view returns (SealStatus status, IStmVerifier.AggregateKey memory key);
    /// @notice The parameters of an epoch, as far as they are scheduled, and their hash: SHA-256 over k and m (8 bytes each)
    /// and phi_f (4 bytes), big-endian.
    function parametersOf(uint64 epoch) external view returns (ProtocolParameters memory, bytes32 parametersHash);
    /// @notice What a certificate's signers sign: 64 ASCII characters. Fails until the next key is decided.
    function messageOf(Certificate calldata certificate) external view returns (bytes memory);
    /// @notice What is certified for an epoch.
    function certifiedEpoch(uint64 epoch) external view returns (CertifiedEpoch memory);
    /// @notice The last epoch with a certificate; 0 before the first.
    function lastCertifiedEpoch() external view returns (uint64);
    /// @notice How many chains began, and the epochs of the permission for another; zero if there is none.
    function anchoring() external view returns (uint32 anchors, uint64 firstPermitted, uint64 lastPermitted);
}
