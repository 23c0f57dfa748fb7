// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {TokenDistributor} from "../../../contracts/distributor/TokenDistributor.sol";
import {IPassportScores} from "../../../contracts/passport/IPassportScores.sol";
import {PassportDecoder} from "../../../contracts/passport/PassportDecoder.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {vm} from "../support/Vm.sol";
import {Row} from "./support/ClaimTree.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {ScoreBoard} from "./support/ScoreBoard.sol";

/// A distributor whose unbound claims need a score: TokenDistributor.gate.tree lists what is tested here.
contract TokenDistributorGateTest is DistributorFixture {
    uint256 private constant SCORER = 2 ** 32 + 335; // wider than the ecosystem's ids
    uint32 private constant MINIMUM = 200_000;

    ScoreBoard private _board;

    function setUp() public override {
        super.setUp();
        _board = new ScoreBoard();
        launch(gated());
    }

    function test_Gate_PaysTheHuman() public {
        _board.set(SCORER, HOLDER, MINIMUM);
        vm.assertFalse(distributor.wentThroughGate(HOLDER), "nobody has come through yet");
        claimSigned(HOLDER, 0, STEWARD);
        vm.assertEq(token.balanceOf(HOLDER), 1100e18);
        vm.assertTrue(distributor.wentThroughGate(HOLDER), "the account came through");
        vm.assertFalse(distributor.wentThroughGate(STRANGER), "and no other");
    }

    function test_Gate_RevertWhen_ScoreIsTooLow() public {
        _board.set(SCORER, HOLDER, MINIMUM - 1);
        expectTooLow(HOLDER, MINIMUM - 1);
        claimSignedPrepared(HOLDER, 0);
    }

    function test_Gate_RevertWhen_AnotherScorerKnowsTheAccount() public {
        _board.set(335, HOLDER, MINIMUM); // what is left of the id in 32 bits
        expectTooLow(HOLDER, 0);
        claimSignedPrepared(HOLDER, 0);
    }

    function test_Gate_RevertWhen_TheScoreEnded() public {
        _board.set(SCORER, HOLDER, MINIMUM);
        _board.set(SCORER, HOLDER, 0);
        expectTooLow(HOLDER, 0);
        claimSignedPrepared(HOLDER, 0);
    }

    function test_Gate_RevertGiven_TheAccountClaimed() public {
        _board.set(SCORER, HOLDER, MINIMUM);
        claimSigned(HOLDER, 0, STEWARD);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorAccountAlreadyClaimed.selector, HOLDER));
        claimSignedPrepared(HOLDER, 2);
        vm.assertFalse(distributor.isClaimed(3), "the second user can still be paid");
        _board.set(SCORER, STRANGER, MINIMUM);
        claimSigned(STRANGER, 2, STEWARD);
        vm.assertTrue(distributor.isClaimed(3), "to another account");
    }

    function test_Gate_GivenAFailedClaimTheAccountMayClaim() public {
        _board.set(SCORER, HOLDER, MINIMUM);
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidProof.selector, 1));
        sendSigned(claim_, signature, proofOf(1));
        sendSigned(claim_, signature, proofOf(0));
        vm.assertTrue(distributor.isClaimed(1), "the failed claim left no mark");
    }

    function test_Gate_SignerStillNeeded() public {
        _board.set(SCORER, STRANGER, MINIMUM);
        ITokenDistributor.Claim memory claim_ = ownClaim(0, STRANGER, STRANGER);
        bytes memory signature = sign(ALICE_KEY, claim_);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, 1));
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Gate_BoundLeavesUntouched() public {
        claimBound(ALICE, 1, STEWARD); // without any score
        vm.assertEq(token.balanceOf(ALICE), 200e18);
        sendBatch(batchOf(sponsoredItem(3, BOB_KEY, STEWARD)));
        vm.assertEq(token.balanceOf(BOB), 400e18);
        vm.assertFalse(distributor.wentThroughGate(ALICE), "no gate was passed");
        // And the account that claimed its bound leaf may still claim an unbound one.
        _board.set(SCORER, ALICE, MINIMUM);
        claimSigned(ALICE, 0, STEWARD);
        vm.assertEq(token.balanceOf(ALICE), 300e18);
    }

    function test_Gate_HoldsInABatch() public {
        _board.set(SCORER, ALICE, MINIMUM);
        ITokenDistributor.SponsoredClaim memory human = sponsoredItem(0, ALICE_KEY, STEWARD);
        ITokenDistributor.SponsoredClaim memory sybil = sponsoredItem(2, BOB_KEY, STEWARD);
        expectTooLow(BOB, 0);
        sendBatch(batchOf(human, sybil));
        vm.assertFalse(distributor.isClaimed(1), "all of them or none");

        ITokenDistributor.SponsoredClaim memory again = sponsoredItem(2, ALICE_KEY, STEWARD);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorAccountAlreadyClaimed.selector, ALICE));
        sendBatch(batchOf(human, again));

        sendBatch(batchOf(human, sponsoredItem(3, BOB_KEY, STEWARD))); // Bob's own leaf is bound
        vm.assertTrue(distributor.isClaimed(1) && distributor.isClaimed(4), "the human and the bound leaf are paid");
    }

    function testFuzz_Gate_FollowsTheScore(uint256 score) public {
        _board.set(SCORER, HOLDER, score);
        if (score < MINIMUM) expectTooLow(HOLDER, score);
        claimSignedPrepared(HOLDER, 0);
        vm.assertTrue(distributor.isClaimed(1) == (score >= MINIMUM));
    }

    function test_Gate_AnswersAfterALiveRegistry() public {
        ITokenDistributor.Configuration memory c = gated();
        c.gate.registry = new PassportRegistry(OWNER);
        c.gate.scorerId = 1; // nobody made it yet: reads answer 0
        launch(c);
        expectTooLow(HOLDER, 0);
        claimSignedPrepared(HOLDER, 0);
    }

    function test_Gate_ReportsItself() public {
        ITokenDistributor.Gate memory gate_ = distributor.gate();
        vm.assertEq(address(gate_.registry), address(_board));
        vm.assertEq(gate_.scorerId, SCORER);
        vm.assertEq(gate_.minimum, MINIMUM);
        launch(configuration());
        vm.assertEq(address(distributor.gate().registry), address(0));
    }

    function test_Gate_WithoutOneAccountsClaimManyUsers() public {
        launch(configuration());
        claimSigned(HOLDER, 0, STEWARD);
        claimSigned(HOLDER, 2, STEWARD);
        vm.assertEq(token.balanceOf(HOLDER), 1400e18);
        vm.assertFalse(distributor.wentThroughGate(HOLDER), "there is nothing to pass");
    }

    function test_Gate_RejectsBadArguments() public {
        refuses(IPassportScores(ALICE), 1, 1); // no code
        refuses(IPassportScores(address(token)), 1, 1); // code of something else
        // The decoder asks by 32 bits: another function.
        refuses(IPassportScores(address(new PassportDecoder(_board, 1))), 1, 1);
        refuses(_board, SCORER, 0); // a gate that everybody passes
        refuses(IPassportScores(address(0)), 1, 0);
        refuses(IPassportScores(address(0)), 0, 1); // somebody forgot the registry
    }

    function gated() private view returns (ITokenDistributor.Configuration memory c) {
        c = configuration();
        c.gate = ITokenDistributor.Gate(_board, SCORER, MINIMUM);
    }

    /// Signs before anything is expected: the next call is the claim.
    function claimSignedPrepared(address account, uint256 index) private {
        ITokenDistributor.Claim memory claim_ = ownClaim(index, account, STEWARD);
        // The digest is made here: a call to the distributor would take the expectation.
        bytes memory signature = signDigest(SIGNER_KEY, digestOf(claim_));
        sendSigned(claim_, signature, proofOf(index));
    }

    function digestOf(ITokenDistributor.Claim memory c) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("TokenDistributor"),
                keccak256("1"),
                block.chainid,
                address(distributor)
            )
        );
        bytes32 typeHash = keccak256(
            "Claim(uint32 userId,address account,uint256 amount,address delegatee,address submitter,uint256 deadline)"
        );
        bytes32 content = keccak256(
            abi.encode(typeHash, c.userId, c.account, c.amount, c.delegatee, c.submitter, c.deadline)
        );
        return keccak256(abi.encodePacked(hex"1901", domain, content));
    }

    function expectTooLow(address account, uint256 score) private {
        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorScoreTooLow.selector, account, score, MINIMUM)
        );
    }

    function refuses(IPassportScores registry, uint256 scorerId, uint32 minimum) private {
        ITokenDistributor.Configuration memory c = configuration();
        c.token = token;
        c.launch = false;
        c.gate = ITokenDistributor.Gate(registry, scorerId, minimum);
        try new TokenDistributor(c) {
            vm.assertTrue(false, "a bad gate was accepted");
        } catch (bytes memory reason) {
            bytes memory expected = abi.encodeWithSelector(
                ITokenDistributor.DistributorInvalidGate.selector,
                registry,
                scorerId,
                minimum
            );
            vm.assertEq(reason, expected);
        }
    }
}
