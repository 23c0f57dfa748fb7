import { expect } from "chai";

import { concat, toHex } from "../../../src/stm/bytes.js";
import { signBinding, verifyBoundKey } from "../../../src/stm/binding.js";
import { add, compress, G1_GENERATOR, G2_GENERATOR, multiply, scalar } from "../../../src/stm/curve/group.js";
import {
  type KeyWithProof,
  POP_MESSAGE,
  ProofOfPossession,
  SigningKey,
  VerificationKey,
} from "../../../src/stm/keys.js";
import { verifyProofOfPossession, verifyProofsOfPossession } from "../../../src/stm/possession.js";
import { closeRegistration } from "../../../src/stm/registration.js";
import { hashToG1 } from "../../../src/stm/curve/hash-to-curve.js";
import type { StmError } from "../../../src/stm/errors.js";
import { codeOf } from "../../support/stm/codes.js";
import { keyOf } from "../../support/stm/world.js";

const proven = (label: string | number): KeyWithProof => {
  const key = keyOf(label);
  return { verificationKey: key.verificationKey(), proof: key.prove() };
};
const context = {
  chainId: 1n,
  registry: "0x00000000000000000000000000000000000000aa",
  epoch: 3n,
  steward: "0x00000000000000000000000000000000000000bb",
};

describe("keys", () => {
  it("stm/key-lengths: material, keys and proofs of other lengths or ranges are refused", () => {
    expect(codeOf(() => SigningKey.fromKeyMaterial(new Uint8Array(31)))).to.equal("stm/bad-signing-key");
    for (const bytes of [
      new Uint8Array(32),
      new Uint8Array(32).fill(255),
      new Uint8Array(31).fill(1),
      new Uint8Array(),
    ]) {
      expect(codeOf(() => SigningKey.fromBytes(bytes))).to.equal("stm/bad-signing-key");
    }
    expect(codeOf(() => VerificationKey.parse(new Uint8Array(96)))).to.equal("stm/bad-point");
    expect(codeOf(() => ProofOfPossession.parse(new Uint8Array(95)))).to.equal("stm/bad-point");
    const { proof } = proven(0);
    const infinity = Uint8Array.from({ length: 48 }, (_byte, i) => (i === 0 ? 0xc0 : 0));
    for (const bytes of [concat(infinity, proof.bytes.slice(48)), concat(proof.bytes.slice(0, 48), infinity)]) {
      expect(codeOf(() => ProofOfPossession.parse(bytes))).to.equal("stm/bad-point");
    }
  });

  it("stm/key-secret: a signing key does not show itself", () => {
    const secret = toHex(keyOf(0).toBytes());
    expect(JSON.stringify({ key: keyOf(0) })).to.not.include(secret.slice(0, 8));
    expect(Object.keys(keyOf(0))).to.deep.equal([]);
    expect(toHex(SigningKey.fromBytes(keyOf(0).toBytes()).toBytes())).to.equal(secret);
  });

  it("stm/possession-both-halves: another's k1 or k2 does not pass", () => {
    const [own, other] = [proven(0), proven(1)];
    verifyProofOfPossession(own);
    const mix = (k1: KeyWithProof, k2: KeyWithProof) =>
      ProofOfPossession.parse(concat(k1.proof.bytes.slice(0, 48), k2.proof.bytes.slice(48)));
    for (const proof of [mix(own, other), mix(other, own), other.proof]) {
      const mixed = { verificationKey: own.verificationKey, proof };
      expect(codeOf(() => verifyProofOfPossession(mixed))).to.equal("stm/bad-proof-of-possession");
    }
  });

  it("stm/possession-batch: passes for all, names the bad ones, and does not let faults cancel out", () => {
    const keys = [0, 1, 2, 3, 4].map(proven);
    verifyProofsOfPossession(keys);
    verifyProofsOfPossession([]);
    const [first, second] = [keys[1], keys[3]] as [KeyWithProof, KeyWithProof];
    const shift = (key: KeyWithProof, by: bigint): KeyWithProof => ({
      ...key,
      proof: ProofOfPossession.parse(
        concat(compress(add(key.proof.k1, multiply(G1_GENERATOR, scalar(by)))), key.proof.bytes.slice(48)),
      ),
    });
    const spoiled = keys.map((key) => (key === first ? shift(key, 5n) : key === second ? shift(key, -5n) : key));
    try {
      verifyProofsOfPossession(spoiled);
      expect.fail("two faults that cancel out passed");
    } catch (error) {
      expect((error as StmError).code).to.equal("stm/bad-proof-of-possession");
      expect((error as StmError).details.positions).to.deep.equal([1, 3]);
    }
  });

  it("stm/possession-derived-key: a proof derived from a public key passes, and the binding does not", () => {
    const victim = proven(0);
    const a = scalar(123_456_789n);
    const negate = scalar(-1n);
    const rogue: KeyWithProof = {
      verificationKey: VerificationKey.ofPoint(
        add(multiply(G2_GENERATOR, a), multiply(victim.verificationKey.point, negate)),
      ),
      proof: ProofOfPossession.parse(
        concat(
          compress(add(multiply(hashToG1(POP_MESSAGE), a), multiply(victim.proof.k1, negate))),
          compress(add(multiply(G1_GENERATOR, a), multiply(victim.proof.k2, negate))),
        ),
      ),
    };
    verifyProofOfPossession(rogue);
    // The best that its maker can do without the secret: the same derivation from a binding of the victim's.
    const theirs = signBinding(keyOf(0), context);
    expect(codeOf(() => verifyBoundKey(rogue, theirs, context))).to.equal("stm/bad-binding");
    expect(codeOf(() => verifyBoundKey(rogue, rogue.proof.bytes.slice(0, 48), context))).to.equal("stm/bad-binding");
  });

  it("stm/binding-is-for-one-place: another chain, registry, epoch, steward or key is refused", () => {
    const key = proven(0);
    const binding = signBinding(keyOf(0), context);
    verifyBoundKey(key, binding, context);
    const changes = [{ chainId: 2n }, { registry: context.steward }, { epoch: 4n }, { steward: context.registry }];
    for (const change of changes) {
      expect(codeOf(() => verifyBoundKey(key, binding, { ...context, ...change }))).to.equal("stm/bad-binding");
    }
    expect(codeOf(() => verifyBoundKey(proven(1), binding, context))).to.equal("stm/bad-binding");
    expect(codeOf(() => verifyBoundKey({ ...key, proof: proven(1).proof }, binding, context))).to.equal(
      "stm/bad-binding",
    );
    expect(codeOf(() => verifyBoundKey(key, binding.slice(1), context))).to.equal("stm/bad-point");
    for (const change of [{ registry: "0x12" }, { steward: "nobody" }, { epoch: 2n ** 64n }, { chainId: -1n }]) {
      expect(codeOf(() => signBinding(keyOf(0), { ...context, ...change }))).to.equal("stm/bad-binding");
    }
  });
});

