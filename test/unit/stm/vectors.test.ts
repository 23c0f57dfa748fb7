import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { AbiCoder, id, keccak256 } from "ethers";

import { bigEndian, toHex, utf8 } from "../../../src/stm/bytes.js";
import { BINDING_TYPE, bindingMessage, bindingWeights, signBinding, verifyBoundKey } from "../../../src/stm/binding.js";
import { affineG2, compress, parseG1, parseG2 } from "../../../src/stm/curve/group.js";
import { hashToG1 } from "../../../src/stm/curve/hash-to-curve.js";
import { SigningKey, VerificationKey } from "../../../src/stm/keys.js";
import { draw, Lottery, lotteryThreshold } from "../../../src/stm/lottery.js";
import { c120 } from "../../../src/stm/parameters.js";
import { MerkleTree, verifyBatchPath } from "../../../src/stm/tree.js";
import { verifyProof } from "../../../src/stm/verify.js";
import { codeOf } from "../../support/stm/codes.js";
import { unhex, vectors } from "../../support/stm/vectors.js";

const hex = (bytes: Uint8Array) => `0x${toHex(bytes)}`;

describe("the multisignature's vectors", () => {
  it("stm-vectors/keys: key generation, possession and signature, and a second library agrees", () => {
    for (const vector of vectors.keys) {
      const key = SigningKey.fromKeyMaterial(unhex(vector.material));
      expect(hex(key.toBytes())).to.equal(vector.signingKey);
      expect(hex(key.verificationKey().bytes)).to.equal(vector.verificationKey);
      expect(hex(key.prove().bytes)).to.equal(vector.proofOfPossession);
      expect(hex(key.sign(unhex(vector.message)))).to.equal(vector.signature);
      const secret = BigInt(vector.signingKey);
      expect(`0x${bls12_381.G2.Point.BASE.multiply(secret).toHex()}`).to.equal(vector.verificationKey);
      expect(vector.proofOfPossession.slice(98)).to.equal(bls12_381.G1.Point.BASE.multiply(secret).toHex());
      const { x, y } = affineG2(parseG2(unhex(vector.verificationKey), "key"));
      expect([...x, ...y].map((each) => hex(bigEndian(each, 48)))).to.deep.equal(vector.affine);
      const other = bls12_381.G2.Point.fromHex(vector.verificationKey.slice(2)).toAffine();
      expect([other.x.c0, other.x.c1, other.y.c0, other.y.c1]).to.deep.equal([...x, ...y]);
    }
  });

  it("stm-vectors/hash-to-curve: any tag; a second library agrees where it knows the tag", () => {
    for (const { message, tag, compressed } of vectors.hashes) {
      expect(hex(compress(hashToG1(unhex(message), tag)))).to.equal(compressed);
      if (tag === "") continue;
      expect(`0x${bls12_381.G1.hashToCurve(unhex(message), { DST: tag }).toHex()}`).to.equal(compressed);
    }
    expect(toHex(compress(hashToG1(utf8("PoP"))))).to.equal(
      "99d61fe320105e14b9d2e1dfe32980207f916bb2eabffcf745e9033a02265af5235ad6abc4c02c6fc8b47bda3f9ed9ff",
    );
  });

  it("stm-vectors/bindings: message as the ABI encodes it, binding and weights", () => {
    for (const vector of vectors.bindings) {
      const key = SigningKey.fromKeyMaterial(unhex(vectors.keys[vector.key]?.material ?? ""));
      const context = {
        chainId: BigInt(vector.chainId),
        registry: vector.registry,
        epoch: BigInt(vector.epoch),
        steward: vector.steward,
      };
      const withProof = { verificationKey: key.verificationKey(), proof: key.prove() };
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "uint256", "address", "uint64", "address", "bytes32"],
        [
          id(BINDING_TYPE),
          vector.chainId,
          vector.registry,
          vector.epoch,
          vector.steward,
          keccak256(withProof.verificationKey.bytes),
        ],
      );
      expect(hex(bindingMessage(withProof.verificationKey, context)))
        .to.equal(encoded)
        .and.to.equal(vector.message);
      expect(hex(signBinding(key, context))).to.equal(vector.binding);
      const { rho, tau } = bindingWeights(withProof, unhex(vector.binding), context);
      expect([rho, tau]).to.deep.equal([BigInt(vector.rho), BigInt(vector.tau)]);
      verifyBoundKey(withProof, unhex(vector.binding), context);
    }
  });

  it("stm-vectors/trees: roots and batch paths", () => {
    for (const { leaves, root, indices, values } of vectors.trees) {
      const tree = new MerkleTree(leaves.map(unhex));
      expect(hex(tree.root)).to.equal(root);
      expect(tree.prove(indices).values.map(hex)).to.deep.equal(values);
      const chosen = indices.map((index) => unhex(leaves[index] as string));
      verifyBatchPath({ root: unhex(root), leaves: leaves.length }, chosen, { values: values.map(unhex), indices });
    }
  });

  it("stm-vectors/lotteries: constants, thresholds, draws and verdicts", () => {
    for (const vector of vectors.lotteries) {
      const phiF = Number(vector.phiF);
      const [stake, total] = [BigInt(vector.stake), BigInt(vector.totalStake)];
      expect(c120(phiF)).to.equal(BigInt(vector.c120));
      expect(lotteryThreshold(c120(phiF), stake, total)).to.equal(BigInt(vector.threshold));
      const ev = draw(unhex(vector.message), unhex(vector.sigma), vector.index);
      expect(hex(ev)).to.equal(vector.ev);
      expect(new Lottery({ k: 1n, m: 1n, phiF }, stake, total).wins(ev)).to.equal(vector.wins);
    }
  });

  it("stm-vectors/bad-points: every encoding that is no canonical point of the group is refused", () => {
    for (const { group, what, bytes } of vectors.badPoints) {
      expect(
        codeOf(() => (group === 1 ? parseG1 : parseG2)(unhex(bytes), what)),
        what,
      ).to.equal("stm/bad-point");
    }
  });

  it("stm-vectors/proofs: every verdict", () => {
    for (const vector of vectors.proofs) {
      const { k, m, phiF } = vector.parameters;
      const { root, leaves, totalStake } = vector.aggregateKey;
      const proof = {
        signatures: vector.signatures.map((each) => ({
          signature: {
            sigma: unhex(each.sigma),
            signerIndex: each.signerIndex,
            indexes: (each.indexes.slice(2).match(/.{4}/g) ?? []).map((index) => Number.parseInt(index, 16)),
          },
          party: {
            verificationKey: VerificationKey.parse(unhex(each.verificationKey)),
            stake: BigInt(each.stake),
          },
        })),
        path: { indices: vector.path.indices, values: vector.path.values.map(unhex) },
      };
      const key = { root: unhex(root), leaves, totalStake: BigInt(totalStake) };
      const parameters = { k: BigInt(k), m: BigInt(m), phiF: Number(phiF) };
      const code = codeOf(() => verifyProof(proof, unhex(vector.message), key, parameters));
      expect(code, vector.name).to.equal(vector.verdict === "valid" ? "none" : vector.verdict);
    }
  });
});
