// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "../../../contracts/certificates/ICertificateRegistry.sol";
import {IStmVerifier} from "../../../contracts/certificates/IStmVerifier.sol";
import {CertificateMessage} from "../../../contracts/certificates/libraries/CertificateMessage.sol";
import {vm} from "../support/Vm.sol";

contract MessageEncoder {
    function encode(
        ICertificateRegistry.Certificate calldata certificate,
        IStmVerifier.AggregateKey calldata nextKey,
        bytes32 nextParameters
    ) external view returns (bytes memory) {
        return CertificateMessage.encode(certificate, nextKey, nextParameters);
    }
}

/// @notice What stewards sign, against values that neither the contract nor src/certificates made: see
/// scripts/vectors/certificates.ts.
contract CertificateMessageTest {
    string private json;

    function setUp() public {
        json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/certificates.json"));
        vm.chainId(vm.parseJsonUint(json, ".registry.chainId"));
    }

    function test_Certificates_MessageGolden() public {
        MessageEncoder encoder = MessageEncoder(vm.parseJsonAddress(json, ".registry.address"));
        vm.etch(address(encoder), address(new MessageEncoder()).code);
        for (uint256 i = 0; i < 3; ++i) {
            ICertificateRegistry.Certificate memory certificate = ICertificateRegistry.Certificate({
                epoch: uint64(vm.parseJsonUint(json, keyOf(i, "epoch"))),
                scoresRoot: vm.parseJsonBytes32(json, keyOf(i, "scoresRoot")),
                snapshotDigest: vm.parseJsonBytes32(json, keyOf(i, "snapshotDigest")),
                snapshotBlock: uint64(vm.parseJsonUint(json, keyOf(i, "snapshotBlock"))),
                stakeDistributionRoot: vm.parseJsonBytes32(json, keyOf(i, "stakeDistributionRoot"))
            });
            IStmVerifier.AggregateKey memory key;
            // The last one stands before an epoch that too few registered for: it carries no key.
            if (i != 2) {
                key = IStmVerifier.AggregateKey({
                    root: vm.parseJsonBytes32(json, ".key.root"),
                    leaves: uint32(vm.parseJsonUint(json, ".key.leaves")),
                    totalStake: uint64(vm.parseJsonUint(json, ".key.totalStake"))
                });
            }
            bytes memory message = encoder.encode(certificate, key, vm.parseJsonBytes32(json, ".parameters.hash"));
            vm.assertEq(message, bytes(vm.parseJsonString(json, keyOf(i, "hash"))));
        }
    }

    function keyOf(uint256 i, string memory key) private pure returns (string memory) {
        return string.concat(".messages[", string(abi.encodePacked(bytes1(uint8(48 + i)))), "].", key);
    }
}
