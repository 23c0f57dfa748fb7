// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IPassportRegistry} from "../../../contracts/passport/IPassportRegistry.sol";
import {PassportRegistry} from "../../../contracts/passport/PassportRegistry.sol";
import {MerkleProofLib} from "solady/src/utils/MerkleProofLib.sol";
import {vm} from "../support/Vm.sol";
import {TestScoresCertificates} from "./support/Authorities.sol";

/// @notice The roots over all scorers that certificates certify, against values that neither the contract nor
/// src/certificates made: see scripts/vectors/certificates.ts.
contract PassportRegistryScoresRootTest {
    string private json;

    function setUp() public {
        json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/certificates.json"));
    }

    function test_Certified_ScoresRootGolden() public view {
        uint256[4] memory counts = [uint256(1), 2, 5, 8];
        for (uint256 tree = 0; tree < 4; ++tree) {
            bytes32 root = vm.parseJsonBytes32(json, keyOf("scoresRoots", tree, "root"));
            for (uint256 i = 0; i < counts[tree]; ++i) {
                string memory entry = keyOf(keyOf("scoresRoots", tree, "entries"), i);
                bytes32 leaf = leafOf(entry);
                vm.assertEq(leaf, vm.parseJsonBytes32(json, string.concat(entry, ".leaf")));
                bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(entry, ".proof"));
                vm.assertTrue(MerkleProofLib.verify(proof, root, leaf));
            }
        }
    }

    function test_Certified_VectorIsAnchored() public {
        vm.warp(1_800_000_060);
        // The entry names this address; the code has no storage of its constructor.
        PassportRegistry registry = PassportRegistry(vm.parseJsonAddress(json, ".passportRegistry.address"));
        vm.etch(address(registry), address(new PassportRegistry(address(this))).code);
        TestScoresCertificates certificates = new TestScoresCertificates();
        // The tree's first entry is that of scorer 1, whose rules hash here opens to a threshold and a definition.
        uint256 scorerId = registry.createScorer(
            address(this),
            address(certificates),
            IPassportRegistry.AuthorityKind.Certificates,
            IPassportRegistry.Settings(10, 90 days, 1 days)
        );
        string memory anchored = ".anchored";
        certificates.certify(7, vm.parseJsonBytes32(json, string.concat(anchored, ".root")));
        registry.anchorCertified(
            IPassportRegistry.CertifiedAnchor({
                scorerId: scorerId,
                epoch: 7,
                root: vm.parseJsonBytes32(json, string.concat(anchored, ".entry.root")),
                issuedAt: uint64(vm.parseJsonUint(json, string.concat(anchored, ".entry.issuedAt"))),
                threshold: uint32(vm.parseJsonUint(json, string.concat(anchored, ".threshold"))),
                definition: vm.parseJsonBytes32(json, string.concat(anchored, ".definition")),
                count: uint64(vm.parseJsonUint(json, string.concat(anchored, ".entry.count")))
            }),
            vm.parseJsonBytes32Array(json, string.concat(anchored, ".entry.proof"))
        );
        vm.assertEq(registry.rootOf(scorerId, 1), vm.parseJsonBytes32(json, string.concat(anchored, ".entry.root")));
    }

    function leafOf(string memory entry) private view returns (bytes32) {
        bytes memory encoded = abi.encode(
            vm.parseJsonUint(json, ".passportRegistry.chainId"),
            vm.parseJsonAddress(json, ".passportRegistry.address"),
            vm.parseJsonUint(json, string.concat(entry, ".scorerId")),
            vm.parseJsonBytes32(json, string.concat(entry, ".root")),
            uint64(vm.parseJsonUint(json, string.concat(entry, ".issuedAt"))),
            vm.parseJsonBytes32(json, string.concat(entry, ".rulesHash")),
            uint64(vm.parseJsonUint(json, string.concat(entry, ".count")))
        );
        return keccak256(bytes.concat(keccak256(encoded)));
    }

    function keyOf(string memory list, uint256 i) private pure returns (string memory) {
        bytes1 digit = bytes1(uint8(48 + i));
        return string.concat(bytes(list)[0] == "." ? "" : ".", list, "[", string(abi.encodePacked(digit)), "]");
    }

    function keyOf(string memory list, uint256 i, string memory key) private pure returns (string memory) {
        return string.concat(keyOf(list, i), ".", key);
    }
}
