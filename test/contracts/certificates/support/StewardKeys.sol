// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Bls12381} from "../../../../contracts/certificates/libraries/Bls12381.sol";
import {KeyProof} from "../../../../contracts/certificates/libraries/KeyProof.sol";

/// @notice What a steward's software computes, by means of the precompiles: keys, proofs and signatures of a secret number.
library StewardKeys {
    uint256 internal constant ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;

    /// The key as {ICertificateRegistry-register} takes it.
    function key(uint256 secret) internal view returns (bytes memory) {
        return encode(keyPoint(secret));
    }

    function keyPoint(uint256 secret) internal view returns (Bls12381.G2 memory) {
        // -sk times the negated generator
        return Bls12381.multiplyG2(abi.encode(Bls12381.negatedGeneratorG2(), ORDER - secret));
    }

    function compressed(uint256 secret) internal view returns (bytes32[3] memory) {
        return abi.decode(Bls12381.compress(keyPoint(secret)), (bytes32[3]));
    }

    function keyHash(uint256 secret) internal view returns (bytes32) {
        return keccak256(Bls12381.compress(keyPoint(secret)));
    }

    /// k1, k2 and the signature of `binding`.
    function proof(uint256 secret, bytes memory binding) internal view returns (bytes memory) {
        return bytes.concat(possession(secret), bind(secret, binding));
    }

    function possession(uint256 secret) internal view returns (bytes memory) {
        Bls12381.G1 memory k1 = multiply(Bls12381.hashToG1("PoP", ""), secret);
        return bytes.concat(encode(k1), encode(multiply(Bls12381.generatorG1(), secret)));
    }

    function bind(uint256 secret, bytes memory binding) internal view returns (bytes memory) {
        return encode(multiply(Bls12381.hashToG1(binding, KeyProof.BINDING_TAG), secret));
    }

    function multiply(Bls12381.G1 memory point, uint256 scalar) internal view returns (Bls12381.G1 memory) {
        return Bls12381.multiplyG1(abi.encode(point, scalar));
    }

    function encode(Bls12381.G1 memory point) internal pure returns (bytes memory) {
        return abi.encodePacked(uint128(point.xHigh), point.xLow, uint128(point.yHigh), point.yLow);
    }

    function encode(Bls12381.G2 memory point) internal pure returns (bytes memory) {
        return
            bytes.concat(
                abi.encodePacked(uint128(point.x0High), point.x0Low, uint128(point.x1High), point.x1Low),
                abi.encodePacked(uint128(point.y0High), point.y0Low, uint128(point.y1High), point.y1Low)
            );
    }
}
