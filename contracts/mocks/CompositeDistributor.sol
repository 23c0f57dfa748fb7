// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ECDSA} from "solady/src/utils/ECDSA.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";
import {LibBitmap} from "solady/src/utils/LibBitmap.sol";
import {MerkleProofLib} from "solady/src/utils/MerkleProofLib.sol";

import {ITokenDistributor} from "../distributor/ITokenDistributor.sol";
import {PlainVotesToken} from "./PlainVotesToken.sol";

/// @title The compared distributor of the gas benchmark: what one composes from public libraries
/// @notice It takes the same claims as {ITokenDistributor} over the same leaves, with less to pay for: its signer and
/// window are immutable, and it knows neither pauses nor contract wallets.
contract CompositeDistributor is EIP712 {
    using LibBitmap for LibBitmap.Bitmap;

    bytes32 private constant CLAIM_TYPEHASH = keccak256(
        "Claim(uint32 userId,address account,uint256 amount,address delegatee,address submitter,uint256 deadline)"
    );

    PlainVotesToken private immutable TOKEN;
    address private immutable SIGNER;
    bytes32 private immutable ROOT;
    uint256 private immutable START;
    uint256 private immutable END;
    LibBitmap.Bitmap private _claimed;

    event Claimed(uint32 indexed userId, address indexed account, uint256 amount, address delegatee);

    error CompositeRefused();

    constructor(PlainVotesToken token, address signer, bytes32 root, uint256 start, uint256 end) {
        TOKEN = token;
        SIGNER = signer;
        ROOT = root;
        START = start;
        END = end;
    }

    function claim(uint32 userId, uint256 amount, address delegatee, bytes32[] calldata proof) external {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(userId, amount, msg.sender))));
        _settle(userId, msg.sender, amount, delegatee, leaf, proof);
    }

    function claimSigned(
        uint32 userId,
        uint256 amount,
        address delegatee,
        uint256 deadline,
        bytes calldata signature,
        bytes32[] calldata proof
    ) external {
        bytes32 digest = _hashTypedData(
            keccak256(abi.encode(CLAIM_TYPEHASH, userId, msg.sender, amount, delegatee, msg.sender, deadline))
        );
        if (block.timestamp > deadline || ECDSA.recoverCalldata(digest, signature) != SIGNER) revert CompositeRefused();
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(userId, amount))));
        _settle(userId, msg.sender, amount, delegatee, leaf, proof);
    }

    function claimBatch(address submitter, ITokenDistributor.SponsoredClaim[] calldata claims) external {
        if (msg.sender != submitter) revert CompositeRefused();
        for (uint256 i = 0; i < claims.length; ++i) {
            ITokenDistributor.SponsoredClaim calldata item = claims[i];
            bytes32 digest = _hashTypedData(
                keccak256(
                    abi.encode(
                        CLAIM_TYPEHASH,
                        item.userId,
                        item.account,
                        item.amount,
                        item.delegatee,
                        submitter,
                        item.deadline
                    )
                )
            );
            if (
                block.timestamp > item.deadline ||
                ECDSA.recoverCalldata(digest, item.accountSignature) != item.account ||
                ECDSA.recoverCalldata(digest, item.signerSignature) != SIGNER
            ) revert CompositeRefused();
            bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(item.userId, item.amount))));
            _settle(item.userId, item.account, item.amount, item.delegatee, leaf, item.proof);
        }
    }

    function _settle(
        uint32 userId,
        address account,
        uint256 amount,
        address delegatee,
        bytes32 leaf,
        bytes32[] calldata proof
    ) private {
        if (block.timestamp < START || block.timestamp >= END) revert CompositeRefused();
        if (!MerkleProofLib.verifyCalldata(proof, ROOT, leaf)) revert CompositeRefused();
        if (_claimed.get(userId)) revert CompositeRefused();
        _claimed.set(userId);
        emit Claimed(userId, account, amount, delegatee);
        TOKEN.distribute(account, amount, delegatee);
    }

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("TokenDistributor", "1");
    }
}
