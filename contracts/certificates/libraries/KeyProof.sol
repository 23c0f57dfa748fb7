// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {Bls12381} from "./Bls12381.sol";

/// @title That a registrant holds its key, and registers it for itself
/// @notice The proof of possession of Mithril's `mithril-stm`, k1 = sk·HG("PoP") and k2 = sk·g1, says neither who registers
/// nor whose key it is: it can be copied by anyone and derived for related keys. Hence a third point, the key's signature
/// of `binding` under a tag of its own.
/// @dev The three equations e(k1, g2) = e(HG("PoP"), vk), e(k2, g2) = e(g1, vk) and e(bind, g2) = e(HG'(binding), vk) are
/// tested as one, with random weights: if one of them is wrong, the sum is right for one weight in 2^128.
library KeyProof {
    using Bls12381 for Bls12381.G1;
    using Bls12381 for Bls12381.G2;

    bytes internal constant BINDING_TAG = "TOUCHSTONE_STM_BIND_V1";
    uint256 internal constant LENGTH = 3 * Bls12381.G1_BYTES;

    /// @dev Whether `proof` (k1, k2 and the binding signature, 96 bytes each) belongs to the key. Reverts in the precompiles
    /// if a point is not in its subgroup.
    function verify(
        Bls12381.G2 memory key,
        bytes memory compressedKey,
        bytes calldata proof,
        bytes memory binding
    ) internal view returns (bool) {
        Bls12381.G1 memory k1 = Bls12381.readG1(proof);
        Bls12381.G1 memory k2 = Bls12381.readG1(proof[Bls12381.G1_BYTES:]);
        Bls12381.G1 memory bind = Bls12381.readG1(proof[2 * Bls12381.G1_BYTES:]);
        // The equations hold for points at infinity, all of which the key 0 would have.
        if (key.isInfinity() || k1.isInfinity() || k2.isInfinity() || bind.isInfinity()) return false;

        // Where a point is none, its compression says little; but then the precompiles refuse it below.
        bytes memory points = bytes.concat(compressedKey, k1.compress(), k2.compress(), bind.compress());
        uint256 seed = uint256(keccak256(bytes.concat(points, binding)));
        // The multiplication, unlike the addition, also refuses points outside the subgroup: all three go through it.
        return
            Bls12381.pairingIsOne(
                _sum(k1, k2, bind, seed),
                Bls12381.negatedGeneratorG2(),
                _sum(_hashedPoP(), Bls12381.generatorG1(), Bls12381.hashToG1(binding, BINDING_TAG), seed),
                key
            );
    }

    /// a + low·b + high·c, where low and high are the halves of the seed.
    function _sum(
        Bls12381.G1 memory a,
        Bls12381.G1 memory b,
        Bls12381.G1 memory c,
        uint256 seed
    ) private view returns (Bls12381.G1 memory) {
        return
            Bls12381.multiplyG1(
                abi.encodePacked(
                    abi.encode(a, uint256(1)),
                    abi.encode(b, uint256(uint128(seed))),
                    abi.encode(c, seed >> 128)
                )
            );
    }

    /// The three bytes "PoP", hashed to the curve under the empty tag.
    function _hashedPoP() private pure returns (Bls12381.G1 memory) {
        return
            Bls12381.G1({
                xHigh: 0x19d61fe320105e14b9d2e1dfe3298020,
                xLow: 0x7f916bb2eabffcf745e9033a02265af5235ad6abc4c02c6fc8b47bda3f9ed9ff,
                yHigh: 0x01e577e7789df5d10cd3f009ac5165ef,
                yLow: 0x6e0841c5c1ad932d9374cf923826a79e2d6305723144f4e45f6038e03da97f18
            });
    }
}
