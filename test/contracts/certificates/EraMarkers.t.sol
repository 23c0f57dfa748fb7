// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {EraMarkers} from "../../../contracts/certificates/EraMarkers.sol";
import {IEraMarkers} from "../../../contracts/certificates/IEraMarkers.sol";
import {bound, vm} from "../support/Vm.sol";
import {CertificatesFixture} from "./support/CertificatesFixture.sol";

contract EraMarkersTest is CertificatesFixture {
    EraMarkers private eras;

    function setUp() public override {
        super.setUp();
        eras = new EraMarkers(registry, "one", 1);
        toEpoch(5);
    }

    function test_Eras_AreAnnouncedThenActivated() public {
        expectEra(1, "one");
        vm.expectEmit(true, true, true, true, address(eras));
        emit IEraMarkers.EraAnnounced("two", 2);
        announce("two", 2);
        expectEra(type(uint64).max, "one");
        vm.expectEmit(true, true, true, true, address(eras));
        emit IEraMarkers.EraActivated("two", 8);
        activate("two", 8);
        expectEra(7, "one");
        expectEra(8, "two");
        vm.assertEq(eras.eraOf(8).protocolVersion, 2);
        vm.assertEq(eras.markers().length, 2);
        vm.assertEq(eras.registry(), address(registry));
    }

    function test_Eras_MayBeMovedUntilTheyBegin() public {
        announce("two", 2);
        activate("two", 8);
        activate("two", 6);
        expectEra(6, "two");
        toEpoch(6);
        expectInvalid("two", 9, 7);
        expectInvalid("one", 9, 7);
    }

    function test_Eras_FollowEachOther() public {
        announce("two", 2);
        announce("three", 3);
        activate("two", 8);
        expectInvalid("three", 8, 9);
        expectInvalid("three", 7, 9);
        activate("three", 9);
        expectEra(8, "two");
        expectEra(9, "three");
        activate("two", 10); // put off behind the other
        expectEra(9, "three");
        expectEra(10, "two");
    }

    function testFuzz_Eras_NeverChangeForEpochsThatBegan(uint64[6] memory epochs, uint256 seed) public {
        announce("two", 2);
        announce("three", 3);
        for (uint256 i = 0; i < epochs.length; ++i) {
            uint64 current = registry.currentEpoch();
            bytes32 before = eras.eraOf(current).name;
            bytes32 name = (seed >> i) & 1 == 0 ? bytes32("two") : bytes32("three");
            vm.prank(timelock);
            (bool success, ) = address(eras).call(
                abi.encodeCall(IEraMarkers.activate, (name, uint64(bound(epochs[i], 0, 12))))
            );
            vm.assertEq(eras.eraOf(current).name, before);
            if (success) toEpoch(current + 1);
        }
    }

    function test_Eras_RevertWhen_NotTheTimelock() public {
        bytes memory refusal = abi.encodeWithSelector(IEraMarkers.ErasNotTimelock.selector, stranger, timelock);
        vm.prank(stranger);
        vm.expectRevert(refusal);
        eras.announce("two", 2);
        announce("two", 2);
        vm.prank(stranger);
        vm.expectRevert(refusal);
        eras.activate("two", 8);
    }

    function test_Eras_RevertWhen_TheNameIsNoUse() public {
        vm.prank(timelock);
        vm.expectRevert(IEraMarkers.ErasInvalidName.selector);
        eras.announce(0, 2);
        vm.prank(timelock);
        vm.expectRevert(abi.encodeWithSelector(IEraMarkers.ErasAlreadyAnnounced.selector, bytes32("one")));
        eras.announce("one", 2);
        vm.prank(timelock);
        vm.expectRevert(abi.encodeWithSelector(IEraMarkers.ErasUnknownName.selector, bytes32("two")));
        eras.activate("two", 8);
    }

    function test_Eras_RevertWhen_TheEpochHasBegun() public {
        announce("two", 2);
        expectInvalid("two", 5, 6);
        expectInvalid("two", 0, 6);
        activate("two", 6);
    }

    function announce(bytes32 name, uint32 version) private {
        vm.prank(timelock);
        eras.announce(name, version);
    }

    function activate(bytes32 name, uint64 epoch) private {
        vm.prank(timelock);
        eras.activate(name, epoch);
    }

    function expectEra(uint64 epoch, bytes32 name) private view {
        vm.assertEq(eras.eraOf(epoch).name, name);
    }

    function expectInvalid(bytes32 name, uint64 epoch, uint64 earliest) private {
        vm.prank(timelock);
        vm.expectRevert(abi.encodeWithSelector(IEraMarkers.ErasInvalidActivation.selector, name, epoch, earliest));
        eras.activate(name, epoch);
    }
}
