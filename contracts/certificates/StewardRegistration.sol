// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ICertificateRegistry} from "./ICertificateRegistry.sol";
import {Bls12381} from "./libraries/Bls12381.sol";
import {KeyProof} from "./libraries/KeyProof.sol";
import {ProtocolSchedule} from "./ProtocolSchedule.sol";
import {StewardStakes} from "./StewardStakes.sol";

/// @title Which steward registered which key in which epoch
/// @notice The key itself is in the event alone; storage holds its hash.
abstract contract StewardRegistration is ProtocolSchedule, StewardStakes {
    /// How many epochs after its registration a key signs.
    uint64 internal constant SIGNING_DELAY = 2;
    uint32 private constant MAX_REGISTRATIONS = type(uint16).max;
    bytes32 private constant BINDING_TYPEHASH = keccak256(
        "StmKeyBinding(uint256 chainId,address registry,uint64 epoch,address steward,bytes32 keyHash)"
    );

    struct Registrations {
        uint32 count;
        mapping(address steward => bytes32 keyHash) keyHashes;
        /// Two leaves with one key would make two signers out of each of its signatures.
        mapping(bytes32 keyHash => address steward) stewards;
    }

    mapping(uint64 epoch => Registrations registrations) private _registrations;

    /// @inheritdoc ICertificateRegistry
    function register(uint64 epoch, bytes calldata verificationKey, bytes calldata proof) external {
        if (epoch != currentEpoch()) revert RegistrationWrongEpoch(epoch, currentEpoch());
        // Who has too little at the first sample is left out of the seal: refused here, it does not make the seal longer.
        uint64 stake = _stakeAt(msg.sender, startOf(epoch) - 1);
        uint64 minimum = _parametersOf(epoch + SIGNING_DELAY).minimumStake;
        if (stake < minimum) revert RegistrationStakeTooLow(stake, minimum);
        if (verificationKey.length != Bls12381.G2_BYTES || proof.length != KeyProof.LENGTH) {
            revert RegistrationInvalidLength(verificationKey.length, proof.length);
        }
        Bls12381.G2 memory key = Bls12381.readG2(verificationKey);
        bytes memory compressed = Bls12381.compress(key);
        _add(epoch, keccak256(compressed));
        if (!KeyProof.verify(key, compressed, proof, bindingOf(epoch, msg.sender, keccak256(compressed)))) {
            revert RegistrationInvalidProof();
        }
        emit KeyRegistered(epoch, msg.sender, abi.decode(compressed, (bytes32[3])));
    }

    /// @inheritdoc ICertificateRegistry
    function keyHashOf(uint64 epoch, address steward) public view returns (bytes32) {
        return _registrations[epoch].keyHashes[steward];
    }

    /// @inheritdoc ICertificateRegistry
    function stewardOf(uint64 epoch, bytes32 keyHash) external view returns (address) {
        return _registrations[epoch].stewards[keyHash];
    }

    /// @inheritdoc ICertificateRegistry
    function registeredCount(uint64 epoch) public view returns (uint32) {
        return _registrations[epoch].count;
    }

    /// @inheritdoc ICertificateRegistry
    function bindingOf(uint64 epoch, address steward, bytes32 keyHash) public view returns (bytes memory) {
        return abi.encode(BINDING_TYPEHASH, block.chainid, address(this), epoch, steward, keyHash);
    }

    function _add(uint64 epoch, bytes32 keyHash) private {
        Registrations storage registrations = _registrations[epoch];
        if (registrations.keyHashes[msg.sender] != 0) revert RegistrationAlreadyMade(epoch, msg.sender);
        if (registrations.stewards[keyHash] != address(0)) revert RegistrationKeyTaken(epoch, keyHash);
        if (registrations.count == MAX_REGISTRATIONS) revert RegistrationFull(epoch);
        registrations.keyHashes[msg.sender] = keyHash;
        registrations.stewards[keyHash] = msg.sender;
        ++registrations.count;
    }
}
