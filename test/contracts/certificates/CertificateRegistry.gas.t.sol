// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {vm} from "../support/Vm.sol";
import {CertificatesFixture} from "./support/CertificatesFixture.sol";
import {StewardKeys} from "./support/StewardKeys.sol";

/// @notice What a call of the registry costs, calldata and the transaction's 21,000 apart. The verifier accepts at once: what
/// it costs is in its own snapshot.
contract CertificateRegistryGasTest is CertificatesFixture {
    string private constant GROUP = "CertificateRegistry";

    function setUp() public override {
        super.setUp();
        toEpoch(1);
    }

    function test_Gas_Register() public {
        register(1);
        bytes memory key = StewardKeys.key(secret(0, 1));
        bytes memory proof = proofOf(0, 1);
        vm.prank(steward(0));
        registry.register(1, key, proof);
        vm.snapshotGasLastCall(GROUP, "register");
    }

    function test_Gas_SealFiveStewards() public {
        registerAll();
        toEpoch(2);
        ICertificateRegistry.Registrant[] memory list = ordered(1);
        registry.seal(1, nothingRead(), list);
        vm.snapshotGasLastCall(GROUP, "seal, five stewards");
    }

    function test_Gas_Certify() public {
        runUntilSealed(2);
        permitAnchor(3, 3);
        certify(3);
        registerAll();
        toEpoch(4);
        sealAll(3);
        certify(4);
        vm.snapshotGasLastCall(GROUP, "certify, an epoch's first with a snapshot");
        ICertificateRegistry.Certificate memory newer = certificateOf(4);
        newer.snapshotBlock += 1;
        sign(newer);
        registry.certify(newer, PROOF);
        vm.snapshotGasLastCall(GROUP, "certify, a later snapshot of the epoch");
    }
}
