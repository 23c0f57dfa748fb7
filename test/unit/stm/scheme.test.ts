import { expect } from "chai";
import fc from "fast-check";
import { randomBytes } from "node:crypto";

import { aggregate, type AggregationMode } from "../../../src/stm/aggregate.js";
import { messageWithRoot } from "../../../src/stm/aggregate-key.js";
import { utf8 } from "../../../src/stm/bytes.js";
import { add, compress, G1_GENERATOR, multiply, scalar } from "../../../src/stm/curve/group.js";
import type { StmError } from "../../../src/stm/errors.js";
import type { ConcatenationProof, SingleSignature } from "../../../src/stm/proof.js";
import { sign, wonIndexes } from "../../../src/stm/sign.js";
import { signaturePoint } from "../../../src/stm/signature-point.js";
import { type Claim, verifyProof, verifyProofs, verifySingleSignature } from "../../../src/stm/verify.js";
import { codeOf } from "../../support/stm/codes.js";
import { community, keyOf, signatures } from "../../support/stm/world.js";

const message = utf8("a snapshot");
const TOY = { k: 20n, m: 40n, phiF: 0.8 };
const arbitraryStakes = fc.array(fc.bigInt({ min: 1n, max: 2n ** 58n }), { minLength: 1, maxLength: 12 });
const codeFor = ({ proof, message: text, key, parameters }: Claim) =>
  codeOf(() => verifyProof(proof, text, key, parameters));

describe("signing and aggregating", () => {
  it("stm/aggregate-verifies: any stakes, either mode, and single signatures verify alone", () => {
    const check = fc.property(
      arbitraryStakes,
      fc.constantFrom<AggregationMode>("native", "gas"),
      fc.uint8Array({ maxLength: 70 }),
      (stakes, mode, text) => {
        const world = community(stakes);
        const singles = signatures(world, text, TOY);
        const { aggregateKey: key, parties } = world.registration;
        for (const single of singles.slice(0, 2)) {
          const party = parties[single.signerIndex];
          if (party !== undefined) verifySingleSignature(single, text, party, key, TOY);
        }
        const won = new Set(singles.flatMap(({ indexes }) => indexes)).size;
        if (won < Number(TOY.k)) {
          expect(codeOf(() => aggregate(singles, text, world.registration, TOY, mode))).to.equal(
            "stm/not-enough-signatures",
          );
          return;
        }
        const proof = aggregate(singles, text, world.registration, TOY, mode);
        verifyProof(proof, text, key, TOY);
        if (mode === "gas") {
          const count = proof.signatures.reduce((sum, { signature }) => sum + signature.indexes.length, 0);
          expect(count).to.equal(Number(TOY.k));
        }
      },
    );
    fc.assert(check, { numRuns: 40 });
  });

  it("stm/duplicate-submission: the same signature twice, or in parts, counts once", () => {
    const world = community([10n, 20n, 30n, 40n]);
    const singles = signatures(world, message, TOY);
    const parts = singles.flatMap((single) => [
      { ...single, indexes: single.indexes.slice(0, 2) },
      { ...single, indexes: single.indexes.slice(1) },
      single,
    ]);
    const once = aggregate(singles, message, world.registration, TOY);
    expect(
      aggregate(
        parts.filter(({ indexes }) => indexes.length > 0),
        message,
        world.registration,
        TOY,
      ),
    ).to.deep.equal(once);
  });

  it("stm/invalid-left-out: bad signatures neither spoil a proof nor displace their victims", () => {
    const world = community([10n, 20n, 30n, 40n]);
    const singles = signatures(world, message, TOY);
    const victim = singles[0] as SingleSignature;
    const bad: SingleSignature[] = [
      { ...victim, sigma: keyOf("intruder").sign(message) },
      { ...victim, sigma: new Uint8Array(48) },
      { ...victim, indexes: [Number(TOY.m)] },
      { ...victim, indexes: [0.5] },
      { ...victim, signerIndex: 99 },
      { ...victim, indexes: [] },
    ];
    const signed = messageWithRoot(message, world.registration.aggregateKey);
    const sigma = keyOf("intruder").sign(signed);
    for (const { signerIndex } of singles) {
      const stake = world.registration.parties[signerIndex]?.stake ?? 0n;
      const indexes = wonIndexes(signed, sigma, stake, world.registration.totalStake, TOY);
      bad.push({ sigma, indexes, signerIndex });
    }
    const proof = aggregate([...bad, ...singles], message, world.registration, TOY);
    expect(proof).to.deep.equal(aggregate(singles, message, world.registration, TOY));
  });

  it("stm/too-few: the error counts what was won", () => {
    const world = community([10n, 20n, 30n]);
    const singles = signatures(world, message, TOY).slice(0, 1);
    try {
      aggregate(singles, message, world.registration, { ...TOY, k: 40n });
      expect.fail("a proof without a quorum");
    } catch (error) {
      expect((error as StmError).details).to.deep.equal({ count: singles[0]?.indexes.length, k: 40n });
    }
  });

  it("stm/stranger-does-not-sign: a key that is not registered is refused", () => {
    const { registration } = community([1n]);
    expect(codeOf(() => sign(keyOf("stranger"), message, registration, TOY))).to.equal("stm/unknown-signer");
  });

  it("stm/no-win-no-signature: who wins nothing has nothing to send", () => {
    const world = community([1n, 2n ** 60n]);
    expect(sign(world.signers[0] as (typeof world.signers)[number], message, world.registration, TOY)).to.equal(
      undefined,
    );
  });
});

