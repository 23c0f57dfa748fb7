// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Bls12381} from "../../../contracts/certificates/libraries/Bls12381.sol";
import {CertificateRegistry} from "../../../contracts/certificates/CertificateRegistry.sol";
import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {CertificatesFixture} from "./support/CertificatesFixture.sol";
import {StewardKeys} from "./support/StewardKeys.sol";

contract CertificateRegistryRegisterTest is CertificatesFixture {
    uint256 private constant G1 = Bls12381.G1_BYTES;

    function setUp() public override {
        super.setUp();
        toEpoch(1);
    }

    function test_Register_KeepsTheKeysHashAndShowsTheKey() public {
        uint256 sk = secret(0, 1);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.KeyRegistered(1, steward(0), StewardKeys.compressed(sk));
        register(0);
        vm.assertEq(registry.keyHashOf(1, steward(0)), StewardKeys.keyHash(sk));
        vm.assertEq(registry.stewardOf(1, StewardKeys.keyHash(sk)), steward(0));
        vm.assertEq(registry.registeredCount(1), 1);
        vm.assertEq(registry.registeredCount(2), 0);
    }

    function test_Register_OneKeyPerStewardAndEpoch() public {
        register(0);
        bytes memory key = StewardKeys.key(7);
        bytes memory proof = StewardKeys.proof(7, registry.bindingOf(1, steward(0), StewardKeys.keyHash(7)));
        vm.prank(steward(0));
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.RegistrationAlreadyMade.selector, 1, steward(0)));
        registry.register(1, key, proof);

        toEpoch(2); // the same key may sign in another epoch, although that is not what stewards do
        proof = StewardKeys.proof(7, registry.bindingOf(2, steward(0), StewardKeys.keyHash(7)));
        vm.prank(steward(0));
        registry.register(2, key, proof);
        vm.assertEq(registry.keyHashOf(2, steward(0)), StewardKeys.keyHash(7));
    }

    function test_Register_TakenKeyReverts() public {
        // Two stewards who share a secret could both bind it.
        registerWith(0, 7, 7);
        bytes memory key = StewardKeys.key(7);
        bytes32 hash = StewardKeys.keyHash(7);
        bytes memory proof = StewardKeys.proof(7, registry.bindingOf(1, steward(1), hash));
        vm.prank(steward(1));
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.RegistrationKeyTaken.selector, 1, hash));
        registry.register(1, key, proof);
    }

    function test_Register_RevertWhen_TheEpochIsAnother() public {
        bytes memory key = StewardKeys.key(secret(0, 1));
        bytes memory proof = proofOf(0, 1);
        toEpoch(2);
        vm.prank(steward(0));
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.RegistrationWrongEpoch.selector, 1, 2));
        registry.register(1, key, proof);
        vm.prank(steward(0));
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.RegistrationWrongEpoch.selector, 3, 2));
        registry.register(3, key, proof);
    }

    function test_Register_RevertGiven_TheClockHasNotStarted() public {
        vm.warp(START);
        vm.prank(steward(0));
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificatesNotStarted.selector, GENESIS));
        registry.register(1, "", "");
    }

    function test_Register_RevertGiven_TooLittleStakeAtTheBeginning() public {
        // Bought within the epoch: it would be left out of the seal, so it does not come in.
        vm.prank(treasury);
        token.transfer(stranger, 1000e18);
        vm.prank(stranger);
        token.delegate(stranger);
        vm.warp(block.timestamp + 1);
        bytes memory key = StewardKeys.key(7);
        bytes memory proof = StewardKeys.proof(7, registry.bindingOf(1, stranger, StewardKeys.keyHash(7)));
        vm.prank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(ICertificateRegistry.RegistrationStakeTooLow.selector, 0, MINIMUM_STAKE)
        );
        registry.register(1, key, proof);

        toEpoch(2);
        proof = StewardKeys.proof(7, registry.bindingOf(2, stranger, StewardKeys.keyHash(7)));
        vm.prank(stranger);
        registry.register(2, key, proof);
    }

    function test_Register_RevertWhen_LengthsAreWrong() public {
        bytes memory key = StewardKeys.key(secret(0, 1));
        bytes memory proof = proofOf(0, 1);
        expectLength(bytes.concat(key, hex"00"), proof);
        expectLength(key, bytes.concat(proof, hex"00"));
        expectLength("", "");
    }

    /// A proof of possession can be copied by anyone who sees it: the binding names who registers, and where.
    function test_Register_CopiedProofReverts() public {
        bytes memory key = StewardKeys.key(secret(0, 1));
        bytes memory proof = proofOf(0, 1);
        expectInvalidProof(1, key, proof);

        // Nor does an own binding help, under another secret.
        bytes memory binding = registry.bindingOf(1, steward(1), StewardKeys.keyHash(secret(0, 1)));
        bytes memory possession = StewardKeys.possession(secret(0, 1));
        expectInvalidProof(1, key, bytes.concat(possession, StewardKeys.bind(7, binding)));
        register(0); // it is not locked out
    }

    function test_Register_ForeignBindingReverts() public {
        uint256 sk = secret(0, 1);
        bytes memory key = StewardKeys.key(sk);
        bytes32 hash = StewardKeys.keyHash(sk);
        expectInvalidProof(0, key, StewardKeys.proof(sk, registry.bindingOf(2, steward(0), hash)));
        CertificateRegistry other = new CertificateRegistry(setup());
        expectInvalidProof(0, key, StewardKeys.proof(sk, other.bindingOf(1, steward(0), hash)));
        bytes memory proof = proofOf(0, 1);
        vm.chainId(5);
        expectInvalidProof(0, key, proof);
    }

    /// The rogue key a·g2 - vk: anyone derives a valid proof of possession for it from the victim's.
    function test_Register_RogueKeyReverts() public {
        uint256 victim = secret(0, 1);
        uint256 rogue = StewardKeys.ORDER - victim + 5; // what nobody knows; the points follow from public ones
        bytes memory key = StewardKeys.key(rogue);
        bytes memory possession = StewardKeys.possession(rogue);
        bytes memory binding = registry.bindingOf(1, steward(1), StewardKeys.keyHash(rogue));
        expectInvalidProof(1, key, bytes.concat(possession, StewardKeys.bind(5, binding)));
        expectInvalidProof(1, key, bytes.concat(possession, StewardKeys.bind(victim, binding)));
    }

    /// The equations hold for all points at infinity, and for k1, k2 and the binding one by one under the key zero.
    function test_Register_InfinityReverts() public {
        bytes memory key = StewardKeys.key(secret(0, 1));
        bytes memory proof = proofOf(0, 1);
        bytes memory zero = new bytes(G1);
        expectInvalidProof(0, new bytes(2 * G1), new bytes(3 * G1));
        expectInvalidProof(0, new bytes(2 * G1), proof);
        expectInvalidProof(0, key, bytes.concat(zero, slice(proof, G1, 3 * G1)));
        expectInvalidProof(0, key, bytes.concat(slice(proof, 0, G1), zero, slice(proof, 2 * G1, 3 * G1)));
        expectInvalidProof(0, key, bytes.concat(slice(proof, 0, 2 * G1), zero));
    }

    /// Each of the three equations is needed: two right points do not carry a third.
    /// hardhat-config: fuzz.runs = 24
    function testFuzz_Register_OnePointOfAnotherSecretReverts(uint256 which, uint256 other) public {
        uint256 sk = secret(0, 1);
        other = bound(other, 1, StewardKeys.ORDER - 1);
        if (other == sk) ++other;
        bytes memory right = proofOf(0, 1);
        bytes memory wrong = StewardKeys.proof(other, registry.bindingOf(1, steward(0), StewardKeys.keyHash(sk)));
        which = bound(which, 0, 2);
        bytes memory mixed = bytes.concat(
            slice(which == 0 ? wrong : right, 0, G1),
            slice(which == 1 ? wrong : right, G1, 2 * G1),
            slice(which == 2 ? wrong : right, 2 * G1, 3 * G1)
        );
        expectInvalidProof(0, StewardKeys.key(sk), mixed);
    }

    /// k1 + D and k2 - D, and so on: what an unweighted sum would take.
    function test_Register_CompensatingPointsRevert() public {
        uint256 sk = secret(0, 1);
        Bls12381.G1 memory shift = StewardKeys.multiply(Bls12381.generatorG1(), 99);
        Bls12381.G1 memory back = StewardKeys.multiply(Bls12381.generatorG1(), StewardKeys.ORDER - 99);
        Bls12381.G1 memory k1 = StewardKeys.multiply(Bls12381.hashToG1("PoP", ""), sk);
        Bls12381.G1 memory k2 = StewardKeys.multiply(Bls12381.generatorG1(), sk);
        bytes memory bind = slice(proofOf(0, 1), 2 * G1, 3 * G1);
        bytes memory shifted = bytes.concat(
            StewardKeys.encode(Bls12381.add(k1, shift)),
            StewardKeys.encode(Bls12381.add(k2, back)),
            bind
        );
        expectInvalidProof(0, StewardKeys.key(sk), shifted);
    }

    /// (0, 2) is on the curve y² = x³ + 4 and of order 3.
    function test_Register_PointOutsideTheSubgroupReverts() public {
        bytes memory key = StewardKeys.key(secret(0, 1));
        bytes memory proof = proofOf(0, 1);
        bytes memory small = new bytes(G1);
        small[G1 - 1] = 0x02;
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory bad = bytes.concat(slice(proof, 0, i * G1), small, slice(proof, (i + 1) * G1, 3 * G1));
            vm.prank(steward(0));
            vm.expectRevert(abi.encodeWithSelector(Bls12381.Bls12381InputRefused.selector, Bls12381.G1_MSM));
            registry.register{gas: 3_000_000}(1, key, bad);
        }
    }

    function registerWith(uint256 i, uint256 sk, uint256 signer) private {
        bytes memory key = StewardKeys.key(sk);
        bytes memory proof = StewardKeys.proof(signer, registry.bindingOf(1, steward(i), StewardKeys.keyHash(sk)));
        vm.prank(steward(i));
        registry.register(1, key, proof);
    }

    function expectInvalidProof(uint256 i, bytes memory key, bytes memory proof) private {
        vm.prank(steward(i));
        vm.expectRevert(ICertificateRegistry.RegistrationInvalidProof.selector);
        registry.register(1, key, proof);
    }

    function expectLength(bytes memory key, bytes memory proof) private {
        vm.prank(steward(0));
        vm.expectRevert(
            abi.encodeWithSelector(ICertificateRegistry.RegistrationInvalidLength.selector, key.length, proof.length)
        );
        registry.register(1, key, proof);
    }

    function slice(bytes memory data, uint256 from, uint256 to) private pure returns (bytes memory result) {
        result = new bytes(to - from);
        for (uint256 i = 0; i < result.length; ++i) result[i] = data[from + i];
    }
}
