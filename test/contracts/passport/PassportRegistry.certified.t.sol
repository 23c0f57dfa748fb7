// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {TestScoresCertificates} from "./support/Authorities.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";
import {Leaf, ScoreTree} from "./support/ScoreTree.sol";

contract PassportRegistryCertifiedTest is RegistryFixture {
    TestScoresCertificates internal certificates;

    function setUp() public override {
        super.setUp();
        certificates = new TestScoresCertificates();
        vm.prank(manager);
        registry.setAuthority(scorerId, address(certificates), IPassportRegistry.AuthorityKind.Certificates);
    }

    function test_Certified_AnchorsWhatTheCertificateCovers() public {
        Leaf[] memory leaves = list(leaf(alice, 250_000), leaf(bob, 100_000));
        bytes32[] memory hashes = ScoreTree.hashAll(scorerId, leaves);
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, ScoreTree.root(hashes), uint64(NOW));
        bytes32[] memory proof = certify(7, anchor_);
        vm.prank(carol);
        registry.anchorCertified(anchor_, proof);
        registry.submitScore(scorerId, alice, 250_000, leaves[0].expiresAt, 1, ScoreTree.proof(hashes, 0));
        vm.assertTrue(registry.isHuman(scorerId, alice));
        vm.assertEq(registry.getScore(scorerId, alice), 250_000);
    }

    function testFuzz_Registry_CertifiedRootNeedsProof(uint256 field, uint256 seed) public {
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, keccak256("root"), uint64(NOW));
        bytes32[] memory proof = certify(7, anchor_);
        certify(8, certifiedOf(8, keccak256("another root"), uint64(NOW)));
        IPassportRegistry.CertifiedAnchor memory changed = certifiedOf(7, keccak256("root"), uint64(NOW));
        field = bound(field, 0, 8);
        if (field == 0) {
            vm.prank(manager);
            changed.scorerId = registry.createScorer(
                manager,
                address(certificates),
                IPassportRegistry.AuthorityKind.Certificates,
                settings()
            );
        }
        if (field == 1) changed.epoch = 8;
        if (field == 2) changed.epoch = bound(seed, 9, type(uint256).max); // nothing certified: no empty proof helps
        if (field == 3) changed.root = keccak256(abi.encode(seed));
        if (field == 4) changed.issuedAt = uint64(NOW - bound(seed, 1, 20 days));
        if (field == 5) changed.threshold = uint32(bound(seed, THRESHOLD + 1, type(uint32).max));
        if (field == 6) changed.definition = keccak256(abi.encode(seed));
        if (field == 7) changed.count = uint64(bound(seed, 2, type(uint64).max));
        bytes32[] memory given = field == 8 ? new bytes32[](0) : proof;
        expectNotCertified(changed, given);
        registry.anchorCertified(anchor_, proof);
    }

    function test_Certified_RevertWhen_AnchoredAgainOrOutOfTurn() public {
        IPassportRegistry.CertifiedAnchor memory six = certifiedOf(6, keccak256("six"), uint64(NOW - 7 days));
        IPassportRegistry.CertifiedAnchor memory seven = certifiedOf(7, keccak256("seven"), uint64(NOW));
        bytes32[] memory proofOfSix = certify(6, six);
        bytes32[] memory proofOfSeven = certify(7, seven);
        registry.anchorCertified(seven, proofOfSeven);
        expectIssueTime(seven, proofOfSeven);
        expectIssueTime(six, proofOfSix);
    }

    function test_Certified_RevertWhen_TheCertificateIsOld() public {
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, keccak256("root"), uint64(NOW));
        bytes32[] memory proof = certify(7, anchor_);
        vm.warp(NOW + 400 days);
        expectIssueTime(anchor_, proof);
    }

    function test_Certified_RootsKeepTheInterval() public {
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, keccak256("first"), uint64(NOW));
        registry.anchorCertified(anchor_, certify(7, anchor_));
        vm.warp(NOW + MIN_ROOT_INTERVAL + 1 hours);
        // A snapshot a second before its time, brought late: its issue counts, not when somebody sends it.
        uint64 earliest = uint64(NOW + MIN_ROOT_INTERVAL);
        IPassportRegistry.CertifiedAnchor memory soon = certifiedOf(7, keccak256("soon"), earliest - 1);
        bytes32[] memory proofOfSoon = certify(7, soon);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryRootTooSoon.selector, earliest - 1, earliest));
        registry.anchorCertified(soon, proofOfSoon);
        IPassportRegistry.CertifiedAnchor memory next = certifiedOf(7, keccak256("next"), earliest);
        registry.anchorCertified(next, certify(7, next));
        vm.assertEq(registry.scorer(scorerId).number, 2);
    }

    function test_Certified_AnIntervalCountsAtOnce() public {
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, keccak256("first"), uint64(NOW));
        registry.anchorCertified(anchor_, certify(7, anchor_));
        vm.prank(timelock);
        registry.setSettings(scorerId, IPassportRegistry.Settings(MAX_ROOT_AGE, MAX_LIFETIME, 1 hours));
        vm.assertEq(registry.scorer(scorerId).authority, address(certificates));
        vm.warp(NOW + 1 hours);
        IPassportRegistry.CertifiedAnchor memory next = certifiedOf(7, keccak256("next"), uint64(NOW + 1 hours));
        registry.anchorCertified(next, certify(7, next));
        vm.assertEq(registry.scorer(scorerId).minRootInterval, 1 hours);
    }

    function test_Certified_AnotherAuthorityKeepsTheInterval() public {
        TestScoresCertificates others = new TestScoresCertificates();
        vm.prank(timelock);
        registry.setAuthority(scorerId, address(others), IPassportRegistry.AuthorityKind.Certificates);
        vm.assertEq(registry.scorer(scorerId).minRootInterval, MIN_ROOT_INTERVAL);
    }

    /// Somebody anchors whatever is certified as often as the registry lets him, to age a score out.
    function testFuzz_Registry_AnchoringAnySnapshotAgesNoScoreEarly(uint256 seed, uint32 interval) public {
        interval = uint32(bound(interval, 1 hours, 10 days));
        vm.prank(timelock);
        registry.setSettings(scorerId, IPassportRegistry.Settings(MAX_ROOT_AGE, MAX_LIFETIME, interval));
        Leaf[] memory leaves = list(Leaf(alice, 250_000, uint64(NOW + 80 days)), leaf(bob, 100_000));
        bytes32[] memory hashes = ScoreTree.hashAll(scorerId, leaves);
        IPassportRegistry.CertifiedAnchor memory first = certifiedOf(1, ScoreTree.root(hashes), uint64(NOW));
        registry.anchorCertified(first, certify(1, first));
        registry.submitScore(scorerId, alice, 250_000, leaves[0].expiresAt, 1, ScoreTree.proof(hashes, 0));

        uint256 anchored;
        for (uint256 i = 0; i < 64; ++i) {
            vm.warp(block.timestamp + bound(uint256(keccak256(abi.encode(seed, i))), 1, interval / 3));
            IPassportRegistry.CertifiedAnchor memory snapshot = certifiedOf(
                2 + i / 8,
                bytes32(i + 1),
                uint64(block.timestamp)
            );
            try registry.anchorCertified(snapshot, certify(snapshot.epoch, snapshot)) {
                ++anchored;
            } catch {}
            vm.assertTrue(anchored <= (block.timestamp - NOW) / interval);
            // Alive for as long as the settings promise, and no longer than the roots that came.
            if (block.timestamp <= NOW + uint256(MAX_ROOT_AGE) * interval)
                vm.assertTrue(registry.isHuman(scorerId, alice));
            vm.assertEq(registry.isHuman(scorerId, alice), anchored <= MAX_ROOT_AGE);
        }
    }

    function test_Certified_RevertGiven_AnOperator() public {
        uint256 other = registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, settings());
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, keccak256("root"), uint64(NOW));
        anchor_.scorerId = other;
        bytes32[] memory proof = certify(7, anchor_);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPassportRegistry.RegistryWrongAuthorityKind.selector,
                IPassportRegistry.AuthorityKind.Key
            )
        );
        registry.anchorCertified(anchor_, proof);
    }

    function test_Anchor_RevertGiven_Certificates() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(keccak256("root"));
        bytes memory signature = sign(anchor_);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPassportRegistry.RegistryWrongAuthorityKind.selector,
                IPassportRegistry.AuthorityKind.Certificates
            )
        );
        registry.anchor(anchor_, signature);
    }

    function test_Registry_LeavingCertificatesNeedsTimelock() public {
        // Neither back to the operator nor on to other certificates, which could certify anything.
        address others = address(new TestScoresCertificates());
        vm.prank(manager);
        expectNotAdministrator(manager);
        registry.setAuthority(scorerId, operator, IPassportRegistry.AuthorityKind.Key);
        vm.prank(manager);
        expectNotAdministrator(manager);
        registry.setAuthority(scorerId, others, IPassportRegistry.AuthorityKind.Certificates);

        vm.prank(timelock);
        registry.setAuthority(scorerId, operator, IPassportRegistry.AuthorityKind.Key);
        anchorNobody();
        vm.assertEq(registry.scorer(scorerId).number, 1);
        // The manager is back, and the Timelock out.
        vm.prank(timelock);
        expectNotAdministrator(timelock);
        registry.setAuthority(scorerId, alice, IPassportRegistry.AuthorityKind.Key);
        vm.prank(manager);
        registry.setAuthority(scorerId, alice, IPassportRegistry.AuthorityKind.Key);
    }

    function test_Certified_OnlyTheTimelockAdministers() public {
        vm.prank(manager);
        expectNotAdministrator(manager);
        registry.setSettings(scorerId, settings());
        vm.prank(manager);
        expectNotAdministrator(manager);
        registry.raiseFloor(scorerId, 1);
        vm.prank(address(certificates)); // certificates do not act by themselves
        expectNotAdministrator(address(certificates));
        registry.raiseFloor(scorerId, 1);

        vm.prank(timelock);
        registry.setSettings(scorerId, settings());
        vm.prank(timelock);
        registry.raiseFloor(scorerId, 1);
        vm.assertEq(registry.scorer(scorerId).floor, 1);
    }

    function test_Anchor_AnOperatorHasNoInterval() public {
        vm.prank(timelock);
        registry.setAuthority(scorerId, operator, IPassportRegistry.AuthorityKind.Key);
        anchorNobody();
        anchorNobody(); // a second later, to correct the one before
        vm.assertEq(registry.scorer(scorerId).number, 2);
    }

    function test_Certified_RootsGoOnWhereTheOperatorStopped() public {
        vm.prank(timelock);
        registry.setAuthority(scorerId, operator, IPassportRegistry.AuthorityKind.Key);
        anchorNobody();
        vm.prank(manager);
        registry.setAuthority(scorerId, address(certificates), IPassportRegistry.AuthorityKind.Certificates);
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, keccak256("root"), uint64(block.timestamp));
        bytes32[] memory proof = certify(7, anchor_);
        expectIssueTime(anchor_, proof); // as old as the operator's last root
        vm.warp(block.timestamp + MIN_ROOT_INTERVAL);
        anchor_.issuedAt = uint64(block.timestamp);
        registry.anchorCertified(anchor_, certify(7, anchor_));
        vm.assertEq(registry.rootOf(scorerId, 2), keccak256("root"));
    }

    /// L7: an entry counts in the registry and on the chain that it names, and nowhere else.
    function test_Certified_EntryOfAnotherRegistryOrChainReverts() public {
        IPassportRegistry.CertifiedAnchor memory anchor_ = certifiedOf(7, keccak256("root"), uint64(block.timestamp));
        expectNotCertified(anchor_, certifyFor(block.chainid, address(0xbeef), 7, anchor_));
        expectNotCertified(anchor_, certifyFor(block.chainid + 1, address(registry), 7, anchor_));
        registry.anchorCertified(anchor_, certify(7, anchor_));
    }

    function certifiedOf(
        uint256 epoch,
        bytes32 root,
        uint64 issuedAt
    ) private view returns (IPassportRegistry.CertifiedAnchor memory) {
        return IPassportRegistry.CertifiedAnchor(scorerId, epoch, root, issuedAt, THRESHOLD, DEFINITION, 1);
    }

    /// Certifies the scorer's entry beside two of other scorers.
    function certify(
        uint256 epoch,
        IPassportRegistry.CertifiedAnchor memory anchor_
    ) private returns (bytes32[] memory) {
        return certifyFor(block.chainid, address(registry), epoch, anchor_);
    }

    /// The same of an entry that names another chain or another registry.
    function certifyFor(
        uint256 chainId,
        address named,
        uint256 epoch,
        IPassportRegistry.CertifiedAnchor memory anchor_
    ) private returns (bytes32[] memory) {
        bytes32 rulesHash = keccak256(abi.encode(anchor_.threshold, anchor_.definition));
        bytes32[] memory entries = new bytes32[](3);
        entries[0] = keccak256("another scorer's entry");
        entries[1] = keccak256(
            bytes.concat(
                keccak256(
                    abi.encode(
                        chainId,
                        named,
                        anchor_.scorerId,
                        anchor_.root,
                        anchor_.issuedAt,
                        rulesHash,
                        anchor_.count
                    )
                )
            )
        );
        entries[2] = keccak256("a third scorer's entry");
        certificates.certify(epoch, ScoreTree.root(entries));
        return ScoreTree.proof(entries, 1);
    }

    function expectNotCertified(IPassportRegistry.CertifiedAnchor memory anchor_, bytes32[] memory proof) private {
        vm.expectRevert(
            abi.encodeWithSelector(IPassportRegistry.RegistryNotCertified.selector, anchor_.scorerId, anchor_.epoch)
        );
        registry.anchorCertified(anchor_, proof);
    }

    function expectIssueTime(IPassportRegistry.CertifiedAnchor memory anchor_, bytes32[] memory proof) private {
        uint64 previous = registry.scorer(scorerId).issuedAt;
        vm.expectRevert(
            abi.encodeWithSelector(IPassportRegistry.RegistryInvalidIssueTime.selector, anchor_.issuedAt, previous)
        );
        registry.anchorCertified(anchor_, proof);
    }

    function expectNotAdministrator(address caller) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IPassportRegistry.RegistryNotAdministrator.selector,
                caller,
                caller == timelock ? manager : timelock
            )
        );
    }
}