describe("verifying proofs", () => {
  const world = community([10n, 20n, 30n, 40n, 50n]);
  const key = world.registration.aggregateKey;
  const proof = aggregate(signatures(world, message, TOY), message, world.registration, TOY, "gas");
  const claim: Claim = { proof, message, key, parameters: TOY };

  it("stm/mutations-refused: any one byte, index, stake, leaf or number changed", () => {
    expect(codeFor(claim)).to.equal("none");
    type Entry = ConcatenationProof["signatures"][number];
    const flip = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, i) => (i === (bit >> 3) % bytes.length ? byte ^ (1 << (bit & 7)) : byte));
    const change = (at: number, next: (entry: Entry) => Entry): Claim => ({
      ...claim,
      proof: {
        ...proof,
        signatures: proof.signatures.map((each, i) => (i === at % proof.signatures.length ? next(each) : each)),
      },
    });
    const mutations: ((at: number, n: number) => Claim)[] = [
      (_at, n) => ({ ...claim, message: flip(message, n) }),
      (_at, n) => ({ ...claim, key: { ...key, root: flip(key.root, n) } }),
      (_at, n) => ({ ...claim, key: { ...key, totalStake: key.totalStake + 1_000n * BigInt(n + 1) } }),
      (at, n) =>
        change(at, (each) => ({ ...each, party: { ...each.party, stake: each.party.stake + BigInt(n % 10) + 1n } })),
      (at, n) =>
        change(at, (each) => ({ ...each, signature: { ...each.signature, sigma: flip(each.signature.sigma, n) } })),
      (at) =>
        change(at, (each) => ({ ...each, signature: { ...each.signature, indexes: each.signature.indexes.slice(1) } })),
      (at, n) =>
        change(at, (each) => ({
          ...each,
          signature: {
            ...each.signature,
            indexes: [...each.signature.indexes, each.signature.indexes[n % each.signature.indexes.length] as number],
          },
        })),
      (at) =>
        change(at, (each) => ({ ...each, signature: { ...each.signature, indexes: [...each.signature.indexes, 40] } })),
      (at) =>
        change(at, (each) => ({ ...each, signature: { ...each.signature, indexes: [...each.signature.indexes, -1] } })),
      (at) =>
        change(at, (each) => ({
          ...each,
          signature: { ...each.signature, signerIndex: each.signature.signerIndex + 1 },
        })),
      (at) =>
        change(at, (each) => ({
          ...each,
          party: { ...each.party, verificationKey: keyOf("other").verificationKey() },
        })),
      (at) => change(at, (each) => ({ ...each, party: { ...each.party, stake: 0n } })),
      (_at, n) => ({
        ...claim,
        proof: { ...proof, path: { ...proof.path, values: [...proof.path.values, flip(key.root, n)] } },
      }),
      () => ({ ...claim, proof: { ...proof, signatures: [...proof.signatures].reverse() } }),
      () => ({ ...claim, parameters: { ...TOY, phiF: 0.2 } }),
      () => ({ ...claim, proof: { ...proof, signatures: [] } }),
    ];
    const check = fc.property(fc.constantFrom(...mutations), fc.nat(9), fc.nat(400), (mutate, at, n) => {
      expect(codeFor(mutate(at, n))).to.not.equal("none");
    });
    fc.assert(check, { numRuns: 200 });
  });

  it("stm/compensating-pair: σ1 + D with σ2 − D and the indices that they win is refused", () => {
    const signed = messageWithRoot(message, key);
    for (let d = 1n; ; d++) {
      const used = new Set<number>();
      const pair = [3, 4].map((at, i) => {
        const party = world.registration.parties[at] as (typeof world.registration.parties)[number];
        const own = signaturePoint((world.signers[at] as (typeof world.signers)[number]).sign(signed));
        const sigma = compress(add(own, multiply(G1_GENERATOR, scalar(i === 0 ? d : -d))));
        const indexes = wonIndexes(signed, sigma, party.stake, key.totalStake, TOY).filter((index) => !used.has(index));
        indexes.forEach((index) => used.add(index));
        return { signature: { sigma, indexes, signerIndex: at }, party };
      });
      if (used.size < Number(TOY.k)) continue;
      const forged = { signatures: pair, path: world.registration.tree.prove([3, 4]) };
      expect(codeFor({ ...claim, proof: forged })).to.equal("stm/bad-signature");
      return;
    }
  });

  it("stm/batch-names-the-bad: many proofs pass together, and one bad one is named", () => {
    const others = ["b", "c"].map((label) => {
      const each = community([5n, 6n, 7n], label);
      const own = aggregate(signatures(each, message, TOY), message, each.registration, TOY);
      return { proof: own, message, key: each.registration.aggregateKey, parameters: TOY };
    });
    verifyProofs([], randomBytes);
    verifyProofs([claim, ...others], randomBytes);
    const [first] = others as [Claim];
    const signed = messageWithRoot(message, first.key);
    const entries = first.proof.signatures.map((entry, i) => {
      if (i > 0) return entry;
      const sigma = keyOf("intruder").sign(signed);
      return { ...entry, signature: { ...entry.signature, sigma, indexes: [] } };
    });
    const bad = { ...first, proof: { ...first.proof, signatures: entries }, parameters: { ...TOY, k: 1n } };
    try {
      verifyProofs([claim, bad, ...others], randomBytes);
      expect.fail("a batch with a forged signature passed");
    } catch (error) {
      expect((error as StmError).code).to.equal("stm/bad-signature");
      expect((error as StmError).details.position).to.equal(1);
    }
  });

  it("stm/batch-weighs-each: faults of two proofs that cancel out are refused", () => {
    const parameters = { k: 5n, m: 20n, phiF: 0.8 };
    const alone = ["x", "y"].map((label) => community([9n], label));
    const shifted = (d: bigint): Claim[] =>
      alone.map(({ registration, signers }, i) => {
        const party = registration.parties[0] as (typeof registration.parties)[number];
        const signed = messageWithRoot(message, registration.aggregateKey);
        const own = signaturePoint((signers[0] as (typeof signers)[number]).sign(signed));
        const sigma = compress(add(own, multiply(G1_GENERATOR, scalar(i === 0 ? d : -d))));
        const indexes = wonIndexes(signed, sigma, party.stake, registration.totalStake, parameters);
        const signatures = [{ signature: { sigma, indexes, signerIndex: 0 }, party }];
        const path = registration.tree.prove([0]);
        return { proof: { signatures, path }, message, key: registration.aggregateKey, parameters };
      });
    verifyProofs(shifted(0n), randomBytes);
    expect(codeOf(() => verifyProofs(shifted(1n), randomBytes))).to.equal("stm/bad-signature");
  });

  it("stm/changed-array-is-read-again: a signature's remembered point follows its bytes", () => {
    const sigma = keyOf(0).sign(message);
    const before = signaturePoint(sigma);
    sigma.set(keyOf(1).sign(message));
    expect(signaturePoint(sigma).isEqual(before)).to.equal(false);
  });
});
