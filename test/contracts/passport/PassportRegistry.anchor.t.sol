// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {bound, vm} from "../support/Vm.sol";
import {OperatorWallet, SilentWallet} from "./support/Authorities.sol";
import {RegistryFixture} from "./support/RegistryFixture.sol";

contract PassportRegistryAnchorTest is RegistryFixture {
    bytes32 internal constant ROOT = keccak256("a root of scores");

    event RootAnchored(
        uint256 indexed scorerId,
        uint32 indexed number,
        bytes32 indexed root,
        uint64 issuedAt,
        uint32 threshold,
        bytes32 rulesHash,
        uint64 count,
        string uri
    );

    function test_Anchor_StoresTheRootAndItsFacts() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        anchor_.count = 100_000;
        bytes32 rulesHash = keccak256(abi.encode(THRESHOLD, DEFINITION));
        bytes memory signature = sign(anchor_);
        vm.expectEmit(true, true, true, true, address(registry));
        emit RootAnchored(scorerId, 1, ROOT, uint64(NOW), THRESHOLD, rulesHash, 100_000, "ipfs://scores");
        vm.prank(carol); // anyone may bring it
        registry.anchor(anchor_, signature);

        vm.assertEq(registry.rootOf(scorerId, 1), ROOT);
        vm.assertEq(registry.rootOf(scorerId, 2), bytes32(0));
        IPassportRegistry.Scorer memory scorer = registry.scorer(scorerId);
        vm.assertEq(scorer.number, 1);
        vm.assertEq(scorer.issuedAt, NOW);
        vm.assertEq(scorer.threshold, THRESHOLD);
    }

    function test_Anchor_RevertGiven_ScorerIsUnknown() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        anchor_.scorerId = scorerId + (1 << 32);
        bytes memory signature = sign(anchor_);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryUnknownScorer.selector, scorerId + (1 << 32)));
        registry.anchor(anchor_, signature);
    }

    function test_Registry_AnchorNeedsTheAuthority() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        expectInvalid(anchor_, sign(0xBAD, registry.hashAnchor(anchor_)), operator);
        expectInvalid(anchor_, "", operator);
        expectInvalid(anchor_, new bytes(65), operator);
        bytes memory good = sign(anchor_);

        // The manager appoints another operator: the first one's signature ends at once, unused as it is.
        address successor = vm.addr(0x5CC);
        vm.prank(manager);
        registry.setAuthority(scorerId, successor, IPassportRegistry.AuthorityKind.Key);
        expectInvalid(anchor_, good, successor);
        registry.anchor(anchor_, sign(0x5CC, registry.hashAnchor(anchor_)));
        vm.assertEq(registry.rootOf(scorerId, 1), ROOT);
    }

    function testFuzz_Registry_AnchorBindsEveryField(uint256 field, uint256 seed) public {
        IPassportRegistry.Anchor memory signed_ = anchorOf(ROOT);
        bytes memory signature = sign(signed_);
        IPassportRegistry.Anchor memory changed = anchorOf(ROOT);
        field = bound(field, 0, 8);
        // Another scorer of the same operator, so that nothing but the signed id tells them apart.
        uint256 other = registry.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, settings());
        if (field == 0) changed.scorerId = other;
        if (field == 1) changed.number = uint32(bound(seed, 2, type(uint32).max));
        if (field == 2) changed.root = keccak256(abi.encode(seed));
        if (field == 3) changed.issuedAt = uint64(NOW - bound(seed, 1, 20 days));
        if (field == 4) changed.threshold = uint32(bound(seed, THRESHOLD + 1, type(uint32).max));
        if (field == 5) changed.definition = keccak256(abi.encode(seed));
        if (field == 6) changed.count = uint64(bound(seed, 2, type(uint64).max));
        if (field == 7) changed.uri = string.concat(changed.uri, "?");
        if (field == 8) changed.deadline = bound(seed, signed_.deadline + 1, type(uint256).max);
        expectInvalid(changed, signature, operator);
        registry.anchor(signed_, signature);
    }

    function test_Registry_RootNumbersGrowByOne() public {
        IPassportRegistry.Anchor memory first = anchorOf(ROOT);
        bytes memory signature = sign(first);
        registry.anchor(first, signature);
        expectNumber(first, 2); // the same signature again

        vm.warp(NOW + 1);
        IPassportRegistry.Anchor memory next = anchorOf(keccak256("next"));
        next.number = 3;
        expectNumber(next, 2);
        next.number = 0;
        expectNumber(next, 2);
        next.number = 2;
        registry.anchor(next, sign(next));
        vm.assertEq(registry.rootOf(scorerId, 1), ROOT);
        vm.assertEq(registry.rootOf(scorerId, 2), keccak256("next"));
    }

    function test_Registry_StaleSignatureRefused() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        bytes memory signature = sign(anchor_);
        vm.warp(anchor_.deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IPassportRegistry.RegistryAnchorExpired.selector, anchor_.deadline));
        registry.anchor(anchor_, signature);

        // A deadline without end does not help: the issue time is the signer's, and 400 days are too many.
        anchor_.deadline = type(uint256).max;
        vm.warp(NOW + 400 days);
        expectIssueTime(anchor_);
        vm.warp(NOW + 30 days + 1);
        expectIssueTime(anchor_);
        vm.warp(NOW + 30 days);
        registry.anchor(anchor_, sign(anchor_));
        vm.assertEq(registry.scorer(scorerId).issuedAt, NOW);
    }

    function test_Anchor_CountsUntilTheDeadlinesSecond() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        bytes memory signature = sign(anchor_);
        vm.warp(anchor_.deadline);
        registry.anchor(anchor_, signature);
    }

    function test_Anchor_RevertWhen_IssuedInTheFuture() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        anchor_.issuedAt = uint64(NOW + 1);
        expectIssueTime(anchor_);
        anchor_.issuedAt = uint64(NOW + (1 << 40)); // not cut to 40 bits either
        expectIssueTime(anchor_);
    }

    function test_Anchor_RevertWhen_IssuedBeforeThePrevious() public {
        IPassportRegistry.Anchor memory first = anchorOf(ROOT);
        registry.anchor(first, sign(first));
        vm.warp(NOW + 1);
        IPassportRegistry.Anchor memory next = anchorOf(keccak256("next"));
        next.issuedAt = uint64(NOW);
        expectIssueTime(next);
        next.issuedAt = uint64(NOW - 1);
        expectIssueTime(next);
    }

    function test_Anchor_RevertWhen_RootIsZero() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(0);
        bytes memory signature = sign(anchor_);
        vm.expectRevert(IPassportRegistry.RegistryInvalidRoot.selector);
        registry.anchor(anchor_, signature);
    }

    function test_Anchor_RevertWhen_ThresholdIsZero() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        anchor_.threshold = 0;
        bytes memory signature = sign(anchor_);
        vm.expectRevert(IPassportRegistry.RegistryInvalidThreshold.selector);
        registry.anchor(anchor_, signature);
    }

    function test_Registry_DomainFollowsChainId() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        bytes memory signature = sign(anchor_);
        bytes32 digest = registry.hashAnchor(anchor_);
        uint256 chain = block.chainid;
        vm.chainId(chain + 1); // the other branch of a fork
        vm.assertFalse(digest == registry.hashAnchor(anchor_));
        expectInvalid(anchor_, signature, operator);
        registry.anchor(anchor_, sign(anchor_));
        vm.chainId(chain);
    }

    function test_Anchor_RevertWhen_SignedForAnotherRegistry() public {
        PassportRegistry other = new PassportRegistry(timelock);
        other.createScorer(manager, operator, IPassportRegistry.AuthorityKind.Key, settings());
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        expectInvalid(anchor_, sign(OPERATOR_KEY, other.hashAnchor(anchor_)), operator);
    }

    function test_Anchor_AcceptsACompactSignature() public {
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OPERATOR_KEY, registry.hashAnchor(anchor_));
        registry.anchor(anchor_, abi.encodePacked(r, bytes32((uint256(v - 27) << 255) | uint256(s))));
        vm.assertEq(registry.scorer(scorerId).number, 1);
    }

    function test_Anchor_AcceptsAContractsSignature() public {
        appoint(address(new OperatorWallet(operator)));
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        registry.anchor(anchor_, sign(anchor_));
        vm.assertEq(registry.scorer(scorerId).number, 1);
    }

    function test_Anchor_RevertWhen_TheContractRefuses() public {
        address wallet = address(new OperatorWallet(operator));
        appoint(wallet);
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        expectInvalid(anchor_, sign(0xBAD, registry.hashAnchor(anchor_)), wallet);
        address silent = address(new SilentWallet());
        appoint(silent);
        expectInvalid(anchor_, sign(anchor_), silent);
    }

    /// An account may get code (EIP-7702) and stays what it was appointed as.
    function test_Anchor_KeyStaysAKeyWithCode() public {
        vm.etch(operator, address(new SilentWallet()).code);
        IPassportRegistry.Anchor memory anchor_ = anchorOf(ROOT);
        registry.anchor(anchor_, sign(anchor_));
        expectInvalid(anchor_, "", operator);
    }

    function expectInvalid(IPassportRegistry.Anchor memory anchor_, bytes memory signature, address authority) private {
        vm.expectRevert(
            abi.encodeWithSelector(IPassportRegistry.RegistryInvalidSignature.selector, anchor_.scorerId, authority)
        );
        registry.anchor(anchor_, signature);
    }

    function expectNumber(IPassportRegistry.Anchor memory anchor_, uint32 expected) private {
        bytes memory signature = sign(anchor_);
        vm.expectRevert(
            abi.encodeWithSelector(IPassportRegistry.RegistryUnexpectedRootNumber.selector, anchor_.number, expected)
        );
        registry.anchor(anchor_, signature);
    }

    function expectIssueTime(IPassportRegistry.Anchor memory anchor_) private {
        bytes memory signature = sign(anchor_);
        uint64 previous = registry.scorer(scorerId).issuedAt;
        vm.expectRevert(
            abi.encodeWithSelector(IPassportRegistry.RegistryInvalidIssueTime.selector, anchor_.issuedAt, previous)
        );
        registry.anchor(anchor_, signature);
    }

    function appoint(address wallet) private {
        vm.prank(manager);
        registry.setAuthority(scorerId, wallet, IPassportRegistry.AuthorityKind.Contract);
    }
}
