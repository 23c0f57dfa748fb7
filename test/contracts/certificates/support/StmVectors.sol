// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IStmVerifier} from "../../../../contracts/certificates/IStmVerifier.sol";
import {vm} from "../../support/Vm.sol";

/// @notice The frozen proofs of scripts/vectors/stm.ts, in the layout of the contract.
library StmVectors {
    struct Vector {
        IStmVerifier.AggregateKey key;
        IStmVerifier.Parameters parameters;
        bytes message;
        bytes proof;
        string name;
        string verdict;
    }

    function load() internal view returns (string memory json) {
        return vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/stm.json"));
    }

    function read(string memory json, uint256 number) internal pure returns (Vector memory vector) {
        string memory entry = string.concat(".proofs[", decimal(number), "]");
        vector.key = IStmVerifier.AggregateKey(
            vm.parseJsonBytes32(json, string.concat(entry, ".aggregateKey.root")),
            uint32(vm.parseJsonUint(json, string.concat(entry, ".aggregateKey.leaves"))),
            uint64(vm.parseJsonUint(json, string.concat(entry, ".aggregateKey.totalStake")))
        );
        vector.parameters = IStmVerifier.Parameters(
            uint64(vm.parseJsonUint(json, string.concat(entry, ".parameters.k"))),
            uint64(vm.parseJsonUint(json, string.concat(entry, ".parameters.m"))),
            uint128(vm.parseJsonUint(json, string.concat(entry, ".parameters.c120")))
        );
        vector.message = vm.parseJsonBytes(json, string.concat(entry, ".message"));
        vector.name = vm.parseJsonString(json, string.concat(entry, ".name"));
        vector.verdict = vm.parseJsonString(json, string.concat(entry, ".verdict"));
        uint256 signers = vm.parseJsonUintArray(json, string.concat(entry, ".path.indices")).length;
        bytes memory indices;
        vector.proof = abi.encodePacked(uint16(signers));
        for (uint256 i = 0; i < signers; ++i) {
            string memory signer = string.concat(entry, ".signatures[", decimal(i), "]");
            bytes memory won = vm.parseJsonBytes(json, string.concat(signer, ".indexes"));
            vector.proof = bytes.concat(vector.proof, record(json, signer, won.length / 2));
            indices = bytes.concat(indices, won);
        }
        bytes32[] memory path = vm.parseJsonBytes32Array(json, string.concat(entry, ".path.values"));
        vector.proof = bytes.concat(vector.proof, indices, abi.encodePacked(path));
    }

    function record(
        string memory json,
        string memory signer,
        uint256 count
    ) private pure returns (bytes memory bytes_) {
        for (uint256 i = 0; i < 2; ++i) {
            bytes_ = bytes.concat(
                bytes_,
                vm.parseJsonBytes(json, string.concat(signer, ".sigmaAffine[", decimal(i), "]"))
            );
        }
        for (uint256 i = 0; i < 4; ++i) {
            string memory key = string.concat(signer, ".verificationKeyAffine[", decimal(i), "]");
            bytes_ = bytes.concat(bytes_, vm.parseJsonBytes(json, key));
        }
        uint256 stake = vm.parseJsonUint(json, string.concat(signer, ".stake"));
        uint256 leaf = vm.parseJsonUint(json, string.concat(signer, ".signerIndex"));
        return abi.encodePacked(bytes_, uint64(stake), uint16(count), uint32(leaf));
    }

    function decimal(uint256 value) private pure returns (string memory) {
        bytes memory digits = new bytes(2);
        digits[0] = bytes1(uint8(48 + value / 10));
        digits[1] = bytes1(uint8(48 + (value % 10)));
        return value < 10 ? string(abi.encodePacked(digits[1])) : string(digits);
    }
}
