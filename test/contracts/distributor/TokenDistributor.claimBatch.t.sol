// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {bound, vm} from "../support/Vm.sol";
import {Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {AnsweringWallet, KeyWallet} from "./support/Wallets.sol";

/// Sponsored claims: TokenDistributor.claimBatch.tree lists what is tested here.
contract TokenDistributorClaimBatchTest is DistributorFixture {
    function test_Batch_PaysBothKinds() public {
        ITokenDistributor.SponsoredClaim[] memory items = batchOf(
            sponsoredItem(0, CAROL_KEY, STEWARD),
            sponsoredItem(1, ALICE_KEY, address(0))
        );
        items[1].accountSignature = compact(items[1].accountSignature);
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.Claimed(1, CAROL, 100e18, STEWARD);
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.Claimed(2, ALICE, 200e18, address(0));
        sendBatch(items);
        vm.assertEq(token.balanceOf(CAROL), 100e18);
        vm.assertEq(token.balanceOf(ALICE), 200e18);
        vm.assertEq(token.delegates(CAROL), STEWARD);
        vm.assertEq(token.delegates(ALICE), address(0));
        vm.assertEq(token.balanceOf(SPONSOR), 0);
    }

    function test_Batch_EveryItemSigned() public {
        ITokenDistributor.SponsoredClaim memory first = sponsoredItem(0, ALICE_KEY, STEWARD);
        ITokenDistributor.SponsoredClaim memory second = sponsoredItem(2, ALICE_KEY, STEWARD);
        uint256 snapshot = vm.snapshotState();

        // The account's signature over the first item, repeated for the second.
        bytes memory own = second.accountSignature;
        second.accountSignature = first.accountSignature;
        expectInvalidAccountSignature(3, ALICE);
        sendBatch(batchOf(first, second));
        second.accountSignature = own;

        // The claim signer's, likewise.
        own = second.signerSignature;
        second.signerSignature = first.signerSignature;
        expectInvalidSignerSignature(3);
        sendBatch(batchOf(first, second));
        second.signerSignature = own;

        // One party's signature in the place of the other's.
        (second.accountSignature, second.signerSignature) = (second.signerSignature, second.accountSignature);
        expectInvalidAccountSignature(3, ALICE);
        sendBatch(batchOf(first, second));
        (second.accountSignature, second.signerSignature) = (second.signerSignature, second.accountSignature);

        vm.revertToState(snapshot);
        sendBatch(batchOf(first, second)); // each with its own
        vm.assertEq(token.balanceOf(ALICE), 400e18);
    }

    function test_Batch_RevertWhen_AccountSignedAnotherClaim() public {
        for (uint256 field = 0; field < 6; ++field) {
            ITokenDistributor.SponsoredClaim memory item = sponsoredItem(1, ALICE_KEY, STEWARD);
            ITokenDistributor.Claim memory other = ownClaim(1, ALICE, STEWARD);
            other.submitter = SPONSOR;
            if (field == 0) other.userId ^= 1;
            if (field == 1) other.account = STRANGER;
            if (field == 2) ++other.amount;
            if (field == 3) other.delegatee = STRANGER;
            if (field == 4) other.submitter = STRANGER;
            if (field == 5) ++other.deadline;
            item.accountSignature = sign(ALICE_KEY, other);
            expectInvalidAccountSignature(2, ALICE);
            sendBatch(batchOf(item));
        }
    }

    function test_Batch_PaysTheCallerWithoutItsSignature() public {
        // Alice sends her own bound claim and an unbound one in a single batch; the submitter does not matter then.
        ITokenDistributor.SponsoredClaim memory unbound = sponsoredItem(0, ALICE_KEY, STEWARD);
        ITokenDistributor.SponsoredClaim memory own = sponsoredItem(1, ALICE_KEY, STEWARD);
        unbound.accountSignature = hex"00";
        own.accountSignature = "";
        own.deadline = 0; // nothing was signed that could expire
        vm.prank(ALICE);
        distributor.claimBatch(SPONSOR, batchOf(unbound, own));
        vm.assertEq(token.balanceOf(ALICE), 300e18);
    }

    function test_Batch_RevertWhen_TheCallerHasNoMessage() public {
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(0, ALICE_KEY, STEWARD);
        item.signerSignature = item.accountSignature;
        expectInvalidSignerSignature(1);
        vm.prank(ALICE);
        distributor.claimBatch(SPONSOR, batchOf(item));

        item = sponsoredItem(0, ALICE_KEY, STEWARD); // signed for the sponsor, sent as if by Alice alone
        expectInvalidSignerSignature(1);
        vm.prank(ALICE);
        distributor.claimBatch(ALICE, batchOf(item));
    }

    function test_Batch_PaysAContractWallet() public {
        KeyWallet wallet = new KeyWallet(CAROL);
        delete rows;
        rows.push(Row(2, address(wallet), 200e18));
        rows.push(Row(3, address(0), 300e18));
        launch(configuration());
        sendBatch(batchOf(walletItem(0, address(wallet)), walletItem(1, address(wallet))));
        vm.assertEq(token.balanceOf(address(wallet)), 500e18);
        vm.assertEq(token.delegates(address(wallet)), STEWARD);
    }

    function test_Batch_RevertWhen_TheContractWalletRefuses() public {
        address refusing = address(new AnsweringWallet(abi.encode(bytes4(0xffffffff)), false));
        address failing = address(new AnsweringWallet(abi.encode(bytes4(0x1626ba7e)), true));
        delete rows;
        rows.push(Row(2, refusing, 200e18));
        rows.push(Row(3, failing, 300e18));
        launch(configuration());
        ITokenDistributor.SponsoredClaim memory item = walletItem(0, refusing);
        expectInvalidAccountSignature(2, refusing);
        sendBatch(batchOf(item));
        item = walletItem(1, failing);
        expectInvalidAccountSignature(3, failing);
        sendBatch(batchOf(item));
    }

    /// EIP-7702: the key commands the code at its address, so that its signature counts whatever the code answers.
    function test_Batch_PaysAnAccountWithDelegatedCode() public {
        vm.etch(ALICE, address(new AnsweringWallet(abi.encode(bytes4(0xffffffff)), false)).code);
        sendBatch(batchOf(sponsoredItem(1, ALICE_KEY, STEWARD)));
        vm.assertEq(token.balanceOf(ALICE), 200e18);

        vm.etch(BOB, address(new KeyWallet(CAROL)).code); // and the code's own way to consent counts too
        sendBatch(batchOf(walletItem(3, BOB)));
        vm.assertEq(token.balanceOf(BOB), 400e18);
    }

    function test_Batch_RevertWhen_Empty() public {
        vm.expectRevert(ITokenDistributor.DistributorEmptyBatch.selector);
        vm.prank(SPONSOR);
        distributor.claimBatch(SPONSOR, new ITokenDistributor.SponsoredClaim[](0));
    }

    function test_Batch_RevertWhen_OutsideTheWindow() public {
        ITokenDistributor.SponsoredClaim[] memory items = batchOf(sponsoredItem(1, ALICE_KEY, STEWARD));
        vm.warp(START - 1);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotStarted.selector, START));
        sendBatch(items);
        vm.warp(END);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorEnded.selector, END));
        sendBatch(items);
    }

    function test_Batch_RevertWhen_NotSubmitter() public {
        ITokenDistributor.SponsoredClaim[] memory items = batchOf(sponsoredItem(1, ALICE_KEY, STEWARD));
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotSubmitter.selector, STRANGER, SPONSOR));
        vm.prank(STRANGER);
        distributor.claimBatch(SPONSOR, items);
    }

    function test_Batch_RevertWhen_Expired() public {
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(1, ALICE_KEY, STEWARD);
        ITokenDistributor.Claim memory claim_ = ownClaim(1, ALICE, STEWARD);
        claim_.submitter = SPONSOR;
        claim_.deadline = item.deadline = START + 1 hours;
        item.accountSignature = sign(ALICE_KEY, claim_);
        vm.warp(START + 1 hours + 1);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorClaimExpired.selector, 2, START + 1 hours));
        sendBatch(batchOf(item));
        vm.warp(START + 1 hours);
        sendBatch(batchOf(item));
    }

    /// A failed recovery gives zero, which must never pass for an account.
    function test_Batch_RevertWhen_AccountIsZero() public {
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(0, ALICE_KEY, STEWARD);
        item.account = address(0);
        bytes[3] memory signatures = [bytes(""), new bytes(64), new bytes(65)];
        for (uint256 i = 0; i < signatures.length; ++i) {
            item.accountSignature = signatures[i];
            expectInvalidAccountSignature(1, address(0));
            sendBatch(batchOf(item));
        }
    }

    function testFuzz_Batch_RevertWhen_AccountSignatureIsMalformed(uint256 length) public {
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(1, ALICE_KEY, STEWARD);
        bytes memory malformed = new bytes(bound(length, 0, 130));
        for (uint256 i = 0; i < malformed.length; ++i) malformed[i] = item.accountSignature[i % 65];
        if (malformed.length == 65) malformed[64] ^= 0x03;
        if (malformed.length == 64) malformed[0] ^= 0x01;
        item.accountSignature = malformed;
        expectInvalidAccountSignature(2, ALICE);
        sendBatch(batchOf(item));
    }

    function test_Batch_RevertWhen_TheSignerSignedAnotherSubmitter() public {
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(0, ALICE_KEY, STEWARD);
        item.signerSignature = sign(SIGNER_KEY, ownClaim(0, ALICE, STEWARD)); // for Alice alone
        expectInvalidSignerSignature(1);
        sendBatch(batchOf(item));
    }

    function test_Batch_RevertGiven_SignedClaimsArePaused() public {
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        ITokenDistributor.SponsoredClaim[] memory items = batchOf(sponsoredItem(0, ALICE_KEY, STEWARD));
        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorSignedClaimsPaused.selector, type(uint40).max)
        );
        sendBatch(items);
    }

    function test_Batch_RevertWhen_AUserAppearsTwice() public {
        ITokenDistributor.SponsoredClaim memory item = sponsoredItem(1, ALICE_KEY, STEWARD);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorAlreadyClaimed.selector, 2));
        sendBatch(batchOf(item, item));
        vm.assertEq(token.balanceOf(ALICE), 0);
    }

    function test_Batch_RevertWhen_OneItemFails() public {
        ITokenDistributor.SponsoredClaim memory bad = sponsoredItem(3, BOB_KEY, STEWARD);
        bad.amount = 0;
        ITokenDistributor.Claim memory claim_ = ownClaim(3, BOB, STEWARD);
        claim_.submitter = SPONSOR;
        claim_.amount = 0;
        bad.accountSignature = sign(BOB_KEY, claim_);
        ITokenDistributor.SponsoredClaim[] memory items = batchOf(sponsoredItem(1, ALICE_KEY, STEWARD), bad);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorZeroAmount.selector, 4));
        sendBatch(items);
        vm.assertEq(token.balanceOf(ALICE), 0);
        vm.assertFalse(distributor.isClaimed(2), "all of them or none");
    }

    /// An item for a contract wallet that Carol's key commands.
    function walletItem(
        uint256 index,
        address wallet
    ) private view returns (ITokenDistributor.SponsoredClaim memory item) {
        ITokenDistributor.Claim memory claim_ = ownClaim(index, wallet, STEWARD);
        claim_.submitter = SPONSOR;
        item = sponsoredItem(index, CAROL_KEY, STEWARD);
        item.account = wallet;
        item.accountSignature = sign(CAROL_KEY, claim_);
        if (rows[index].account == address(0)) item.signerSignature = sign(SIGNER_KEY, claim_);
    }

    function expectInvalidAccountSignature(uint32 userId, address account) private {
        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorInvalidAccountSignature.selector, userId, account)
        );
    }

    function expectInvalidSignerSignature(uint32 userId) private {
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, userId));
    }
}
