// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {vm} from "../support/Vm.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";

/// What a claim does to its account's votes: at the launch, and in a later campaign without the hook.
contract TokenDistributorDelegationTest is DistributorFixture {
    bytes32 private constant DELEGATION_TYPEHASH = keccak256(
        "Delegation(address delegatee,uint256 nonce,uint256 expiry)"
    );

    /// A second campaign for the launched token, over the same list, after the first one's end.
    TokenDistributor private second;

    function setUp() public override {
        super.setUp();
        ITokenDistributor.Configuration memory c = configuration();
        c.token = token;
        c.launch = false;
        c.start = uint40(END + 1 days);
        c.end = uint40(END + 31 days);
        second = new TokenDistributor(c);
    }

    function test_Delegate_PriorHoldingsAndZero() public {
        vm.prank(HOLDER);
        token.delegate(BOB);
        claimSigned(HOLDER, 0, address(0)); // zero keeps the delegate, who now votes for the claimed tokens too
        vm.assertEq(token.delegates(HOLDER), BOB);
        vm.assertEq(token.getVotes(BOB), 1100e18);

        claimSigned(HOLDER, 2, STEWARD); // another one takes over everything that the account holds
        vm.assertEq(token.delegates(HOLDER), STEWARD);
        vm.assertEq(token.getVotes(BOB), 0);
        vm.assertEq(token.getVotes(STEWARD), 1400e18);

        claimSigned(HOLDER, 4, HOLDER); // and so does the account itself
        vm.assertEq(token.delegates(HOLDER), HOLDER);
        vm.assertEq(token.getVotes(STEWARD), 0);
        vm.assertEq(token.getVotes(HOLDER), 1900e18);

        claimBound(ALICE, 1, address(0)); // zero for an account without a delegate: it has none
        vm.assertEq(token.delegates(ALICE), address(0));
        vm.assertEq(token.getVotes(address(0)), 0);
    }

    /// One transaction of the account, no signature of its own beside it: nothing that somebody else could spend first.
    function test_Delegate_NoUserSignatureNeeded() public {
        claimBound(ALICE, 1, STEWARD);
        claimSigned(BOB, 0, STEWARD);
        vm.assertEq(token.delegates(ALICE), STEWARD);
        vm.assertEq(token.delegates(BOB), STEWARD);
        vm.assertEq(token.getVotes(STEWARD), 300e18);
        vm.assertEq(token.nonces(ALICE), 0);
        vm.assertEq(token.nonces(BOB), 0);
        sendBatch(batchOf(sponsoredItem(5, CAROL_KEY, STEWARD))); // sponsored: the one claim signature covers it
        vm.assertEq(token.delegates(CAROL), STEWARD);
        vm.assertEq(token.nonces(CAROL), 0);
    }

    /// Without the hook too, a claim that asks for a delegate ends with that delegate or does not happen.
    function test_Delegate_AllOrNothing() public {
        openSecond();
        expectNotDelegated();
        vm.prank(ALICE);
        second.claim(2, 200e18, STEWARD, proofOf(1));
        vm.assertFalse(second.isClaimed(2), "nothing happened");
        vm.assertEq(token.balanceOf(ALICE), 0);

        // A delegation that fails is swallowed, and the claim notices.
        bytes[] memory calls = delegateAndClaim(BOB_KEY, 0);
        expectNotDelegated();
        vm.prank(ALICE);
        second.multicall(calls);

        calls = delegateAndClaim(ALICE_KEY, 1); // a wrong nonce
        expectNotDelegated();
        vm.prank(ALICE);
        second.multicall(calls);

        // Signed, and spent by nobody or by somebody else first: the same.
        calls = delegateAndClaim(ALICE_KEY, 0);
        uint256 snapshot = vm.snapshotState();
        vm.prank(ALICE);
        second.multicall(calls);
        vm.assertEq(token.getVotes(STEWARD), 200e18);

        vm.revertToState(snapshot);
        (uint8 v, bytes32 r, bytes32 s) = delegation(ALICE_KEY, 0);
        vm.prank(STRANGER);
        token.delegateBySig(STEWARD, 0, END + 365 days, v, r, s);
        vm.prank(ALICE);
        second.multicall(calls);
        vm.assertEq(token.getVotes(STEWARD), 200e18);
        vm.assertTrue(second.isClaimed(2), "front-running gained nothing");
    }

    function test_Delegate_ExistingDelegateNeedsNothing() public {
        openSecond();
        vm.prank(ALICE);
        token.delegate(STEWARD);
        vm.prank(ALICE);
        second.claim(2, 200e18, STEWARD, proofOf(1));
        vm.prank(BOB);
        second.claim(4, 400e18, address(0), proofOf(3)); // zero asks for nothing
        vm.assertEq(token.getVotes(STEWARD), 200e18);
    }

    /// The window is a parameter: a later campaign is the same code with another configuration, and its bits and
    /// signatures are its own.
    function test_Campaign_SecondWindow() public {
        claimBound(ALICE, 1, STEWARD);
        vm.warp(END);
        distributor.sweep();
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotStarted.selector, END + 1 days));
        vm.prank(BOB);
        second.claim(4, 400e18, address(0), proofOf(3));

        openSecond();
        vm.prank(BOB);
        second.claim(4, 400e18, address(0), proofOf(3));
        vm.assertEq(token.balanceOf(BOB), 400e18);

        ITokenDistributor.Claim memory claim_ = ownClaim(0, CAROL, address(0));
        bytes memory forTheFirst = sign(SIGNER_KEY, claim_);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, 1));
        vm.prank(CAROL);
        second.claimSigned(1, 100e18, address(0), claim_.deadline, forTheFirst, proofOf(0));
        bytes memory forTheSecond = signDigest(SIGNER_KEY, second.hashClaim(claim_));
        vm.prank(CAROL);
        second.claimSigned(1, 100e18, address(0), claim_.deadline, forTheSecond, proofOf(0));
        vm.assertEq(token.balanceOf(CAROL), 100e18);

        vm.warp(END + 31 days);
        second.sweep();
        vm.assertEq(token.balanceOf(address(second)), 0);
    }

    /// The hook belongs to the launch distributor alone: a later campaign cannot move anybody's votes.
    function test_Delegate_SecondCampaignHasNoHook() public view {
        vm.assertFalse(second.isLaunch());
        vm.assertEq(token.distributor(), address(distributor));
    }

    function test_Delegate_MulticallKeepsTheCaller() public {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(distributor.claim, (2, 200e18, STEWARD, proofOf(1)));
        calls[1] = abi.encodeCall(distributor.claim, (4, 400e18, STEWARD, proofOf(3)));
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidProof.selector, 4));
        vm.prank(ALICE); // Bob's leaf is not hers, whatever it is wrapped in
        distributor.multicall(calls);

        calls[1] = abi.encodeCall(distributor.rotateSigner, (ALICE, ITokenDistributor.SignerKind.Key));
        vm.expectRevert(abi.encodeWithSignature("OwnableUnauthorizedAccount(address)", ALICE));
        vm.prank(ALICE);
        distributor.multicall(calls);
    }

    function openSecond() private {
        vm.prank(HOLDER);
        token.transfer(address(second), 1000e18);
        vm.warp(END + 1 days);
    }

    function delegateAndClaim(uint256 key, uint256 nonce) private view returns (bytes[] memory calls) {
        (uint8 v, bytes32 r, bytes32 s) = delegation(key, nonce);
        calls = new bytes[](2);
        calls[0] = abi.encodeCall(second.tryDelegateBySig, (STEWARD, nonce, END + 365 days, v, r, s));
        calls[1] = abi.encodeCall(second.claim, (2, 200e18, STEWARD, proofOf(1)));
    }

    function delegation(uint256 key, uint256 nonce) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 message = keccak256(abi.encode(DELEGATION_TYPEHASH, STEWARD, nonce, END + 365 days));
        return vm.sign(key, keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), message)));
    }

    function expectNotDelegated() private {
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotDelegated.selector, ALICE, STEWARD));
    }
}
