// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {bound, Vm, vm} from "../support/Vm.sol";
import {Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";

/// Bound claims: TokenDistributor.claim.tree lists what is tested here.
contract TokenDistributorClaimTest is DistributorFixture {
    uint256 private constant ALICE_ROW = 1;

    function test_Claim_PaysTheAmount() public {
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.Claimed(2, ALICE, 200e18, STEWARD);
        claimBound(ALICE, ALICE_ROW, STEWARD);

        vm.assertEq(token.balanceOf(ALICE), 200e18);
        vm.assertEq(token.balanceOf(address(distributor)), 1900e18);
        vm.assertEq(token.delegates(ALICE), STEWARD);
        vm.assertTrue(distributor.isClaimed(2), "the claim's bit is set");
        for (uint32 other = 0; other < 512; ++other) {
            if (other != 2) vm.assertFalse(distributor.isClaimed(other), "another bit was set");
        }
    }

    function test_Claim_PaysDuringAPause() public {
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        claimBound(ALICE, ALICE_ROW, STEWARD);
        vm.assertEq(token.balanceOf(ALICE), 200e18);
    }

    function test_Claim_PaysTheOnlyLeaf() public {
        delete rows;
        rows.push(Row(2, ALICE, 200e18));
        launch(configuration());
        claimBound(ALICE, 0, address(0));
        vm.assertEq(token.balanceOf(ALICE), 200e18);
    }

    function test_Claim_PaysUntilTheMovedEnd() public {
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 days);
        vm.warp(END + 1 days - 1);
        claimBound(ALICE, ALICE_ROW, STEWARD);
        vm.warp(END + 1 days);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorEnded.selector, END + 1 days));
        claimBound(BOB, 3, STEWARD);
    }

    /// The caller's ether stays the caller's, and the contract's own cannot be had: nothing is refunded for gas.
    function test_Claim_PaysOutTokensOnly() public {
        vm.deal(address(distributor), 1 ether); // by selfdestruct; there is no payable function
        claimBound(ALICE, ALICE_ROW, STEWARD);
        claimSigned(HOLDER, 0, STEWARD);
        vm.assertEq(address(distributor).balance, 1 ether);
        vm.assertEq(ALICE.balance, 0);
        vm.deal(ALICE, 1 ether);
        bytes memory call = abi.encodeCall(distributor.claim, (2, 200e18, STEWARD, proofOf(ALICE_ROW)));
        vm.prank(ALICE);
        (bool success, ) = address(distributor).call{value: 1}(call);
        vm.assertFalse(success, "the claim took ether");
        (success, ) = address(distributor).call{value: 0}("");
        vm.assertFalse(success, "there is a fallback");
    }

    function test_Claim_RevertWhen_NotStarted() public {
        vm.warp(START - 1);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotStarted.selector, START));
        claimBound(ALICE, ALICE_ROW, STEWARD);
    }

    function test_Claim_RevertWhen_Ended() public {
        vm.warp(END);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorEnded.selector, END));
        claimBound(ALICE, ALICE_ROW, STEWARD);
    }

    function test_Claim_ThirdPartyRejected() public {
        // Bound: nobody claims for Alice, neither to her nor to himself.
        vm.expectRevert(invalidProof(2));
        claimBound(STRANGER, ALICE_ROW, STRANGER);

        // Sponsored: Alice's signature is for one submitter, and nobody is submitter without it.
        ITokenDistributor.SponsoredClaim[] memory items = batchOf(sponsoredItem(ALICE_ROW, ALICE_KEY, STEWARD));
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotSubmitter.selector, STRANGER, SPONSOR));
        vm.prank(STRANGER);
        distributor.claimBatch(SPONSOR, items);

        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorInvalidAccountSignature.selector, 2, ALICE)
        );
        vm.prank(STRANGER);
        distributor.claimBatch(STRANGER, items);

        items[0].accountSignature = "";
        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorInvalidAccountSignature.selector, 2, ALICE)
        );
        sendBatch(items);
        vm.assertEq(token.balanceOf(ALICE), 0);

        // Signed: the message names the account that sends it.
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        claim_.account = STRANGER;
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, 1));
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Claim_RevertWhen_AmountIsZero() public {
        delete rows;
        rows.push(Row(2, ALICE, 0));
        launch(configuration());
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorZeroAmount.selector, 2));
        claimBound(ALICE, 0, address(0));
    }

    function testFuzz_Claim_RevertWhen_AmountDiffers(uint256 amount) public {
        if (amount == 200e18) ++amount;
        vm.expectRevert(
            amount == 0 ? abi.encodeWithSelector(ITokenDistributor.DistributorZeroAmount.selector, 2) : invalidProof(2)
        );
        vm.prank(ALICE);
        distributor.claim(2, amount, STEWARD, proofOf(ALICE_ROW));
    }

    function testFuzz_Claim_RevertWhen_UserDiffers(uint32 userId) public {
        if (userId == 2) ++userId;
        vm.expectRevert(invalidProof(userId));
        vm.prank(ALICE);
        distributor.claim(userId, 200e18, STEWARD, proofOf(ALICE_ROW));
    }

    function test_Claim_RevertWhen_ProofIsShort() public {
        bytes32[] memory whole = proofOf(ALICE_ROW);
        bytes32[] memory proof = new bytes32[](whole.length - 1);
        for (uint256 i = 0; i < proof.length; ++i) proof[i] = whole[i];
        vm.expectRevert(invalidProof(2));
        vm.prank(ALICE);
        distributor.claim(2, 200e18, STEWARD, proof);
    }

    function test_Claim_RevertWhen_ProofIsLong() public {
        bytes32[] memory whole = proofOf(ALICE_ROW);
        bytes32[] memory proof = new bytes32[](whole.length + 1);
        for (uint256 i = 0; i < whole.length; ++i) proof[i] = whole[i];
        vm.expectRevert(invalidProof(2));
        vm.prank(ALICE);
        distributor.claim(2, 200e18, STEWARD, proof);
    }

    function test_Claim_RevertWhen_ProofIsEmpty() public {
        vm.expectRevert(invalidProof(2));
        vm.prank(ALICE);
        distributor.claim(2, 200e18, STEWARD, new bytes32[](0));
    }

    function testFuzz_Claim_RevertWhen_ProofIsWrong(uint256 index, bytes32 word) public {
        bytes32[] memory proof = proofOf(ALICE_ROW);
        index = bound(index, 0, proof.length - 1);
        if (proof[index] == word) word = ~word;
        proof[index] = word;
        vm.expectRevert(invalidProof(2));
        vm.prank(ALICE);
        distributor.claim(2, 200e18, STEWARD, proof);
    }

    function test_Claim_RevertGiven_AlreadyClaimed() public {
        claimBound(ALICE, ALICE_ROW, STEWARD);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorAlreadyClaimed.selector, 2));
        claimBound(ALICE, ALICE_ROW, STEWARD);
        vm.assertEq(token.balanceOf(ALICE), 200e18);
    }

    function test_Claim_RevertGiven_Unfunded() public {
        uint256 funding = token.balanceOf(address(distributor));
        vm.prank(address(distributor));
        token.transfer(TREASURY, funding - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, address(distributor), 1, 200e18)
        );
        claimBound(ALICE, ALICE_ROW, STEWARD);
        vm.assertFalse(distributor.isClaimed(2), "an unpaid claim can be made again");
    }

    function test_Events_ClaimedTopics() public {
        vm.recordLogs();
        claimBound(ALICE, ALICE_ROW, STEWARD);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 found = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(distributor)) continue;
            ++found;
            vm.assertEq(logs[i].topics.length, 3);
            vm.assertEq(logs[i].topics[0], keccak256("Claimed(uint32,address,uint256,address)"));
            vm.assertEq(uint256(logs[i].topics[1]), 2);
            vm.assertEq(address(uint160(uint256(logs[i].topics[2]))), ALICE);
            vm.assertEq(logs[i].data, abi.encode(uint256(200e18), STEWARD));
        }
        vm.assertEq(found, 1);
    }

    function invalidProof(uint32 userId) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITokenDistributor.DistributorInvalidProof.selector, userId);
    }
}
