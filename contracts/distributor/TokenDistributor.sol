// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {EfficientHashLib} from "solady/src/utils/EfficientHashLib.sol";
import {SignatureCheckerLib} from "solady/src/utils/SignatureCheckerLib.sol";

import {IPassportScores} from "../passport/IPassportScores.sol";
import {IGovernanceToken} from "../token/IGovernanceToken.sol";
import {ClaimControl} from "./ClaimControl.sol";
import {ITokenDistributor} from "./ITokenDistributor.sol";
import {MerklePath} from "./MerklePath.sol";

/// @title Pays a fixed list once each: see {ITokenDistributor}
contract TokenDistributor is ITokenDistributor, Ownable2Step, EIP712, Multicall {
    using SafeERC20 for IERC20;

    bytes32 public constant CLAIM_TYPEHASH = keccak256(
        "Claim(uint32 userId,address account,uint256 amount,address delegatee,address submitter,uint256 deadline)"
    );
    uint256 public constant MAX_GUARDIAN_PAUSE = 7 days;

    IERC20 private immutable TOKEN;
    address private immutable TREASURY;
    bytes32 private immutable MERKLE_ROOT;
    bytes32 private immutable LIST_HASH;
    bool private immutable LAUNCH;
    uint256 private immutable START;
    uint256 private immutable END;
    IPassportScores private immutable GATE;
    uint256 private immutable GATE_SCORER;
    /// 0 where there is no gate, and only there: the one thing that a claim without a gate looks at.
    uint256 private immutable GATE_MINIMUM;

    /// One bit for each of 256 users; a struct, so that its place is computed once for reading and writing.
    struct ClaimedWord {
        uint256 bits;
    }

    ClaimControl private _control;
    address private _guardian;
    bool private _guardianSpent;
    mapping(uint256 index => ClaimedWord) private _claimed;
    mapping(address account => bool passed) private _passedGate;

    constructor(Configuration memory configuration) Ownable(configuration.owner) EIP712("TokenDistributor", "1") {
        if (address(configuration.token).code.length == 0) revert DistributorInvalidToken(address(configuration.token));
        // Tokens sent to the token itself are lost; sent to this contract, they could be swept for ever.
        if (
            configuration.treasury == address(0) ||
            configuration.treasury == address(this) ||
            configuration.treasury == address(configuration.token)
        ) revert DistributorInvalidTreasury(configuration.treasury);
        if (configuration.merkleRoot == 0) revert DistributorInvalidRoot();
        if (configuration.start >= configuration.end || configuration.end <= block.timestamp) {
            revert DistributorInvalidWindow(configuration.start, configuration.end);
        }
        _checkGate(configuration.gate);
        if (configuration.launch) {
            address expected = IGovernanceToken(address(configuration.token)).distributor();
            if (expected != address(this)) revert DistributorNotTheLaunchDistributor(expected);
        }
        TOKEN = configuration.token;
        TREASURY = configuration.treasury;
        MERKLE_ROOT = configuration.merkleRoot;
        LIST_HASH = configuration.listHash;
        LAUNCH = configuration.launch;
        START = configuration.start;
        END = configuration.end;
        GATE = configuration.gate.registry;
        GATE_SCORER = configuration.gate.scorerId;
        GATE_MINIMUM = configuration.gate.minimum;
        _rotateSigner(configuration.signer, configuration.signerKind);
        _setGuardian(configuration.guardian);
    }

    /// @inheritdoc ITokenDistributor
    function claim(uint32 userId, uint256 amount, address delegatee, bytes32[] calldata proof) external {
        if (block.timestamp < START) revert DistributorNotStarted(START);
        // The extension is read only when it matters: a bound claim needs nothing else of its slot.
        if (block.timestamp >= END && block.timestamp >= end()) revert DistributorEnded(end());
        _settle(userId, msg.sender, amount, delegatee, _boundLeaf(userId, amount, msg.sender), proof);
    }

    /// @inheritdoc ITokenDistributor
    function claimSigned(
        uint32 userId,
        uint256 amount,
        address delegatee,
        uint256 deadline,
        bytes calldata signature,
        bytes32[] calldata proof
    ) external {
        ClaimControl control = _controlInWindow();
        bytes32 digest = _digest(_domainSeparatorV4(), userId, msg.sender, amount, delegatee, msg.sender, deadline);
        _checkSignerApproves(control, userId, deadline, digest, signature);
        if (GATE_MINIMUM != 0) _passGate(msg.sender);
        _settle(userId, msg.sender, amount, delegatee, _unboundLeaf(userId, amount), proof);
    }

    /// @inheritdoc ITokenDistributor
    function claimBatch(address submitter, SponsoredClaim[] calldata claims) external {
        if (claims.length == 0) revert DistributorEmptyBatch();
        ClaimControl control = _controlInWindow();
        bytes32 domain = _domainSeparatorV4();
        for (uint256 i = 0; i < claims.length; ++i) {
            _claimSponsored(control, domain, submitter, claims[i]);
        }
    }

    /// @inheritdoc ITokenDistributor
    function tryDelegateBySig(
        address delegatee,
        uint256 nonce,
        uint256 expiry,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        // A third party may have spent the signature already. That is no failure: the claim checks what came of it.
        try IVotes(address(TOKEN)).delegateBySig(delegatee, nonce, expiry, v, r, s) {} catch {}
    }

    /// @inheritdoc ITokenDistributor
    function sweep() external {
        if (block.timestamp < end()) revert DistributorNotEnded(end());
        uint256 amount = TOKEN.balanceOf(address(this));
        if (amount == 0) revert DistributorNothingToSweep();
        emit Swept(TREASURY, amount);
        TOKEN.safeTransfer(TREASURY, amount);
    }

    /// @inheritdoc ITokenDistributor
    function rotateSigner(address newSigner, SignerKind kind) external onlyOwner {
        _rotateSigner(newSigner, kind);
    }

    /// @inheritdoc ITokenDistributor
    function setGuardian(address newGuardian) external onlyOwner {
        _setGuardian(newGuardian);
    }

    /// @inheritdoc ITokenDistributor
    function pauseSignedClaims() external onlyOwner {
        _control = _control.withPauseEnd(type(uint40).max);
        emit SignedClaimsPaused(msg.sender, type(uint40).max, end());
    }

    /// @inheritdoc ITokenDistributor
    function guardianPause(uint256 duration) external {
        if (msg.sender != _guardian) revert DistributorNotGuardian(msg.sender);
        if (_guardianSpent) revert DistributorGuardianSpent(msg.sender);
        if (duration == 0 || duration > MAX_GUARDIAN_PAUSE)
            revert DistributorInvalidPause(duration, MAX_GUARDIAN_PAUSE);
        if (block.timestamp >= end()) revert DistributorEnded(end());
        // Pausing on top of a pause would move the window's end without any claim having waited for it.
        _checkNotPaused(_control);
        _guardianSpent = true;
        uint256 until = block.timestamp + duration;
        uint256 moved = _control.extension() + duration;
        _control = _control.withPauseEnd(SafeCast.toUint40(until)).withExtension(SafeCast.toUint40(moved));
        emit SignedClaimsPaused(msg.sender, until, end());
    }

    /// @inheritdoc ITokenDistributor
    function resumeSignedClaims() external onlyOwner {
        if (block.timestamp >= _control.pauseEnd()) revert DistributorNotPaused();
        _control = _control.withPauseEnd(0);
        emit SignedClaimsResumed(msg.sender);
    }

    /// @notice Owner only, and not while signed claims are paused: nobody could end the owner's pause any more.
    function renounceOwnership() public override onlyOwner {
        _checkNotPaused(_control);
        super.renounceOwnership();
    }

    /// @inheritdoc ITokenDistributor
    function isClaimed(uint32 userId) external view returns (bool) {
        return _claimed[userId >> 8].bits & (1 << (userId & 0xff)) != 0;
    }

    /// @inheritdoc ITokenDistributor
    function wentThroughGate(address account) external view returns (bool) {
        return _passedGate[account];
    }

    /// @inheritdoc ITokenDistributor
    function hashClaim(Claim calldata claim_) external view returns (bytes32) {
        return
            _digest(
                _domainSeparatorV4(),
                claim_.userId,
                claim_.account,
                claim_.amount,
                claim_.delegatee,
                claim_.submitter,
                claim_.deadline
            );
    }

    function token() external view returns (IERC20) {
        return TOKEN;
    }

    function treasury() external view returns (address) {
        return TREASURY;
    }

    function merkleRoot() external view returns (bytes32) {
        return MERKLE_ROOT;
    }

    function listHash() external view returns (bytes32) {
        return LIST_HASH;
    }

    function isLaunch() external view returns (bool) {
        return LAUNCH;
    }

    function start() external view returns (uint256) {
        return START;
    }

    function signer() external view returns (address account, SignerKind kind) {
        return (_control.signerOf(), _control.signsAsContract() ? SignerKind.Contract : SignerKind.Key);
    }

    /// @inheritdoc ITokenDistributor
    function gate() external view returns (Gate memory) {
        return Gate(GATE, GATE_SCORER, uint32(GATE_MINIMUM)); // it was 32 bits wide
    }

    function guardian() external view returns (address account, bool spent) {
        return (_guardian, _guardianSpent);
    }

    function pausedUntil() external view returns (uint256) {
        return _control.pauseEnd();
    }

    /// @inheritdoc ITokenDistributor
    function end() public view returns (uint256) {
        return END + _control.extension();
    }

    function _claimSponsored(
        ClaimControl control,
        bytes32 domain,
        address submitter,
        SponsoredClaim calldata item
    ) private {
        uint32 userId = item.userId;
        address account = item.account;
        bytes32 digest = _digest(domain, userId, account, item.amount, item.delegatee, submitter, item.deadline);
        if (msg.sender != account) {
            if (msg.sender != submitter) revert DistributorNotSubmitter(msg.sender, submitter);
            if (block.timestamp > item.deadline) revert DistributorClaimExpired(userId, item.deadline);
            if (!_accountSigned(account, digest, item.accountSignature)) {
                revert DistributorInvalidAccountSignature(userId, account);
            }
        }
        bytes32 leaf = _approvedLeaf(control, digest, userId, account, item);
        _settle(userId, account, item.amount, item.delegatee, leaf, item.proof);
    }

    /// The leaf that an item claims: an unbound one if the claim signer approved it and the account came through the gate,
    /// else one bound to its account.
    function _approvedLeaf(
        ClaimControl control,
        bytes32 digest,
        uint32 userId,
        address account,
        SponsoredClaim calldata item
    ) private returns (bytes32) {
        bytes calldata signature = item.signerSignature;
        if (signature.length == 0) return _boundLeaf(userId, item.amount, account);
        _checkSignerApproves(control, userId, item.deadline, digest, signature);
        if (GATE_MINIMUM != 0) _passGate(account);
        return _unboundLeaf(userId, item.amount);
    }

    /// Pays one claim whose consent and signatures were checked: proof and bit here, then the effect, then the token.
    function _settle(
        uint32 userId,
        address account,
        uint256 amount,
        address delegatee,
        bytes32 leaf,
        bytes32[] calldata proof
    ) private {
        if (amount == 0) revert DistributorZeroAmount(userId);
        if (MerklePath.rootOf(proof, leaf) != MERKLE_ROOT) revert DistributorInvalidProof(userId);
        ClaimedWord storage word = _claimed[userId >> 8];
        uint256 bits = word.bits;
        uint256 bit = 1 << (userId & 0xff);
        if (bits & bit != 0) revert DistributorAlreadyClaimed(userId);
        word.bits = bits | bit;
        emit Claimed(userId, account, amount, delegatee);

        if (LAUNCH) {
            if (!IGovernanceToken(address(TOKEN)).distribute(account, amount, delegatee)) {
                revert SafeERC20.SafeERC20FailedOperation(address(TOKEN));
            }
            return;
        }
        TOKEN.safeTransfer(account, amount);
        if (delegatee != address(0) && IVotes(address(TOKEN)).delegates(account) != delegatee) {
            revert DistributorNotDelegated(account, delegatee);
        }
    }

    /// Where there is a gate, an unbound claim needs a person, and each person once: one signer's mistake or theft gives no
    /// account more than one leaf.
    function _passGate(address account) private {
        if (_passedGate[account]) revert DistributorAccountAlreadyClaimed(account);
        uint256 score = GATE.getScore(GATE_SCORER, account);
        if (score < GATE_MINIMUM) revert DistributorScoreTooLow(account, score, GATE_MINIMUM);
        _passedGate[account] = true;
    }

    function _rotateSigner(address newSigner, SignerKind kind) private {
        if (newSigner == address(0)) revert DistributorInvalidSigner(newSigner);
        if (kind == SignerKind.Contract && newSigner.code.length == 0) revert DistributorInvalidSigner(newSigner);
        emit SignerRotated(_control.signerOf(), newSigner, kind);
        _control = _control.withSigner(newSigner, kind == SignerKind.Contract);
    }

    function _setGuardian(address newGuardian) private {
        emit GuardianChanged(_guardian, newGuardian);
        _guardian = newGuardian;
        _guardianSpent = false;
    }

    /// What a signed claim needs to know, read once; reverts outside the claim window.
    function _controlInWindow() private view returns (ClaimControl control) {
        if (block.timestamp < START) revert DistributorNotStarted(START);
        control = _control;
        uint256 end_ = END + control.extension();
        if (block.timestamp >= end_) revert DistributorEnded(end_);
    }

    /// A gate is for ever, so its registry must answer now: a wrong address would hold up all unbound claims.
    function _checkGate(Gate memory gate_) private view {
        bool valid = gate_.minimum != 0;
        if (address(gate_.registry) == address(0)) {
            valid = gate_.scorerId == 0 && gate_.minimum == 0;
        } else if (valid) {
            (bool success, bytes memory score) = address(gate_.registry).staticcall(
                abi.encodeCall(IPassportScores.getScore, (gate_.scorerId, address(this)))
            );
            valid = success && score.length == 32;
        }
        if (!valid) revert DistributorInvalidGate(address(gate_.registry), gate_.scorerId, gate_.minimum);
    }

    function _checkNotPaused(ClaimControl control) private view {
        if (block.timestamp < control.pauseEnd()) revert DistributorSignedClaimsPaused(control.pauseEnd());
    }

    function _checkSignerApproves(
        ClaimControl control,
        uint32 userId,
        uint256 deadline,
        bytes32 digest,
        bytes calldata signature
    ) private view {
        _checkNotPaused(control);
        if (block.timestamp > deadline) revert DistributorClaimExpired(userId, deadline);
        bool approved =
            control.signsAsContract()
                ? SignatureCheckerLib.isValidERC1271SignatureNowCalldata(control.signerOf(), digest, signature)
                : ECDSA.tryRecoverCalldata(digest, signature) == control.signerOf();
        if (!approved) revert DistributorInvalidSignerSignature(userId);
    }

    /// An account's key counts even where code was delegated to it (EIP-7702): the key commands that code.
    function _accountSigned(address account, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (account == address(0)) return false;
        if (ECDSA.tryRecoverCalldata(digest, signature) == account) return true;
        return
            account.code.length != 0 &&
            SignatureCheckerLib.isValidERC1271SignatureNowCalldata(account, digest, signature);
    }

    /// The hash library is `keccak256(abi.encode(...))` without the copy; the tests hold both against each other.
    function _digest(
        bytes32 domain,
        uint32 userId,
        address account,
        uint256 amount,
        address delegatee,
        address submitter,
        uint256 deadline
    ) private pure returns (bytes32) {
        return
            MessageHashUtils.toTypedDataHash(
                domain,
                EfficientHashLib.hash(
                    uint256(CLAIM_TYPEHASH),
                    userId,
                    uint160(account),
                    amount,
                    uint160(delegatee),
                    uint160(submitter),
                    deadline
                )
            );
    }

    /// Encoded, not packed, and hashed twice: no leaf's preimage has the length of an inner node.
    function _unboundLeaf(uint32 userId, uint256 amount) private pure returns (bytes32) {
        return EfficientHashLib.hash(EfficientHashLib.hash(uint256(userId), amount));
    }

    function _boundLeaf(uint32 userId, uint256 amount, address account) private pure returns (bytes32) {
        return EfficientHashLib.hash(EfficientHashLib.hash(uint256(userId), amount, uint160(account)));
    }
}
