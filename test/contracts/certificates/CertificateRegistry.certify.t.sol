// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {IStmVerifier} from "../../../contracts/certificates/IStmVerifier.sol";
import {bound, vm} from "../support/Vm.sol";
import {CertificatesFixture} from "./support/CertificatesFixture.sol";
import {RecordedVerifier} from "./support/RecordedVerifier.sol";

contract CertificateRegistryCertifyTest is CertificatesFixture {
    function setUp() public override {
        super.setUp();
        toEpoch(1);
        runUntilSealed(2); // now in epoch 3, the first that a key can sign in
        permitAnchor(3, 3);
    }

    function test_Certify_StoresWhatTheStewardsSigned() public {
        ICertificateRegistry.Certificate memory certificate = certificateOf(3);
        sign(certificate);
        (, IStmVerifier.AggregateKey memory key) = registry.sealOf(1);
        (, bytes32 parametersHash) = registry.parametersOf(3);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.ChainAnchored(1, 3, key.root, key.leaves, key.totalStake, parametersHash);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.EpochCertified(3, 1, certificate.stakeDistributionRoot);
        vm.expectEmit(true, true, true, true, address(registry));
        emit ICertificateRegistry.SnapshotCertified(
            3,
            certificate.scoresRoot,
            certificate.snapshotDigest,
            certificate.snapshotBlock
        );
        vm.prank(stranger);
        registry.certify(certificate, PROOF);

        ICertificateRegistry.CertifiedEpoch memory stored = registry.certifiedEpoch(3);
        vm.assertEq(stored.scoresRoot, certificate.scoresRoot);
        vm.assertEq(stored.snapshotDigest, certificate.snapshotDigest);
        vm.assertEq(stored.stakeDistributionRoot, certificate.stakeDistributionRoot);
        vm.assertEq(stored.snapshotBlock, certificate.snapshotBlock);
        vm.assertEq(stored.certifiedAt, block.timestamp);
        vm.assertEq(stored.anchor, 1);
        vm.assertEq(registry.certifiedScoresRoot(3), certificate.scoresRoot);
        vm.assertEq(registry.lastCertifiedEpoch(), 3);
    }

    /// The message, written by other means.
    function test_Certify_TheMessageIsRebuiltFromItsParts() public view {
        ICertificateRegistry.Certificate memory certificate = certificateOf(3);
        bytes memory next = nextParts(2, 4);
        bytes memory signed = bytes.concat(
            "scores_root",
            hexOf(abi.encode(certificate.scoresRoot)),
            "snapshot_digest",
            hexOf(abi.encode(certificate.snapshotDigest)),
            "snapshot_block",
            hexOf(abi.encodePacked(certificate.snapshotBlock)),
            "stake_distribution_root",
            hexOf(abi.encode(certificate.stakeDistributionRoot)),
            next,
            lastParts(3)
        );
        vm.assertEq(registry.messageOf(certificate), hexOf(abi.encodePacked(sha256(signed))));

        ICertificateRegistry.Certificate memory bare = bareCertificateOf(3);
        signed = bytes.concat(
            "stake_distribution_root",
            hexOf(abi.encode(bare.stakeDistributionRoot)),
            next,
            lastParts(3)
        );
        vm.assertEq(registry.messageOf(bare), hexOf(abi.encodePacked(sha256(signed))));
    }

    function testFuzz_Certify_APartThatIsAnotherReverts(uint256 field, uint256 seed) public {
        ICertificateRegistry.Certificate memory certificate = certificateOf(3);
        sign(certificate);
        bytes memory proof = PROOF;
        bytes32 before = keccak256(abi.encode(certificate, proof));
        field = bound(field, 0, 4);
        if (field == 0) certificate.scoresRoot = keccak256(abi.encode(seed));
        if (field == 1) certificate.snapshotDigest = keccak256(abi.encode(seed));
        if (field == 2) certificate.snapshotBlock = uint64(bound(seed, 1, type(uint64).max));
        if (field == 3) certificate.stakeDistributionRoot = keccak256(abi.encode(seed));
        if (field == 4) proof[seed % proof.length] ^= 0x01;
        vm.assume(keccak256(abi.encode(certificate, proof)) != before);
        vm.expectRevert(RecordedVerifier.NotSigned.selector);
        registry.certify(certificate, proof);
    }

    /// A certificate that names another next key, other next parameters, another registry or chain is another message.
    function test_Certify_AnotherNextKeyOrDomainReverts() public {
        ICertificateRegistry.Certificate memory certificate = certificateOf(3);
        bytes memory bare = bytes.concat(
            "scores_root",
            hexOf(abi.encode(certificate.scoresRoot)),
            "snapshot_digest",
            hexOf(abi.encode(certificate.snapshotDigest)),
            "snapshot_block",
            hexOf(abi.encodePacked(certificate.snapshotBlock)),
            "stake_distribution_root",
            hexOf(abi.encode(certificate.stakeDistributionRoot))
        );
        signHash(sha256(bytes.concat(bare, nextParts(1, 4), lastParts(3)))); // its own key once more
        signHash(sha256(bytes.concat(bare, blockedNextParts(4), lastParts(3))));
        signHash(sha256(bytes.concat(bare, nextParts(2, 4), lastParts(4))));
        expectNotSigned(certificate);
        signHash(sha256(bytes.concat(bare, nextParts(2, 4), lastParts(3))));
        uint256 id = block.chainid;
        vm.chainId(id + 1);
        expectNotSigned(certificate);
        vm.chainId(id);
        registry.certify(certificate, PROOF);
    }

    function test_Certify_TheKeyAndTheParametersAreTheEpochs() public {
        ICertificateRegistry.Certificate memory certificate = certificateOf(3);
        (, IStmVerifier.AggregateKey memory key) = registry.sealOf(1);
        (, IStmVerifier.AggregateKey memory other) = registry.sealOf(2);
        bytes memory message = registry.messageOf(certificate);
        verifier.sign(other, IStmVerifier.Parameters(619, 4994, parameters().c120), message, PROOF);
        verifier.sign(key, IStmVerifier.Parameters(618, 4994, parameters().c120), message, PROOF);
        expectNotSigned(certificate);
        verifier.sign(key, IStmVerifier.Parameters(619, 4994, parameters().c120), message, PROOF);
        registry.certify(certificate, PROOF);
    }

    function test_Certify_TheClocksEpochAndOneOfGrace() public {
        ICertificateRegistry.Certificate memory certificate = certificateOf(3);
        sign(certificate);
        ICertificateRegistry.Certificate memory ahead = certificateOf(4);
        expectWrongEpoch(ahead, 3, 0);
        ICertificateRegistry.Certificate memory behind = certificateOf(2);
        behind.epoch = 1;
        expectWrongEpoch(behind, 3, 0);

        uint256 id = vm.snapshotState();
        toEpoch(4);
        registry.certify(certificate, PROOF);
        vm.revertToState(id);
        toEpoch(5);
        expectWrongEpoch(certificate, 5, 0);
    }

    function test_Certify_BehindTheLastCertifiedReverts() public {
        certify(3);
        registerAll();
        toEpoch(4);
        sealAll(3);
        certify(4);
        ICertificateRegistry.Certificate memory newer = certificateOf(3);
        newer.snapshotBlock += 1;
        sign(newer);
        expectWrongEpoch(newer, 4, 4);
    }

    function test_Certify_RevertWhen_Incomplete() public {
        for (uint256 i = 0; i < 4; ++i) {
            ICertificateRegistry.Certificate memory certificate = certificateOf(3);
            if (i == 0) certificate.scoresRoot = 0;
            if (i == 1) certificate.snapshotDigest = 0;
            if (i == 2) certificate.snapshotBlock = 0;
            if (i == 3) certificate.stakeDistributionRoot = 0;
            vm.expectRevert(ICertificateRegistry.CertificateIncomplete.selector);
            registry.certify(certificate, PROOF);
        }
    }

    function test_Certify_TheDistributionFirstAndSnapshotsAfterIt() public {
        ICertificateRegistry.Certificate memory bare = bareCertificateOf(3);
        sign(bare);
        registry.certify(bare, PROOF);
        vm.assertEq(registry.certifiedScoresRoot(3), 0);
        vm.assertEq(registry.lastCertifiedEpoch(), 3);
        expectNotNewer(bare, 0, 0); // nothing new in it

        certify(3);
        ICertificateRegistry.Certificate memory newer = certificateOf(3);
        newer.scoresRoot = keccak256("newer scores");
        newer.snapshotBlock += 1;
        sign(newer);
        registry.certify(newer, PROOF);
        vm.assertEq(registry.certifiedScoresRoot(3), keccak256("newer scores"));
        vm.assertEq(registry.certifiedEpoch(3).anchor, 1);

        expectNotNewer(newer, newer.snapshotBlock, newer.snapshotBlock);
        expectNotNewer(certificateOf(3), newer.snapshotBlock - 1, newer.snapshotBlock);
        expectNotNewer(bare, 0, newer.snapshotBlock);
    }

    function test_Certify_ChangedDistributionReverts() public {
        certify(3);
        ICertificateRegistry.Certificate memory other = certificateOf(3);
        other.snapshotBlock += 1;
        other.stakeDistributionRoot = keccak256("another distribution");
        sign(other);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICertificateRegistry.CertificateDistributionChanged.selector,
                other.stakeDistributionRoot,
                certificateOf(3).stakeDistributionRoot
            )
        );
        registry.certify(other, PROOF);
    }

    function test_Certify_RevertGiven_AKeyIsNotSealed() public {
        certify(3);
        registerAll();
        toEpoch(4);
        ICertificateRegistry.Certificate memory certificate = certificateOf(4);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificateKeyNotSealed.selector, 3));
        registry.certify(certificate, PROOF);
        sealAll(3);
        certify(4);

        registerAll();
        toEpoch(5);
        registerAll();
        toEpoch(6);
        sealAll(5);
        certificate.epoch = 6;
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificateKeyNotSealed.selector, 4));
        registry.certify(certificate, PROOF);
    }

    function test_Certify_ABlockedNextEpochIsCarriedAsZeros() public {
        certify(3);
        toEpoch(4);
        registry.seal(3, nothingRead(), new ICertificateRegistry.Registrant[](0));
        ICertificateRegistry.Certificate memory bare = bareCertificateOf(4);
        bytes memory signed = bytes.concat(
            "stake_distribution_root",
            hexOf(abi.encode(bare.stakeDistributionRoot)),
            blockedNextParts(5),
            lastParts(4)
        );
        vm.assertEq(registry.messageOf(bare), hexOf(abi.encodePacked(sha256(signed))));
        certify(4); // the old key still signs: only the next epoch is lost

        registerAll();
        toEpoch(5);
        sealAll(4);
        ICertificateRegistry.Certificate memory blocked = certificateOf(5);
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificateEpochBlocked.selector, 5));
        registry.certify(blocked, PROOF);
    }

    function test_Certify_RevertGiven_NoKeyCouldSignYet() public {
        vm.warp(START);
        CertificatesFixture.setUp();
        for (uint64 epoch = 1; epoch < 3; ++epoch) {
            toEpoch(epoch);
            vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificateEpochBlocked.selector, epoch));
            registry.certify(certificateOf(epoch), PROOF);
        }
    }

    function nextParts(uint64 registrationEpoch, uint64 nextEpoch) private view returns (bytes memory) {
        (, IStmVerifier.AggregateKey memory key) = registry.sealOf(registrationEpoch);
        (, bytes32 parametersHash) = registry.parametersOf(nextEpoch);
        return
            bytes.concat(
                "next_aggregate_verification_key",
                hexOf(abi.encodePacked(uint64(key.leaves), key.root, key.totalStake)),
                "next_protocol_parameters",
                hexOf(abi.encode(parametersHash))
            );
    }

    function blockedNextParts(uint64 nextEpoch) private view returns (bytes memory) {
        (, bytes32 parametersHash) = registry.parametersOf(nextEpoch);
        return
            bytes.concat(
                "next_aggregate_verification_key",
                hexOf(new bytes(48)),
                "next_protocol_parameters",
                hexOf(abi.encode(parametersHash))
            );
    }

    function lastParts(uint64 epoch) private view returns (bytes memory) {
        return
            bytes.concat(
                "current_epoch",
                hexOf(abi.encodePacked(epoch)),
                "registry",
                hexOf(abi.encodePacked(uint64(block.chainid), address(registry)))
            );
    }

    function signHash(bytes32 hash) private {
        (, IStmVerifier.AggregateKey memory key) = registry.sealOf(1);
        bytes memory message = hexOf(abi.encodePacked(hash));
        verifier.sign(key, IStmVerifier.Parameters(619, 4994, parameters().c120), message, PROOF);
    }

    /// A digit at a time.
    function hexOf(bytes memory data) private pure returns (bytes memory text) {
        text = new bytes(2 * data.length);
        for (uint256 i = 0; i < data.length; ++i) {
            text[2 * i] = bytes("0123456789abcdef")[uint8(data[i]) >> 4];
            text[2 * i + 1] = bytes("0123456789abcdef")[uint8(data[i]) & 15];
        }
    }

    function expectNotSigned(ICertificateRegistry.Certificate memory certificate) private {
        vm.expectRevert(RecordedVerifier.NotSigned.selector);
        registry.certify(certificate, PROOF);
    }

    function expectWrongEpoch(
        ICertificateRegistry.Certificate memory certificate,
        uint64 current,
        uint64 last
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICertificateRegistry.CertificateWrongEpoch.selector,
                certificate.epoch,
                current,
                last
            )
        );
        registry.certify(certificate, PROOF);
    }

    function expectNotNewer(
        ICertificateRegistry.Certificate memory certificate,
        uint64 given,
        uint64 certified
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ICertificateRegistry.CertificateNotNewer.selector, given, certified));
        registry.certify(certificate, PROOF);
    }
}
