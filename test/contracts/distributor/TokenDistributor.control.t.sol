// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {bound, vm} from "../support/Vm.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {KeyWallet} from "./support/Wallets.sol";

/// Who may change what: signer, pauses, guardian, ownership.
contract TokenDistributorControlTest is DistributorFixture {
    ITokenDistributor.SignerKind private constant KEY = ITokenDistributor.SignerKind.Key;
    ITokenDistributor.SignerKind private constant CONTRACT = ITokenDistributor.SignerKind.Contract;

    function test_Signer_RotationVoidsOldSignatures() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory old = sign(SIGNER_KEY, claim_);
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.SignerRotated(SIGNER, BOB, KEY);
        vm.prank(OWNER);
        distributor.rotateSigner(BOB, KEY);

        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, 1));
        sendSigned(claim_, old, proofOf(0));
        sendSigned(claim_, sign(BOB_KEY, claim_), proofOf(0));
        (address account, ITokenDistributor.SignerKind kind) = distributor.signer();
        vm.assertEq(account, BOB);
        vm.assertTrue(kind == KEY);
    }

    /// EIP-7702 gives any account code. How the signer signs is therefore said when it is appointed, never guessed.
    function test_Signer_WithCodePolicy() public {
        ITokenDistributor.Claim memory claim_ = ownClaim(0, HOLDER, STEWARD);
        bytes memory signature = sign(SIGNER_KEY, claim_);
        bytes memory carols = sign(CAROL_KEY, claim_);
        bytes memory walletCode = address(new KeyWallet(CAROL)).code;
        uint256 snapshot = vm.snapshotState();

        // A key whose account received code signs as before, and its code cannot speak for it.
        vm.etch(SIGNER, walletCode);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, 1));
        sendSigned(claim_, carols, proofOf(0));
        sendSigned(claim_, signature, proofOf(0));

        // A contract whose account also has a key: the key alone cannot speak for the contract.
        vm.revertToState(snapshot);
        vm.etch(SIGNER, walletCode);
        vm.prank(OWNER);
        distributor.rotateSigner(SIGNER, CONTRACT);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, 1));
        sendSigned(claim_, signature, proofOf(0));
        sendSigned(claim_, carols, proofOf(0));

        // A contract that lost its code has no way to sign any more.
        vm.revertToState(snapshot);
        vm.etch(SIGNER, walletCode);
        vm.prank(OWNER);
        distributor.rotateSigner(SIGNER, CONTRACT);
        vm.etch(SIGNER, "");
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSignerSignature.selector, 1));
        sendSigned(claim_, signature, proofOf(0));
    }

    function test_Signer_RevertWhen_Invalid() public {
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSigner.selector, address(0)));
        vm.prank(OWNER);
        distributor.rotateSigner(address(0), KEY);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorInvalidSigner.selector, BOB));
        vm.prank(OWNER);
        distributor.rotateSigner(BOB, CONTRACT);
    }

    function test_Signer_RotationKeepsPauseAndEnd() public {
        vm.prank(GUARDIAN);
        distributor.guardianPause(3 days);
        vm.prank(OWNER);
        distributor.rotateSigner(BOB, KEY);
        vm.assertEq(distributor.pausedUntil(), START + 3 days);
        vm.assertEq(distributor.end(), END + 3 days);
        (, bool spent) = distributor.guardian();
        vm.assertTrue(spent);
    }

    function test_Owner_RevertWhen_CallerIsNot() public {
        address[3] memory callers = [STRANGER, GUARDIAN, SIGNER];
        bytes[6] memory calls = [
            abi.encodeCall(distributor.rotateSigner, (STRANGER, KEY)),
            abi.encodeCall(distributor.setGuardian, (STRANGER)),
            abi.encodeCall(distributor.pauseSignedClaims, ()),
            abi.encodeCall(distributor.resumeSignedClaims, ()),
            abi.encodeCall(distributor.transferOwnership, (STRANGER)),
            abi.encodeCall(distributor.renounceOwnership, ())
        ];
        for (uint256 i = 0; i < callers.length; ++i) {
            for (uint256 j = 0; j < calls.length; ++j) {
                vm.prank(callers[i]);
                (bool success, bytes memory reason) = address(distributor).call(calls[j]);
                vm.assertFalse(success, "only the owner may");
                vm.assertEq(reason, abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, callers[i]));
            }
        }
    }

    function test_Owner_PauseNeverMovesTheEnd() public {
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.SignedClaimsPaused(OWNER, type(uint40).max, END);
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        vm.assertEq(distributor.pausedUntil(), type(uint40).max);
        vm.warp(START + 10 days);
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.SignedClaimsResumed(OWNER);
        vm.prank(OWNER);
        distributor.resumeSignedClaims();
        vm.assertEq(distributor.pausedUntil(), 0);
        vm.assertEq(distributor.end(), END);
        claimSigned(HOLDER, 0, STEWARD);
    }

    function test_Owner_PauseKeepsTheMovedEnd() public {
        vm.prank(GUARDIAN);
        distributor.guardianPause(2 days);
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        vm.warp(START + 2 days);
        vm.assertEq(distributor.pausedUntil(), type(uint40).max); // the owner's outlasts the guardian's
        vm.prank(OWNER);
        distributor.resumeSignedClaims();
        vm.assertEq(distributor.end(), END + 2 days);
    }

    function test_Owner_RevertWhen_ResumingNothing() public {
        vm.expectRevert(ITokenDistributor.DistributorNotPaused.selector);
        vm.prank(OWNER);
        distributor.resumeSignedClaims();
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 days);
        vm.warp(START + 1 days); // ended by itself
        vm.expectRevert(ITokenDistributor.DistributorNotPaused.selector);
        vm.prank(OWNER);
        distributor.resumeSignedClaims();
    }

    function test_Owner_RenouncesOnlyUnpaused() public {
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        // Nobody could end this pause any more: unbound claims would wait until the sweep.
        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorSignedClaimsPaused.selector, type(uint40).max)
        );
        vm.prank(OWNER);
        distributor.renounceOwnership();
        vm.assertEq(distributor.owner(), OWNER);

        vm.prank(OWNER);
        distributor.resumeSignedClaims();
        vm.prank(OWNER);
        distributor.renounceOwnership();
        vm.assertEq(distributor.owner(), address(0));
        // Everything else goes on: claims, the guardian's one pause, the sweep.
        claimSigned(HOLDER, 0, STEWARD);
        vm.prank(GUARDIAN);
        distributor.guardianPause(7 days);
        vm.warp(END + 7 days);
        distributor.sweep();
        vm.assertEq(token.balanceOf(TREASURY), 2000e18);
    }

    function test_Owner_HandsOverInTwoSteps() public {
        vm.prank(OWNER);
        distributor.transferOwnership(BOB);
        vm.assertEq(distributor.owner(), OWNER);
        vm.prank(BOB);
        distributor.acceptOwnership();
        vm.assertEq(distributor.owner(), BOB);
    }

    function testFuzz_Guardian_PauseMovesTheEndByItsLength(uint256 duration, uint256 time) public {
        duration = bound(duration, 1, 7 days);
        time = bound(time, START - 1 days, END - 1);
        vm.warp(time);
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.SignedClaimsPaused(GUARDIAN, time + duration, END + duration);
        vm.prank(GUARDIAN);
        distributor.guardianPause(duration);
        vm.assertEq(distributor.pausedUntil(), time + duration);
        vm.assertEq(distributor.end(), END + duration);
        vm.assertTrue(distributor.end() > distributor.pausedUntil(), "some window is always left");
    }

    function test_Guardian_RevertWhen_PausingTwice() public {
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 hours);
        vm.warp(START + 2 hours);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorGuardianSpent.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 hours);

        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.GuardianChanged(GUARDIAN, GUARDIAN);
        vm.prank(OWNER);
        distributor.setGuardian(GUARDIAN); // appointed anew, even if it is the same
        vm.prank(GUARDIAN);
        distributor.guardianPause(7 days);
        vm.assertEq(distributor.end(), END + 7 days + 1 hours);
    }

    function test_Guardian_RevertWhen_LengthIsWrong() public {
        uint256[3] memory durations = [uint256(0), 7 days + 1, type(uint256).max];
        for (uint256 i = 0; i < durations.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ITokenDistributor.DistributorInvalidPause.selector, durations[i], 7 days)
            );
            vm.prank(GUARDIAN);
            distributor.guardianPause(durations[i]);
        }
    }

    function test_Guardian_RevertWhen_CallerIsNot() public {
        address[3] memory callers = [STRANGER, OWNER, SIGNER];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotGuardian.selector, callers[i]));
            vm.prank(callers[i]);
            distributor.guardianPause(1 days);
        }
        vm.prank(OWNER);
        distributor.setGuardian(address(0)); // nobody
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotGuardian.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 days);
    }

    function test_Guardian_RevertWhen_AlreadyPaused() public {
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        vm.expectRevert(
            abi.encodeWithSelector(ITokenDistributor.DistributorSignedClaimsPaused.selector, type(uint40).max)
        );
        vm.prank(GUARDIAN);
        distributor.guardianPause(1 days);
        (, bool spent) = distributor.guardian();
        vm.assertFalse(spent);
    }

    function test_Guardian_RevertWhen_TheWindowHasEnded() public {
        vm.warp(END);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorEnded.selector, END));
        vm.prank(GUARDIAN);
        distributor.guardianPause(1);
    }
}
