// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ITokenDistributor} from "../../../contracts/distributor/ITokenDistributor.sol";
import {Vm, vm} from "../support/Vm.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";

/// The window's two edges, and what happens to the rest after it.
contract TokenDistributorSweepTest is DistributorFixture {
    /// [start, end): claims until the last second before the end, the sweep from the end on, and never both.
    function test_Window_BoundarySecond() public {
        uint256 before = vm.snapshotState();
        vm.warp(START - 1);
        vm.assertFalse(claims(), "before the start");
        vm.assertFalse(sweeps(), "nor is there anything to sweep");
        vm.warp(START);
        vm.assertTrue(claims(), "the first second");
        vm.revertToState(before);
        vm.warp(END - 1);
        vm.assertFalse(sweeps(), "the window is open");
        vm.assertTrue(claims(), "the last second");
        vm.revertToState(before);
        vm.warp(END);
        vm.assertFalse(claims(), "the window is closed");
        vm.assertTrue(sweeps(), "from its end on");
        vm.assertFalse(claims(), "and stays so");

        // Refunding does not bring claims back, as it once did.
        vm.prank(HOLDER);
        token.transfer(address(distributor), 1000e18);
        vm.assertFalse(claims(), "refunded after its end");

        // The same with an end that a guardian moved.
        vm.revertToState(before);
        vm.warp(START);
        vm.prank(GUARDIAN);
        distributor.guardianPause(7 days);
        vm.warp(END + 7 days - 1);
        vm.assertFalse(sweeps(), "the window was moved");
        vm.assertTrue(claims(), "the last second of the moved window");
        vm.warp(END + 7 days);
        vm.assertTrue(sweeps(), "from the moved end on");
    }

    function test_Sweep_ImmutableReceiver() public {
        claimBound(ALICE, 1, STEWARD);
        vm.warp(END);
        vm.expectEmit(true, true, true, true, address(distributor));
        emit ITokenDistributor.Swept(TREASURY, 1900e18);
        vm.prank(STRANGER);
        distributor.sweep();
        vm.assertEq(token.balanceOf(TREASURY), 1900e18);
        vm.assertEq(token.balanceOf(address(distributor)), 0);
        vm.assertEq(token.balanceOf(STRANGER), 0);

        vm.expectRevert(ITokenDistributor.DistributorNothingToSweep.selector);
        distributor.sweep();

        // What arrives late goes the same way.
        vm.prank(ALICE);
        token.transfer(address(distributor), 5e18);
        distributor.sweep();
        vm.assertEq(token.balanceOf(TREASURY), 1905e18);
    }

    function test_Sweep_RevertWhen_NotEnded() public {
        vm.warp(END - 1);
        vm.expectRevert(abi.encodeWithSelector(ITokenDistributor.DistributorNotEnded.selector, END));
        distributor.sweep();
    }

    function test_Sweep_GoesOnDuringAPause() public {
        vm.prank(OWNER);
        distributor.pauseSignedClaims();
        vm.warp(END);
        distributor.sweep();
        vm.assertEq(token.balanceOf(TREASURY), 2100e18);
    }

    /// Whoever owns, guards or signs has no way to tokens: every function of theirs leaves every balance as it was, and
    /// no transfer and no approval is ever logged.
    function test_Sweep_NoPrivilegedPath() public {
        address[3] memory callers = [OWNER, GUARDIAN, SIGNER];
        bytes[8] memory calls = [
            abi.encodeCall(distributor.pauseSignedClaims, ()),
            abi.encodeCall(distributor.resumeSignedClaims, ()),
            abi.encodeCall(distributor.guardianPause, (1 days)),
            abi.encodeCall(distributor.rotateSigner, (STRANGER, ITokenDistributor.SignerKind.Key)),
            abi.encodeCall(distributor.setGuardian, (STRANGER)),
            abi.encodeCall(distributor.sweep, ()),
            abi.encodeCall(distributor.transferOwnership, (STRANGER)),
            abi.encodeCall(distributor.renounceOwnership, ())
        ];
        vm.recordLogs();
        for (uint256 i = 0; i < callers.length; ++i) {
            for (uint256 j = 0; j < calls.length; ++j) {
                vm.prank(callers[i]);
                (bool success, ) = address(distributor).call(calls[j]);
                success; // some are refused, which is as good
                vm.assertEq(token.balanceOf(address(distributor)), 2100e18);
            }
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            vm.assertTrue(logs[i].emitter != address(token), "the token was moved");
        }
        vm.assertEq(distributor.treasury(), TREASURY);
    }

    function claims() private returns (bool success) {
        bytes memory call = abi.encodeCall(distributor.claim, (2, 200e18, STEWARD, proofOf(1)));
        vm.prank(ALICE);
        (success, ) = address(distributor).call(call);
    }

    function sweeps() private returns (bool success) {
        (success, ) = address(distributor).call(abi.encodeCall(distributor.sweep, ()));
    }
}
