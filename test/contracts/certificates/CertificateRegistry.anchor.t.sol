// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {CertificateRegistry} from "../../../contracts/certificates/CertificateRegistry.sol";
import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {vm} from "../support/Vm.sol";
import {CertificatesFixture} from "./support/CertificatesFixture.sol";

contract CertificateRegistryAnchorTest is CertificatesFixture {
    function setUp() public override {
        super.setUp();
        toEpoch(1);
        runUntilSealed(2);
    }

    function test_Anchor_NothingIsCertifiedWithoutGovernancesGenesis() public {
        expectGap(3, 0);
        permitAnchor(4, 9);
        expectGap(3, 0);
        permitAnchor(1, 2 + 1);
        certify(3);
        vm.assertEq(registry.certifiedEpoch(3).anchor, 1);
    }

    function test_Anchor_AChainGoesOnWithoutGovernance() public {
        permitAnchor(3, 3);
        certify(3);
        expectAnchoring(1, 0, 0);
        for (uint64 epoch = 4; epoch < 7; ++epoch) {
            registerAll();
            toEpoch(epoch);
            sealAll(epoch - 1);
            certify(epoch);
            vm.assertEq(registry.certifiedEpoch(epoch).anchor, 1);
        }
        expectAnchoring(1, 0, 0);
    }

    function test_Anchor_AGapNeedsPermissionAndNothingMore() public {
        permitAnchor(3, 3);
        certify(3);
        runUntilSealed(4); // epoch 5; nothing was certified in 4, and 4 is in grace
        expectGap(5, 3);
        permitAnchor(5, 6);
        certify(5);
        vm.assertEq(registry.certifiedEpoch(5).anchor, 2);
        vm.assertEq(registry.certifiedEpoch(3).anchor, 1);
        expectAnchoring(2, 0, 0);

        // The permission is used up.
        runUntilSealed(6);
        expectGap(7, 5);
    }

    function test_Anchor_APermissionThatNobodyNeededEnds() public {
        permitAnchor(3, 8);
        certify(3);
        permitAnchor(5, 8);
        registerAll();
        toEpoch(4);
        sealAll(3);
        certify(4);
        expectAnchoring(1, 5, 8); // its time has not come
        registerAll();
        toEpoch(5);
        sealAll(4);
        ICertificateRegistry.Certificate memory certificate = certificateOf(5);
        sign(certificate);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.AnchorPermitted(0, 0);
        registry.certify(certificate, PROOF);
        vm.assertEq(registry.certifiedEpoch(5).anchor, 1, "it follows epoch 4");
        expectAnchoring(1, 0, 0);
        // A later gap within the old permission is one that governance never saw.
        runUntilSealed(6);
        expectGap(7, 5);
    }

    function test_Anchor_TheLastEpochInGraceStillCloses() public {
        permitAnchor(3, 3);
        certify(3);
        runUntilSealed(4);
        certify(4); // in epoch 5
        certify(5);
        vm.assertEq(registry.certifiedEpoch(5).anchor, 1);
    }

    function test_Anchor_PermissionIsWithdrawn() public {
        permitAnchor(3, 3);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.AnchorPermitted(0, 0);
        permitAnchor(0, 0);
        expectGap(3, 0);
    }

    function test_Anchor_RevertWhen_ThePermissionIsUseless() public {
        expectInvalid(4, 3);
        expectInvalid(1, 2); // the clock shows 3
        expectInvalid(0, 3);
        permitAnchor(3, 3);
    }

    function test_Anchor_RevertWhen_NotTheTimelock() public {
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ICertificateRegistry.CertificatesNotTimelock.selector, stranger, timelock)
        );
        registry.permitAnchor(3, 3);
    }

    function test_Anchor_ADeploymentMayPermitTheFirst() public {
        ICertificateRegistry.Setup memory made = setup();
        made.genesis = uint64(block.timestamp);
        made.firstAnchorUntil = 4;
        registry = new CertificateRegistry(made);
        expectAnchoring(0, 1, 4);
        vm.warp(block.timestamp + 30);
        // Epoch 1 begins with this block: its first sample lies before, when everybody had votes.
        runUntilSealed(2);
        certify(3);
        expectAnchoring(1, 0, 0);
    }

    function expectGap(uint64 epoch, uint64 last) private {
        ICertificateRegistry.Certificate memory certificate = certificateOf(epoch);
        sign(certificate);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificateGap.selector, epoch, last));
        registry.certify(certificate, PROOF);
    }

    function expectInvalid(uint64 first, uint64 last) private {
        vm.prank(timelock);
        vm.expectRevert(
            abi.encodeWithSelector(ICertificateRegistry.CertificatesInvalidPermission.selector, first, last)
        );
        registry.permitAnchor(first, last);
    }

    function expectAnchoring(uint32 anchors, uint64 first, uint64 last) private view {
        (uint32 made, uint64 firstPermitted, uint64 lastPermitted) = registry.anchoring();
        vm.assertEq(made, anchors);
        vm.assertEq(firstPermitted, first);
        vm.assertEq(lastPermitted, last);
    }
}