describe("closing a registration", () => {
  const party = (label: number, stake: bigint) => ({ verificationKey: keyOf(label).verificationKey(), stake });

  it("stm/registration-order: by stake, then by key, whatever the order of arrival", () => {
    const parties = [party(0, 5n), party(1, 5n), party(2, 2n ** 53n + 1n), party(3, 2n ** 53n), party(4, 1n)];
    const closed = closeRegistration(parties);
    expect(closed.parties.map(({ stake }) => stake)).to.deep.equal([1n, 5n, 5n, 2n ** 53n, 2n ** 53n + 1n]);
    const [first, second] = [closed.parties[1], closed.parties[2]].map((each) =>
      toHex(each?.verificationKey.bytes as Uint8Array),
    );
    expect((first as string) < (second as string)).to.equal(true);
    const again = closeRegistration([...parties].reverse());
    expect(toHex(again.aggregateKey.root)).to.equal(toHex(closed.aggregateKey.root));
    expect(closed.aggregateKey).to.include({ leaves: 5, totalStake: 2n ** 54n + 12n });
  });

  it("stm/registration-refuses: nobody, a key twice, no stake, and more stake than 64 bits", () => {
    const refused = (parties: Parameters<typeof closeRegistration>[0]) => codeOf(() => closeRegistration(parties));
    expect(refused([])).to.equal("stm/empty-registration");
    expect(refused([party(0, 1n), party(0, 2n)])).to.equal("stm/duplicate-key");
    for (const stake of [0n, -1n, 2n ** 64n]) expect(refused([party(0, stake)])).to.equal("stm/bad-stake");
    expect(refused([party(0, 2n ** 64n - 1n), party(1, 1n)])).to.equal("stm/stake-overflow");
    expect(refused([party(0, 2n ** 64n - 1n)])).to.equal("none");
  });
});
