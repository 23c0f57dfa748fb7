// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IPassportScores} from "../passport/IPassportScores.sol";

/// @title Pays a fixed list of (user, amount) once each, within a window
/// @notice A *bound* leaf names its account and needs the proof alone. An *unbound* leaf was made before the account was
/// known and also needs the claim signer's EIP-712 message, which binds the user to an account.
///
/// Leaves: bound `keccak(keccak(abi.encode(uint32 userId, uint256 amount, address account)))`, unbound
/// `keccak(keccak(abi.encode(uint32 userId, uint256 amount)))`; pairs are hashed in sorted order.
///
/// The account always consents: it is the caller, or the caller is the claim's `submitter` and the account signed the
/// very same claim.
interface ITokenDistributor {
    /// @notice How the claim signer signs: with a key, or as an ERC-1271 contract. It is fixed when the signer is
    /// appointed and never guessed from code, which EIP-7702 lets any account have.
    enum SignerKind {
        Key,
        Contract
    }

    /// @notice What an unbound claim may need besides the signer's message: an account that scores as a person, which then
    /// claims unbound leaves only once. Bound leaves name their account, and no gate keeps them from it.
    struct Gate {
        /// Where scores are read; zero for no gate.
        IPassportScores registry;
        uint256 scorerId;
        /// The least score that passes, in units of 1e-4.
        uint32 minimum;
    }

    /// @notice What a distributor is made with. Times are seconds since the epoch.
    struct Configuration {
        /// The token that is paid out.
        IERC20 token;
        /// Who receives what nobody claimed: the Timelock.
        address treasury;
        /// Who may rotate the signer, pause, and appoint the guardian: the Timelock.
        address owner;
        /// Who may pause signed claims once, for at most seven days; zero for nobody.
        address guardian;
        /// Whose message an unbound claim needs.
        address signer;
        SignerKind signerKind;
        /// Whether `token` accepts `distribute` from this contract, which then delegates without a second signature.
        bool launch;
        bytes32 merkleRoot;
        /// SHA-256 of the ratified list, so that everybody can check that they hold it.
        bytes32 listHash;
        /// First second of the claim window.
        uint40 start;
        /// First second after the claim window.
        uint40 end;
        Gate gate;
    }

    /// @notice The EIP-712 struct that the claim signer and, for sponsored claims, the account sign:
    /// `Claim(uint32 userId,address account,uint256 amount,address delegatee,address submitter,uint256 deadline)`.
    struct Claim {
        uint32 userId;
        address account;
        uint256 amount;
        /// The account's new delegate; zero keeps the current one.
        address delegatee;
        /// Who may send the claim; the account itself when it claims alone.
        address submitter;
        /// Last second at which the signatures count.
        uint256 deadline;
    }

    /// @notice One claim of a batch. The struct's `submitter` is the batch's.
    struct SponsoredClaim {
        uint32 userId;
        address account;
        uint256 amount;
        address delegatee;
        uint256 deadline;
        /// The account's signature over the claim; ignored when the account is the caller.
        bytes accountSignature;
        /// The claim signer's signature over the claim; empty for a bound leaf.
        bytes signerSignature;
        bytes32[] proof;
    }

    /// @notice A user was paid; `delegatee` zero means that the account's delegate was kept.
    event Claimed(uint32 indexed userId, address indexed account, uint256 amount, address delegatee);
    /// @notice What nobody claimed went to the treasury.
    event Swept(address indexed treasury, uint256 amount);
    event SignerRotated(address indexed previousSigner, address indexed newSigner, SignerKind kind);
    event GuardianChanged(address indexed previousGuardian, address indexed newGuardian);
    /// @notice Signed claims wait until `until`; the window now ends at `end`.
    event SignedClaimsPaused(address indexed by, uint256 until, uint256 end);
    event SignedClaimsResumed(address indexed by);

