// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportScores} from "./IPassportScores.sol";

/// @title Scores of people, anchored a tree at a time and read by account
/// @notice A *scorer* publishes numbered Merkle roots over its scores. Anyone may bring an account's leaf, with its proof,
/// into the registry, where contracts read it by account. The number of the root decides which of two leaves is fresher;
/// a leaf says nothing about its own age.
///
/// Leaves: `keccak(keccak(abi.encode(uint256 scorerId, address account, uint32 score, uint64 expiresAt)))`; pairs are
/// hashed in sorted order. Whoever lost a score stays in the tree with score 0, so that anyone may bring in the drop.
///
/// A score that was brought in counts until the first of: its expiry; a leaf of a later root; `maxRootAge` later roots;
/// the scorer's floor.
interface IPassportRegistry is IPassportScores {
    /// @notice Who vouches for a scorer's roots: a key or an ERC-1271 contract, by EIP-712 signature, or a contract of
    /// certificates. It is fixed when the authority is appointed and never guessed from code, which EIP-7702 lets any
    /// account have.
    enum AuthorityKind {
        Key,
        Contract,
        Certificates
    }

    /// @notice What a scorer is made with.
    struct Settings {
        /// How many later roots a score that was brought in outlives; at least 1.
        uint16 maxRootAge;
        /// How many seconds after its root's issue time a score may expire; at most 366 days.
        uint32 maxLifetime;
        /// How many seconds lie at least between the issue times of two roots, where certificates vouch for the scorer; from 1
        /// to `maxLifetime`. Anyone may anchor any snapshot that is certified, so this, times `maxRootAge`, is how long a score
        /// is sure to outlive its root, and how long a proof stays good: twice the interval at least from its root's issue.
        uint32 minRootInterval;
    }

    /// @notice A scorer as it stands.
    struct Scorer {
        /// Who administers the scorer, unless certificates vouch for it: then the Timelock does.
        address manager;
        address authority;
        AuthorityKind kind;
        /// The number of the current root; 0 before the first.
        uint32 number;
        /// Scores of roots below this number do not count. It rises with the current root, `maxRootAge` behind it, and when
        /// the authority raises it; it never falls.
        uint32 floor;
        uint16 maxRootAge;
        uint32 maxLifetime;
        uint32 minRootInterval;
        /// When the current root was issued, in seconds since the epoch.
        uint64 issuedAt;
        /// The current root's threshold, in units of 1e-4.
        uint32 threshold;
    }

    /// @notice A root as its scorer's operator signs it, with `rulesHash` in place of `threshold` and `definition`:
    /// `Anchor(uint256 scorerId,uint32 number,bytes32 root,uint64 issuedAt,bytes32 rulesHash,uint64 count,string uri,uint256
    /// deadline)`.
    struct Anchor {
        uint256 scorerId;
        /// The current root's number plus one.
        uint32 number;
        bytes32 root;
        uint64 issuedAt;
        /// From which score on the rules call somebody human, in units of 1e-4.
        uint32 threshold;
        /// The hash of everything else in the scorer version's rules: weights, gates, caps.
        bytes32 definition;
        /// How many leaves the tree has.
        uint64 count;
        /// Where the tree can be found.
        string uri;
        /// Last second at which the signature counts.
        uint256 deadline;
    }

    /// @notice A root as the certificate of an epoch covers it: see {IScoresCertificates} for its leaf.
    struct CertifiedAnchor {
        uint256 scorerId;
        uint256 epoch;
        bytes32 root;
        uint64 issuedAt;
        uint32 threshold;
        bytes32 definition;
        uint64 count;
    }

    /// @notice One leaf of a batch, with its proof against root `rootNumber`.
    struct Submission {
        address account;
        uint32 score;
        uint64 expiresAt;
        uint32 rootNumber;
        bytes32[] proof;
    }

    /// @notice A leaf that was brought in; `threshold` is that of its root.
    struct CachedScore {
        uint32 score;
        uint64 expiresAt;
        uint32 rootNumber;
        uint32 threshold;
    }

    event ScorerCreated(uint256 indexed scorerId, address indexed manager);
    event AuthorityChanged(uint256 indexed scorerId, address indexed authority, AuthorityKind kind);
    event SettingsChanged(uint256 indexed scorerId, uint16 maxRootAge, uint32 maxLifetime, uint32 minRootInterval);
    event ManagerOffered(uint256 indexed scorerId, address indexed manager, address indexed newManager);
    event ManagerChanged(uint256 indexed scorerId, address indexed previousManager, address indexed newManager);
    /// @notice Scores of roots below `floor` ended, out of turn: a root that comes raises it too, and says so by its number.
    event FloorRaised(uint256 indexed scorerId, uint32 floor);
    /// @notice `uri` is empty for a certified root: certificates cover no address.
    event RootAnchored(
        uint256 indexed scorerId,
        uint32 indexed number,
        bytes32 indexed root,
        uint64 issuedAt,
        uint32 threshold,
        bytes32 rulesHash,
        uint64 count,
        string uri
    );
    /// @notice A leaf was brought in; score 0 is a drop.
    event ScoreSubmitted(
        uint256 indexed scorerId,
        address indexed account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber
    );

