// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {CertificateRegistry} from "../../../contracts/certificates/CertificateRegistry.sol";
import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {IStmVerifier} from "../../../contracts/certificates/IStmVerifier.sol";
import {bound, vm} from "../support/Vm.sol";
import {CertificatesFixture} from "./support/CertificatesFixture.sol";

contract CertificateRegistryParametersTest is CertificatesFixture {
    /// phi_f as 8.24 fixed point and -ln(1 - phi_f) scaled by 2^120, for 0.2, 0.5, 0.65, 0.8 and 0.95.
    uint32[5] private phis = [uint32(0x00333333), 0x00800000, 0x00a66666, 0x00cccccd, 0x00f33333];
    uint128[5] private logarithms = [
        uint128(0x391fef8f3534400000000000000000),
        0xb17217f7d1cf780000000000000000,
        0x10cc1248b56ccc00000000000000000,
        0x19c041f7ed8d3400000000000000000,
        0x2fee84f6e7c71e00000000000000000
    ];

    function test_Clock_CountsEpochsFromOne() public {
        vm.warp(START);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificatesNotStarted.selector, GENESIS));
        registry.currentEpoch();
        vm.warp(GENESIS);
        vm.assertEq(registry.currentEpoch(), 1);
        vm.warp(GENESIS + LENGTH - 1);
        vm.assertEq(registry.currentEpoch(), 1);
        vm.warp(GENESIS + LENGTH);
        vm.assertEq(registry.currentEpoch(), 2);
        vm.assertEq(registry.startOf(1), GENESIS);
        vm.assertEq(registry.startOf(8), GENESIS + 7 * LENGTH);
        vm.assertEq(registry.genesis(), GENESIS);
        vm.assertEq(registry.epochLength(), LENGTH);
    }

    function test_Deploy_RevertWhen_TheClockIsImpossible() public {
        expectInvalidClock(GENESIS, 3);
        expectInvalidClock(GENESIS, 366 days + 1);
        expectInvalidClock(uint64(START + 366 days + 1), LENGTH);
        expectInvalidClock(uint64(START - 366 days - 1), LENGTH);
        expectInvalidClock(uint64(START * 1000), LENGTH); // milliseconds
    }

    function test_Deploy_RevertWhen_AnAddressIsMissing() public {
        ICertificateRegistry.Setup memory made = setup();
        made.timelock = address(0);
        expectInvalidAddress(made, address(0));
        made = setup();
        made.token = stranger;
        expectInvalidAddress(made, stranger);
        made = setup();
        made.verifier = IStmVerifier(stranger);
        expectInvalidAddress(made, stranger);
    }

    function test_Deploy_RevertWhen_TheTokenDoesNotFit() public {
        ICertificateRegistry.Setup memory made = setup();
        vm.mockCall(
            address(token),
            abi.encodeWithSignature("CLOCK_MODE()"),
            abi.encode("mode=blocknumber&from=default")
        );
        expectInvalidToken(made);
        vm.clearMockedCalls();
        uint256 tooMuch = (uint256(type(uint64).max) + 1) * 1e9;
        vm.mockCall(address(token), abi.encodeWithSignature("totalSupply()"), abi.encode(tooMuch));
        expectInvalidToken(made);
        vm.mockCall(address(token), abi.encodeWithSignature("totalSupply()"), abi.encode(tooMuch - 1));
        new CertificateRegistry(made);
        vm.clearMockedCalls();
    }

    function test_Parameters_HoldFromTheBeginning() public view {
        (ICertificateRegistry.ProtocolParameters memory held, bytes32 hash) = registry.parametersOf(1);
        vm.assertEq(abi.encode(held), abi.encode(parameters()));
        // SHA-256 of 000000000000026b 0000000000001382 00333333
        vm.assertEq(hash, sha256(hex"000000000000026b000000000000138200333333"));
    }

    /// The hashes that Mithril's networks had for theirs.
    function test_Parameters_HashAsInMithril() public {
        vm.assertEq(hashOf(2422, 20_973, 0), hex"176001033ad0eef6cbcafbd98145f19042bb4d43198cbefd2872cbc16f51b098");
        bytes32 devnet = hashOf(70, 105, 4);
        vm.assertEq(bytes32(bytes4(devnet)), bytes32(hex"c36d7a80"));
        vm.assertEq(uint256(devnet) & 0xffffffff, 0x2cc6ad4f);
    }

    function test_Parameters_ChangeTwoEpochsAhead() public {
        toEpoch(4);
        ICertificateRegistry.ProtocolParameters memory changed = parameters();
        changed.k = 600;
        vm.prank(timelock);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificatesActivationTooEarly.selector, 5, 6));
        registry.scheduleParameters(5, changed);
        schedule(6, changed);
        expectK(4, 619);
        expectK(5, 619);
        expectK(6, 600);
        expectK(100, 600);
        toEpoch(100);
        expectK(5, 619);
    }

    /// A decision replaces what was to come then or later, and touches nothing before.
    function test_Parameters_ALaterDecisionReplacesWhatIsToCome() public {
        toEpoch(1);
        ICertificateRegistry.ProtocolParameters memory changed = parameters();
        changed.k = 500;
        schedule(3, changed);
        changed.k = 501;
        schedule(5, changed);
        changed.k = 502;
        schedule(9, changed);
        changed.k = 503;
        schedule(5, changed);
        expectK(2, 619);
        expectK(3, 500);
        expectK(4, 500);
        expectK(5, 503);
        expectK(9, 503);
    }

    function test_Parameters_RevertWhen_NotTheTimelock() public {
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ICertificateRegistry.CertificatesNotTimelock.selector, stranger, timelock)
        );
        registry.scheduleParameters(9, parameters());
    }

    function test_Parameters_TakeEveryKnownPair() public {
        for (uint256 i = 0; i < 5; ++i) {
            ICertificateRegistry.ProtocolParameters memory changed = parameters();
            (changed.phiF, changed.c120) = (phis[i], logarithms[i]);
            schedule(uint64(i + 2), changed);
            changed.c120 = logarithms[(i + 1) % 5];
            expectInvalid(changed);
        }
    }

    /// 2^-24 of phi_f is seen; rounding of the logarithm is not.
    function testFuzz_Parameters_TheLogarithmBelongsToPhi(uint256 i, uint256 offBy, bool more) public {
        i = bound(i, 0, 4);
        ICertificateRegistry.ProtocolParameters memory changed = parameters();
        (changed.phiF, changed.c120) = (phis[i], logarithms[i]);
        uint256 near = bound(offBy, 0, 1 << 90);
        changed.c120 = uint128(more ? logarithms[i] + near : logarithms[i] - near);
        schedule(2, changed);
        // One unit of phi_f is 2^96 of 2^120, and more in the logarithm; at 0.95, by a factor of 20.
        uint256 far = bound(offBy, 45 << 96, logarithms[i] / 2);
        changed.c120 = uint128(more ? logarithms[i] + far : logarithms[i] - far);
        expectInvalid(changed);
    }

    function test_Parameters_OutOfBoundsReverts() public {
        for (uint256 i = 0; i < 9; ++i) {
            ICertificateRegistry.ProtocolParameters memory changed = parameters();
            if (i == 0) changed.k = 0;
            if (i == 1) changed.k = changed.m + 1;
            if (i == 2) changed.m = 65_536;
            if (i == 3) (changed.phiF, changed.c120) = (0, 0);
            if (i == 4) changed.c120 = 0;
            if (i == 5) (changed.phiF, changed.c120) = (0x00f33334, logarithms[4]);
            if (i == 6) changed.minimumStake = 0;
            if (i == 7) changed.minimumShare = 0;
            if (i == 8) changed.minimumShare = 10_001;
            expectInvalid(changed);
        }
        ICertificateRegistry.ProtocolParameters memory extreme = parameters();
        (extreme.k, extreme.m, extreme.minimumStake, extreme.minimumShare) = (65_535, 65_535, 1, 10_000);
        schedule(2, extreme);
    }

    /// With the least phi_f, the interval of its logarithm would begin at 0, and the verifier would refuse every proof.
    function testFuzz_Parameters_TheLogarithmIsNeverZero(uint32 phi, uint128 c120) public {
        ICertificateRegistry.ProtocolParameters memory changed = parameters();
        (changed.phiF, changed.c120) = (1, uint128(bound(c120, 0, 1 << 97)));
        expectInvalid(changed);
        (changed.phiF, changed.c120) = (uint32(bound(phi, 0, 0x00f33333)), 0);
        expectInvalid(changed);
        (changed.phiF, changed.c120) = (2, 1 << 97); // -ln(1 - 2^-23), to within its square
        schedule(2, changed);
    }

    function hashOf(uint64 k, uint64 m, uint256 i) private returns (bytes32 hash) {
        ICertificateRegistry.ProtocolParameters memory changed = parameters();
        (changed.k, changed.m, changed.phiF, changed.c120) = (k, m, phis[i], logarithms[i]);
        schedule(2, changed);
        (, hash) = registry.parametersOf(2);
    }

    function schedule(uint64 epoch, ICertificateRegistry.ProtocolParameters memory changed) private {
        vm.prank(timelock);
        registry.scheduleParameters(epoch, changed);
    }

    function expectInvalid(ICertificateRegistry.ProtocolParameters memory changed) private {
        vm.prank(timelock);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificatesInvalidParameters.selector, changed));
        registry.scheduleParameters(9, changed);
    }

    function expectK(uint64 epoch, uint64 k) private view {
        (ICertificateRegistry.ProtocolParameters memory held, ) = registry.parametersOf(epoch);
        vm.assertEq(held.k, k);
    }

    function expectInvalidClock(uint64 genesis, uint64 length) private {
        ICertificateRegistry.Setup memory made = setup();
        (made.genesis, made.epochLength) = (genesis, length);
        vm.expectRevert(
            abi.encodeWithSelector(ICertificateRegistry.CertificatesInvalidClock.selector, genesis, length)
        );
        new CertificateRegistry(made);
    }

    function expectInvalidAddress(ICertificateRegistry.Setup memory made, address account) private {
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificatesInvalidAddress.selector, account));
        new CertificateRegistry(made);
    }

    function expectInvalidToken(ICertificateRegistry.Setup memory made) private {
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificatesInvalidToken.selector, address(token)));
        new CertificateRegistry(made);
    }
}
