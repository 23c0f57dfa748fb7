// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {bound, vm} from "../support/Vm.sol";
import {Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {AnsweringWallet, KeyWallet} from "./support/Wallets.sol";

/// Claims with the claim signer's message: TokenDistributor.claimSigned.tree lists what is tested here.
contract TokenDistributorClaimSignedTest is DistributorFixture {
    function test_Claim_PaysWithASignature() public {
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.Claimed(300, HOLDER, 500e18, STEWARD);
        claimSigned(HOLDER, 4, STEWARD);
        vm.assertEq(token.balanceOf(HOLDER), 1500e18);
        vm.assertTrue(distributor.isClaimed(300), "the claim's bit is set");
        vm.assertFalse(distributor.isClaimed(44), "the bit lies in the second word");
    }

    function test_Claim_PaysWithACompactSignature() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        sendSigned(claim_, compact(sign(SIGNER_KEY, claim_)), proofOf(0));
        vm.assertTrue(distributor.isClaimed(1), "64 bytes are enough");
    }

    function test_Claim_PaysAtTheDeadline() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        claim_.deadline = START + 1 hours;
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.warp(START + 1 hours);
        sendSigned(claim_, signature, proofOf(0));
        vm.assertTrue(distributor.isClaimed(1), "the deadline is the last second");
    }

    function test_Claim_PaysTheLargestUser() public {
        delete rows;
        rows.push(Row(type(uint32).max, address(0), 1));
        launch(configuration());
        claimSigned(ALICE, 0, address(0));
        vm.assertTrue(distributor.isClaimed(type(uint32).max), "the last bit of the last word");
        vm.assertFalse(distributor.isClaimed(type(uint32).max - 1), "and no other");
    }

    function test_Claim_PaysWithAContractSigner() public {
        rotate(address(new KeyWallet(BOB)));
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        sendSigned(claim_, sign(BOB_KEY, claim_), proofOf(0));
        vm.assertTrue(distributor.isClaimed(1), "the contract vouched for its key");
    }

    function test_Claim_RevertWhen_TheContractSignerRefuses() public {
        rotate(address(new KeyWallet(BOB)));
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        expectInvalidSignature(1);
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Claim_RevertWhen_TheContractSignerAnswersBadly() public {
        bytes4 magic = IERC1271.isValidSignature.selector;
        bytes[5] memory answers = [
            bytes(""),
            abi.encodePacked(magic), // 4 bytes instead of a word
            abi.encodePacked(magic, bytes27(0)), // 31 bytes
            abi.encodePacked(magic, bytes28(uint224(1))), // a dirty word
            abi.encode(bytes4(0xffffffff))
        ];
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        for (uint256 i = 0; i < answers.length; ++i) {
            rotate(address(new AnsweringWallet(answers[i], false)));
            expectInvalidSignature(1);
            sendSigned(claim_, hex"01", proofOf(0));
        }
        rotate(address(new AnsweringWallet(abi.encode(magic), true)));
        expectInvalidSignature(1);
        sendSigned(claim_, hex"01", proofOf(0));

        rotate(address(new AnsweringWallet(abi.encode(magic), false))); // the one good answer
        sendSigned(claim_, hex"01", proofOf(0));
    }

    function test_Claim_SignatureAloneFails() public {
        // The service's key is stolen: no amount but the list's, no user but a listed one.
        ITokenDistributor.Claim memory claim_ = ownClaim(0, STRANGER, STRANGER);
        claim_.amount = 1900e18;
        bytes memory signature = sign(SIGNER_KEY, claim_);
        expectInvalidProof(1);
        sendSigned(claim_, signature, proofOf(0));

        claim_ = ownClaim(0, STRANGER, STRANGER);
        claim_.userId = 9;
        signature = sign(SIGNER_KEY, claim_);
        expectInvalidProof(9);
        sendSigned(claim_, signature, proofOf(0));

        expectInvalidProof(9);
        sendSigned(claim_, signature, new bytes32[](0));
    }

    function test_Claim_ProofAloneFails() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, STRANGER, STRANGER);
        expectInvalidSignature(1);
        sendSigned(claim_, "", proofOf(0));

        bytes memory signature = sign(ALICE_KEY, claim_);
        expectInvalidSignature(1);
        sendSigned(claim_, signature, proofOf(0));

        // Nor does the bound way out take an unbound leaf.
        expectInvalidProof(1);
        vm.prank(STRANGER);
        distributor.claim(1, 100e18, STRANGER, proofOf(0));
    }

    function test_Claim_ExpiredSignatureReverts() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        claim_.deadline = START + 1 hours;
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.warp(START + 1 hours + 1);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorClaimExpired.selector, 1, START + 1 hours));
        sendSigned(claim_, signature, proofOf(0));
    }

    /// No signature lasts for ever: zero is a deadline like any other, and the deadline is signed, by both parties.
    function test_Claim_DeadlineMandatory() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        claim_.deadline = 0;
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorClaimExpired.selector, 1, 0));
        sendSigned(claim_, signature, proofOf(0));

        claim_.deadline = START + 1 hours; // signed for zero
        expectInvalidSignature(1);
        sendSigned(claim_, signature, proofOf(0));

        // A bound leaf's sponsor holds a signature of the account: it ends too.
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(1, ALICE_KEY, STEWARD);
        item.deadline = 0;
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorClaimExpired.selector, 2, 0));
        sendBatch(batchOf(item));
    }

    function test_Claim_RevertWhen_AFieldDiffers() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        for (uint256 field = 0; field < 6; ++field) {
            ITokenDistributor.Claim memory other = ownClaim(0, HOLDER, STEWARD);
            if (field == 0) other.userId ^= 1;
            if (field == 1) other.account = STRANGER;
            if (field == 2) ++other.amount;
            if (field == 3) other.delegatee = STRANGER;
            if (field == 4) other.submitter = SPONSOR;
            if (field == 5) ++other.deadline;
            bytes memory signature = sign(SIGNER_KEY, other);
            expectInvalidSignature(1);
            sendSigned(claim_, signature, proofOf(0));
        }
    }

    function testFuzz_Claim_RevertWhen_AnotherKeySigned(uint256 key) public {
        key = bound(key, 1, 2 ** 200);
        if (key == SIGNER_KEY) ++key;
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(key, claim_);
        expectInvalidSignature(1);
        sendSigned(claim_, signature, proofOf(0));
    }

    function testFuzz_Claim_RevertWhen_SignatureIsMalformed(uint256 length, uint8 v) public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory whole = sign(SIGNER_KEY, claim_);
        bytes memory malformed = new bytes(bound(length, 0, 130));
        for (uint256 i = 0; i < malformed.length; ++i) malformed[i] = whole[i % 65];
        if (malformed.length == 65) malformed[64] = bytes1(v == uint8(whole[64]) ? v ^ 3 : v);
        if (malformed.length == 64) malformed[0] ^= 0x01;
        expectInvalidSignature(1);
        sendSigned(claim_, malformed, proofOf(0));
    }

    function test_Claim_RevertWhen_SignedForAnotherDistributor() public {
        TokenDistributor first = distributor;
        launch(configuration());
        vm.assertTrue(address(first) != address(distributor));
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = signDigest(SIGNER_KEY, first.hashClaim(claim_));
        expectInvalidSignature(1);
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Domain_FollowsChainId() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes32 before = distributor.hashClaim(claim_);
        bytes memory signature = signDigest(SIGNER_KEY, before);
        vm.chainId(1);
        vm.assertTrue(distributor.hashClaim(claim_) != before, "a fork has a domain of its own");
        expectInvalidSignature(1);
        sendSigned(claim_, signature, proofOf(0));

        sendSigned(claim_, sign(SIGNER_KEY, claim_), proofOf(0)); // signed anew for the fork
        vm.assertTrue(distributor.isClaimed(1), "the fork goes on with its own signatures");
    }

    function test_Claim_RevertWhen_SignedNotStarted() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.warp(START - 1);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotStarted.selector, START));
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Claim_RevertWhen_SignedEnded() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.warp(END);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorEnded.selector, END));
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Claim_RevertGiven_SignedClaimsArePaused() public {
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 days);
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.warp(START + 1 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorSignedClaimsPaused.selector, START + 1 days)
        );
        sendSigned(claim_, signature, proofOf(0));
        vm.warp(START + 1 days); // the pause ends by itself
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Claim_RevertGiven_SignedAlreadyClaimed() public {
        claimSigned(HOLDER, 0, STEWARD);
        // Not for the same account, and not for another one that the signer now names.
        ITokenDistributor.Claim memory claim_ = ownClaim(0, STRANGER, STRANGER);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorAlreadyClaimed.selector, 1));
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Paths_LeafKindsNotInterchangeable() public {
        // A bound leaf with the signer's message for somebody else, and even for its own account.
        address[2] memory accounts = [STRANGER, ALICE];
        for (uint256 i = 0; i < 2; ++i) {
            ITokenDistributor.Claim memory claim_ = ownClaim(1, accounts[i], STRANGER);
            bytes memory signature = sign(SIGNER_KEY, claim_);
            expectInvalidProof(2);
            sendSigned(claim_, signature, proofOf(1));
        }
        // An unbound leaf without the message, alone and sponsored.
        expectInvalidProof(1);
        claimBound(STRANGER, 0, STRANGER);
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(0, BOB_KEY, STEWARD);
        item.signerSignature = "";
        expectInvalidProof(1);
        sendBatch(batchOf(item));
        // A bound leaf in a batch, with the signer's message as if it were unbound.
        item = sponsoredItem(1, ALICE_KEY, STEWARD);
        ITokenDistributor.Claim memory asUnbound = ownClaim(1, ALICE, STEWARD);
        asUnbound.submitter = SPONSOR;
        item.signerSignature = sign(SIGNER_KEY, asUnbound);
        expectInvalidProof(2);
        sendBatch(batchOf(item));
    }

    function test_Paths_NoDoubleClaimAcross() public {
        // The same user under both kinds of leaf, as a careless list might have it: one bit serves both.
        delete rows;
        rows.push(Row(7, address(0), 10e18));
        rows.push(Row(7, ALICE, 20e18));
        launch(configuration());
        uint256 snapshot = vm.snapshotState();

        claimBound(ALICE, 1, STEWARD);
        ITokenDistributor.Claim memory claim_ = ownClaim(0, BOB, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        expectAlreadyClaimed(7);
        sendSigned(claim_, signature, proofOf(0));

        vm.revertToState(snapshot);
        claimSigned(BOB, 0, STEWARD);
        expectAlreadyClaimed(7);
        claimBound(ALICE, 1, STEWARD);
        ITokenDistributor.SponsoredClaim[] memory items = batchOf(sponsoredItem(1, ALICE_KEY, STEWARD));
        expectAlreadyClaimed(7);
        sendBatch(items);
    }

    function test_Paths_DirectIndependentOfSigner() public {
        // The signer is the attacker's: Alice's leaf is out of its reach, and she claims while everything signed waits.
        vm.prank(OWNER);
        distributor.rotateSigner(STRANGER, ITokenDistributor.SignerKind.Key);
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        claimBound(ALICE, 1, STEWARD);
        vm.assertEq(token.balanceOf(ALICE), 200e18);

        sendBatch(batchOf(sponsoredItem(3, BOB_KEY, STEWARD))); // sponsored bound claims go on as well
        vm.assertEq(token.balanceOf(BOB), 400e18);
    }

    function rotate(address wallet) private {
        vm.prank(OWNER);
        distributor.rotateSigner(wallet, ITokenDistributor.SignerKind.Contract);
    }

    function expectInvalidSignature(uint32 userId) private {
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, userId));
    }

    function expectInvalidProof(uint32 userId) private {
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidProof.selector, userId));
    }

    function expectAlreadyClaimed(uint32 userId) private {
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorAlreadyClaimed.selector, userId));
    }
}
