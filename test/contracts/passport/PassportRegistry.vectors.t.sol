// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {vm} from "../support/Vm.sol";
import {TestScoresCertificates} from "./support/Authorities.sol";

/// @notice The contract against values that it did not make: see scripts/vectors/passport-registry.ts.
contract PassportRegistryVectorsTest {
    string private json;
    PassportRegistry private registry;
    uint256 private scorerId;

    function setUp() public {
        json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/passport-registry.json"));
        vm.chainId(vm.parseJsonUint(json, ".domain.chainId"));
        vm.warp(1_800_000_060);
        // At the vectors' address: the code recomputes its domain there, and its storage starts empty.
        address place = vm.parseJsonAddress(json, ".domain.verifyingContract");
        vm.etch(place, address(new PassportRegistry(address(this))).code);
        registry = PassportRegistry(place);
        scorerId = registry.createScorer(
            address(this),
            vm.parseJsonAddress(json, ".operator"),
            IPassportRegistry.AuthorityKind.Key,
            IPassportRegistry.Settings(10, 90 days, 1 days)
        );
    }

    function test_Registry_AnchorGolden() public view {
        for (uint256 i = 0; i < 3; ++i) {
            IPassportRegistry.Anchor memory anchor_ = anchorAt(i);
            vm.assertEq(
                registry.hashRules(anchor_.threshold, anchor_.definition),
                vm.parseJsonBytes32(json, keyOf("anchors", i, "rulesHash"))
            );
            vm.assertEq(registry.hashAnchor(anchor_), vm.parseJsonBytes32(json, keyOf("anchors", i, "digest")));
        }
    }

    function test_Registry_LeafGolden() public {
        registry.anchor(anchorAt(0), vm.parseJsonBytes(json, ".anchors[0].signature"));
        vm.assertEq(registry.rootOf(scorerId, 1), vm.parseJsonBytes32(json, ".scores.root"));
        submitAll();
    }

    function test_Registry_CertifiedEntryGolden() public {
        TestScoresCertificates certificates = new TestScoresCertificates();
        certificates.certify(7, vm.parseJsonBytes32(json, ".certified.root"));
        registry.setAuthority(scorerId, address(certificates), IPassportRegistry.AuthorityKind.Certificates);
        IPassportRegistry.Anchor memory from = anchorAt(0);
        registry.anchorCertified(
            IPassportRegistry.CertifiedAnchor(
                scorerId,
                7,
                from.root,
                from.issuedAt,
                from.threshold,
                from.definition,
                from.count
            ),
            vm.parseJsonBytes32Array(json, ".certified.proof")
        );
        submitAll();
    }

    function submitAll() private {
        for (uint256 i = 0; i < 5; ++i) {
            address account = vm.parseJsonAddress(json, keyOf("scores.leaves", i, "account"));
            uint32 score = uint32(vm.parseJsonUint(json, keyOf("scores.leaves", i, "score")));
            uint64 expiresAt = uint64(vm.parseJsonUint(json, keyOf("scores.leaves", i, "expiresAt")));
            bytes32[] memory proof = vm.parseJsonBytes32Array(json, keyOf("scores.leaves", i, "proof"));
            registry.submitScore(scorerId, account, score, expiresAt, 1, proof);
            vm.assertEq(registry.cachedScore(scorerId, account).score, score);
        }
    }

    function anchorAt(uint256 i) private view returns (IPassportRegistry.Anchor memory) {
        return
            IPassportRegistry.Anchor({
                scorerId: vm.parseJsonUint(json, keyOf("anchors", i, "scorerId")),
                number: uint32(vm.parseJsonUint(json, keyOf("anchors", i, "number"))),
                root: vm.parseJsonBytes32(json, keyOf("anchors", i, "root")),
                issuedAt: uint64(vm.parseJsonUint(json, keyOf("anchors", i, "issuedAt"))),
                threshold: uint32(vm.parseJsonUint(json, keyOf("anchors", i, "threshold"))),
                definition: vm.parseJsonBytes32(json, keyOf("anchors", i, "definition")),
                count: uint64(vm.parseJsonUint(json, keyOf("anchors", i, "count"))),
                uri: vm.parseJsonString(json, keyOf("anchors", i, "uri")),
                deadline: vm.parseJsonUint(json, keyOf("anchors", i, "deadline"))
            });
    }

    function keyOf(string memory list, uint256 i, string memory key) private pure returns (string memory) {
        bytes1 digit = bytes1(uint8(48 + i));
        return string.concat(".", list, "[", string(abi.encodePacked(digit)), "].", key);
    }
}