    /// @notice No contract is at the token's address.
    error DistributorInvalidToken(address token);
    /// @notice The treasury is zero, the distributor itself, or the token, where what is swept would be lost.
    error DistributorInvalidTreasury(address treasury);
    /// @notice The signer is zero, or is to sign as a contract and has no code.
    error DistributorInvalidSigner(address signer);
    /// @notice The list's Merkle root is zero.
    error DistributorInvalidRoot();
    /// @notice The window is empty or already over.
    error DistributorInvalidWindow(uint256 start, uint256 end);
    /// @notice Nothing at the gate's address answers for scores, the least score is 0, or there is one without a gate.
    error DistributorInvalidGate(address registry, uint256 scorerId, uint256 minimum);
    /// @notice `launch` was asked for, but the token's distributor is another contract.
    error DistributorNotTheLaunchDistributor(address expected);
    /// @notice The window opens at `start`.
    error DistributorNotStarted(uint256 start);
    /// @notice The window closed at `end`.
    error DistributorEnded(uint256 end);
    /// @notice Nothing is swept before the window's `end`.
    error DistributorNotEnded(uint256 end);
    /// @notice The user was paid already, through a leaf of either kind.
    error DistributorAlreadyClaimed(uint32 userId);
    /// @notice User, amount and, in a bound leaf, account are not on the list like this, or the proof is wrong.
    error DistributorInvalidProof(uint32 userId);
    /// @notice There is nothing to pay.
    error DistributorZeroAmount(uint32 userId);
    /// @notice The signatures counted until `deadline`.
    error DistributorClaimExpired(uint32 userId, uint256 deadline);
    /// @notice The current claim signer did not sign exactly this claim.
    error DistributorInvalidSignerSignature(uint32 userId);
    /// @notice The account did not sign exactly this claim.
    error DistributorInvalidAccountSignature(uint32 userId, address account);
    /// @notice The caller is neither the claim's account nor its submitter.
    error DistributorNotSubmitter(address caller, address submitter);
    /// @notice The gate asks for a higher score than the account has now.
    error DistributorScoreTooLow(address account, uint256 score, uint256 minimum);
    /// @notice Through a gate an account claims one unbound leaf.
    error DistributorAccountAlreadyClaimed(address account);
    /// @notice A batch holds at least one claim.
    error DistributorEmptyBatch();
    /// @notice Signed claims wait until `until`; the largest `uint40` means until the owner resumes them.
    error DistributorSignedClaimsPaused(uint256 until);
    /// @notice There is no pause to end.
    error DistributorNotPaused();
    /// @notice Only the guardian may do this.
    error DistributorNotGuardian(address caller);
    /// @notice A guardian pauses once, and the owner must appoint it anew before it can do so again.
    error DistributorGuardianSpent(address guardian);
    /// @notice A guardian's pause lasts at least a second and at most `maximum`.
    error DistributorInvalidPause(uint256 duration, uint256 maximum);
    /// @notice The claim asks for a delegate that the account does not have after the transfer.
    error DistributorNotDelegated(address account, address delegatee);
    /// @notice The distributor holds no tokens.
    error DistributorNothingToSweep();

    /// @notice Claims a bound leaf for the caller.
    function claim(uint32 userId, uint256 amount, address delegatee, bytes32[] calldata proof) external;

    /// @notice Claims an unbound leaf for the caller with the claim signer's message; in the signed struct `account` and
    /// `submitter` are both the caller. `signature` has 64 bytes (EIP-2098), 65 bytes, or what an ERC-1271 signer wants.
    function claimSigned(
        uint32 userId,
        uint256 amount,
        address delegatee,
        uint256 deadline,
        bytes calldata signature,
        bytes32[] calldata proof
    ) external;

    /// @notice Claims for many accounts at once; all of them or none. The caller is `submitter`, or the account of every
    /// item. Each item carries its own signatures.
    function claimBatch(address submitter, SponsoredClaim[] calldata claims) external;

    /// @notice Sends the caller's ERC-5805 delegation signature to the token, for campaigns of tokens without the launch
    /// hook; use it before `claim` in one `multicall`. It does not matter who spends the signature first, because the claim
    /// checks the delegate that results.
    function tryDelegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice After the window, sends the whole balance to the treasury. Anyone may call; no pause stops it.
    function sweep() external;

    /// @notice Owner only. Signatures of the previous signer stop counting at once.
    function rotateSigner(address newSigner, SignerKind kind) external;

    /// @notice Owner only; zero appoints nobody. A newly appointed guardian, even the same one, may pause once.
    function setGuardian(address newGuardian) external;

    /// @notice Owner only: signed claims wait until `resumeSignedClaims`. The window's end stays where it is.
    function pauseSignedClaims() external;

    /// @notice Guardian only, once: signed claims wait `duration` seconds, at most seven days, and the window's end moves
    /// by as much.
    function guardianPause(uint256 duration) external;

    /// @notice Owner only: ends a pause, whoever made it. A window's end that moved stays moved.
    function resumeSignedClaims() external;

    function isClaimed(uint32 userId) external view returns (bool);

    /// @notice Whether the account came through the gate already; never without one.
    function wentThroughGate(address account) external view returns (bool);

    /// @notice The EIP-712 digest of a claim for this contract and chain.
    function hashClaim(Claim calldata claim_) external view returns (bytes32);

    function token() external view returns (IERC20);
    function treasury() external view returns (address);
    function merkleRoot() external view returns (bytes32);
    function listHash() external view returns (bytes32);
    function isLaunch() external view returns (bool);
    function start() external view returns (uint256);
    /// @notice The first second after the window, guardian's pauses included.
    function end() external view returns (uint256);
    function signer() external view returns (address account, SignerKind kind);
    /// @notice What unbound claims ask of accounts; a zero registry for nothing.
    function gate() external view returns (Gate memory);
    function guardian() external view returns (address account, bool spent);
    /// @notice Until when signed claims wait; zero or a past time when they do not, the largest `uint40` when the owner
    /// paused them.
    function pausedUntil() external view returns (uint256);
}