    error RegistryInvalidTimelock(address timelock);
    error RegistryUnknownScorer(uint256 scorerId);
    error RegistryInvalidManager(address manager);
    /// @notice The authority is zero, or is to be a contract and has no code.
    error RegistryInvalidAuthority(address authority);
    error RegistryInvalidSettings(uint16 maxRootAge, uint32 maxLifetime, uint32 minRootInterval);
    /// @notice The caller does not administer the scorer: `administrator` does.
    error RegistryNotAdministrator(address caller, address administrator);
    error RegistryNotOfferedManager(address caller, address offered);
    /// @notice A floor only rises, to the number after the current root's at most.
    error RegistryInvalidFloor(uint32 floor, uint32 current, uint32 maximum);
    error RegistryInvalidRoot();
    error RegistryInvalidThreshold();
    error RegistryUnexpectedRootNumber(uint32 number, uint32 expected);
    /// @notice A root is issued after the one before it, not in the future, and anchored within 30 days.
    error RegistryInvalidIssueTime(uint64 issuedAt, uint64 previous);
    /// @notice Certified roots keep the scorer's interval: the next one is issued at `earliest` or later.
    error RegistryRootTooSoon(uint64 issuedAt, uint64 earliest);
    error RegistryAnchorExpired(uint256 deadline);
    error RegistryInvalidSignature(uint256 scorerId, address authority);
    /// @notice The scorer's authority does not anchor in this way.
    error RegistryWrongAuthorityKind(AuthorityKind kind);
    error RegistryNotCertified(uint256 scorerId, uint256 epoch);
    /// @notice Only the current root and the one before it, and none below the floor, take leaves.
    error RegistryRootNotOpen(uint32 rootNumber, uint32 current, uint32 floor);
    error RegistryInvalidProof(uint256 scorerId, address account);
    error RegistryLifetimeTooLong(uint64 expiresAt, uint64 latest);
    /// @notice The leaf that is there is of this root or a later one.
    error RegistryNotFresher(uint32 rootNumber, uint32 cached);

    /// @notice Makes a scorer; anyone may. Ids count up from 1. Whoever reads a scorer trusts its authority, so check who
    /// that is.
    function createScorer(
        address manager,
        address authority,
        AuthorityKind kind,
        Settings calldata settings
    ) external returns (uint256 scorerId);

    /// @notice Administrator only. Signatures of the previous authority stop counting at once. A scorer under certificates
    /// is administered by the Timelock, which alone can let it leave them.
    function setAuthority(uint256 scorerId, address authority, AuthorityKind kind) external;

    /// @notice Administrator only. A lifetime counts for leaves brought in from now on, a root age and an interval at once; a
    /// longer root age revives no score that had ended.
    function setSettings(uint256 scorerId, Settings calldata settings) external;

    /// @notice Administrator, or the operator: ends all scores of roots below `floor`, one above the current root at most.
    function raiseFloor(uint256 scorerId, uint32 floor) external;

    /// @notice Manager only; the new manager must accept. Zero takes an offer back.
    function offerManager(uint256 scorerId, address newManager) external;

    function acceptManager(uint256 scorerId) external;

    /// @notice Anchors a root that the scorer's operator signed; anyone may bring it.
    function anchor(Anchor calldata anchor_, bytes calldata signature) external;

    /// @notice Anchors a root that a certificate covers; anyone may bring it. `proof` leads from the scorer's entry to the
    /// epoch's certified root. The root is issued `minRootInterval` after the current one or later.
    function anchorCertified(CertifiedAnchor calldata anchor_, bytes32[] calldata proof) external;

    /// @notice Brings in an account's leaf of the current root or the one before it; anyone may. It replaces a leaf of an
    /// earlier root and reverts otherwise. An expired leaf is welcome: it may end a score that an earlier root gave.
    function submitScore(
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) external;

    /// @notice Brings in many leaves. Those that are not fresher than what is there are passed over, so that nobody can
    /// stop a batch by being faster with one of its leaves; anything else that is wrong reverts the whole.
    /// @return brought How many leaves were brought in.
    function submitScores(uint256 scorerId, Submission[] calldata submissions) external returns (uint256 brought);

    /// @notice Whether a leaf, brought in now, would count: the same rules as the reads, and nothing is stored. Never
    /// reverts. A leaf older than the one that was brought in, or of score 0, does not count.
    function verifyScore(
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice Whether a leaf is in root `rootNumber`, however old: history, not a verdict. Never reverts.
    function wasAnchored(
        uint256 scorerId,
        address account,
        uint32 score,
        uint64 expiresAt,
        uint32 rootNumber,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice Who administers the scorers that certificates vouch for.
    function timelock() external view returns (address);
    /// @notice How many scorers there are; the newest one's id.
    function scorerCount() external view returns (uint256);
    function scorer(uint256 scorerId) external view returns (Scorer memory);
    /// @notice The root of that number; zero if there is none.
    function rootOf(uint256 scorerId, uint32 number) external view returns (bytes32);
    /// @notice The leaf that was brought in, whether or not it still counts.
    function cachedScore(uint256 scorerId, address account) external view returns (CachedScore memory);
    /// @notice The EIP-712 digest of an anchor for this contract and chain.
    function hashAnchor(Anchor calldata anchor_) external view returns (bytes32);
    /// @notice `keccak(abi.encode(uint32 threshold, bytes32 definition))`.
    function hashRules(uint32 threshold, bytes32 definition) external pure returns (bytes32);
}
