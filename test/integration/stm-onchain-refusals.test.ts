import { readFileSync } from "node:fs";

import { expect } from "chai";
import { network } from "hardhat";

import { encodeProof } from "../../src/chain/stm-calldata.js";
import { aggregate } from "../../src/stm/aggregate.js";
import { messageWithRoot } from "../../src/stm/aggregate-key.js";
import { blake2b256 } from "../../src/stm/blake2b.js";
import { concat, u64be, utf8 } from "../../src/stm/bytes.js";
import {
  add,
  affineG1,
  affineG2,
  compress,
  FIELD_PRIME,
  G1_GENERATOR,
  G2_GENERATOR,
  multiply,
  NEGATIVE_G2,
  pairingsAreOne,
  scalar,
} from "../../src/stm/curve/group.js";
import { hashToG1 } from "../../src/stm/curve/hash-to-curve.js";
import { VerificationKey } from "../../src/stm/keys.js";
import type { StmParameters } from "../../src/stm/parameters.js";
import { closeRegistration } from "../../src/stm/registration.js";
import { wonIndexes } from "../../src/stm/sign.js";
import { signaturePoint } from "../../src/stm/signature-point.js";
import { MerkleTree } from "../../src/stm/tree.js";
import {
  compressRaw,
  coordinates,
  encodeRaw,
  libraryVerdict,
  type RawProof,
  type RawSigner,
  type Statement,
  toRaw,
  VerifierOnChain,
} from "../support/stm/onchain.js";
import { keyNamed, registered, signedByAll } from "../support/stm/parties.js";

interface PrecompileCase {
  readonly name: string;
  readonly input: string;
}

const PARAMETERS: StmParameters = { k: 12n, m: 40n, phiF: 0.8 };
const MESSAGE = utf8("5a".repeat(32));
const world = registered([300n, 400n, 500n, 600n, 700n], "refusals");
const { registration } = world;
const proof = aggregate(signedByAll(world, MESSAGE, PARAMETERS), MESSAGE, registration, PARAMETERS);
const statement: Statement = { message: MESSAGE, key: registration.aggregateKey, parameters: PARAMETERS };
const raw = toRaw(proof);
const signed = messageWithRoot(MESSAGE, registration.aggregateKey);
const vectors = (
  JSON.parse(readFileSync("test/vectors/bls12381.json", "utf8")) as { precompiles: readonly PrecompileCase[] }
).precompiles;
const vector = (name: string) => {
  const found = vectors.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return coordinates(found.input);
};

const withSigner = (at: number, change: (signer: RawSigner) => RawSigner, from: RawProof = raw): RawProof => ({
  ...from,
  signers: from.signers.map((signer, i) => (i === at ? change(signer) : signer)),
});
/** Another signature, with the indices that it wins: nothing but the signature itself is wrong. */
const withSigma = (at: number, sigma: readonly [bigint, bigint], from: RawProof = raw): RawProof => {
  const taken = new Set(from.signers.flatMap(({ indexes }, i) => (i === at ? [] : indexes)));
  const bytes = compressRaw([sigma[0]], [sigma[1]]);
  return withSigner(
    at,
    (signer) => ({
      ...signer,
      sigma,
      indexes: wonIndexes(signed, bytes, signer.stake, registration.totalStake, PARAMETERS).filter(
        (index) => !taken.has(index),
      ),
    }),
    from,
  );
};
const loose = (claim: Statement): Statement => ({ ...claim, parameters: { ...claim.parameters, k: 1n } });

/** A proof by one signer whose key is registered as it is, sound or not. */
function loneSigner(sigma: readonly [bigint, bigint], key: RawSigner["key"]): [RawProof, Statement] {
  const [x0, x1, y0, y1] = key;
  const stake = 7n;
  const leaf = blake2b256(concat(compressRaw([x1, x0], [y1, y0]), u64be(stake)));
  const aggregateKey = { root: new MerkleTree([leaf]).root, leaves: 1, totalStake: stake };
  const bytes = compressRaw([sigma[0]], [sigma[1]]);
  const indexes = wonIndexes(messageWithRoot(MESSAGE, aggregateKey), bytes, stake, stake, PARAMETERS);
  return [
    { signers: [{ sigma, key, stake, indexes, leaf: 0 }], values: [] },
    { ...statement, key: aggregateKey },
  ];
}

/** Every fault that certification.md names, given to the contract and to the library: both refuse it. */
describe("what the verifier refuses on-chain", function () {
  this.timeout(120_000);
  let verifier: VerifierOnChain;

  before(async function () {
    verifier = await VerifierOnChain.deploy((await network.create()).ethers);
  });

  async function refuses(calldata: Uint8Array | RawProof, error: string | RegExp, code: string, claim = statement) {
    const bytes = calldata instanceof Uint8Array ? calldata : encodeRaw(calldata);
    const verdict = await verifier.verdict(bytes, claim);
    if (typeof error === "string") expect(verdict).to.equal(error);
    else expect(verdict).to.match(error);
    expect(libraryVerdict(bytes, claim)).to.equal(code);
  }

  it("accepts the proof that is altered below", async function () {
    expect(raw.signers.length).to.be.greaterThan(1);
    expect(raw.values.length).to.be.greaterThan(0);
    expect(encodeRaw(raw)).to.deep.equal(encodeProof(proof));
    expect(await verifier.verdict(encodeProof(proof), statement)).to.equal(undefined);
    expect(libraryVerdict(encodeProof(proof), statement)).to.equal(undefined);
  });

  it("stm-chain/statement-is-bound", async function () {
    const bytes = encodeProof(proof);
    const count = raw.signers.reduce((sum, { indexes }) => sum + indexes.length, 0);
    const { key, parameters } = statement;
    const [first] = raw.signers;
    await refuses(bytes, `StmNotEnoughIndices(${count}, ${count + 1})`, "stm/not-enough-signatures", {
      ...statement,
      parameters: { ...parameters, k: BigInt(count + 1), m: 41n },
    });
    await refuses(bytes, /^StmIndexLost/, "stm/lottery-lost", { ...statement, message: utf8("5b".repeat(32)) });
    await refuses(bytes, /^StmIndexLost/, "stm/lottery-lost", {
      ...statement,
      parameters: { ...parameters, phiF: 0.05 },
    });
    await refuses(bytes, /^StmIndexLost/, "stm/lottery-lost", {
      ...statement,
      key: { ...key, totalStake: key.totalStake * 100n },
    });
    await refuses(bytes, /^StmIndexLost/, "stm/lottery-lost", {
      ...statement,
      key: { ...key, root: key.root.map((byte, i) => (i === 31 ? byte ^ 1 : byte)) },
    });
    await refuses(bytes, /^StmStakeOutOfRange/, "stm/bad-stake", {
      ...statement,
      key: { ...key, totalStake: (first?.stake ?? 0n) - 1n },
    });
    await refuses(bytes, /^StmLeafOutOfOrder/, "stm/bad-path", { ...statement, key: { ...key, leaves: 2 } });
  });

  it("stm-chain/indices-are-in-range-won-and-distinct", async function () {
    const highest = (index: number) => (signer: RawSigner) => ({
      ...signer,
      indexes: [...signer.indexes.slice(0, -1), index],
    });
    for (const index of [40, 41, 255, 256, 65_535]) {
      await refuses(withSigner(0, highest(index)), `StmIndexOutOfRange(0, ${index})`, "stm/index-out-of-range");
    }
    await refuses(
      withSigner(1, ({ indexes, ...signer }) => ({ ...signer, indexes: [...indexes, indexes[0] ?? 0] })),
      "StmIndexRepeated(1)",
      "stm/duplicate-index",
    );
    // The other signer's index: repeated, and when that one lets go of it, not won.
    const [a, b] = raw.signers as [RawSigner, RawSigner];
    const other = a.indexes[0] as number;
    const wonByB = wonIndexes(
      signed,
      compressRaw([b.sigma[0]], [b.sigma[1]]),
      b.stake,
      registration.totalStake,
      PARAMETERS,
    );
    const lost = Array.from({ length: 40 }, (_, i) => i).find((index) => !wonByB.includes(index)) as number;
    const both = wonByB.includes(other) ? "StmIndexRepeated(1)" : /^Stm(IndexLost|IndexRepeated)\(1/;
    await refuses(
      withSigner(1, (signer) => ({ ...signer, indexes: [other] })),
      both,
      wonByB.includes(other) ? "stm/duplicate-index" : "stm/lottery-lost",
    );
    const free = raw.signers.map((signer) => ({
      ...signer,
      indexes: signer.indexes.filter((index) => index !== lost),
    }));
    await refuses(
      withSigner(1, (signer) => ({ ...signer, indexes: [lost, ...signer.indexes] }), { ...raw, signers: free }),
      `StmIndexLost(1, ${lost})`,
      "stm/lottery-lost",
    );
  });

  it("stm-chain/index-order-does-not-matter", async function () {
    const bytes = encodeRaw(withSigner(0, (signer) => ({ ...signer, indexes: [...signer.indexes].reverse() })));
    expect(await verifier.verdict(bytes, statement)).to.equal(undefined);
    expect(libraryVerdict(bytes, statement)).to.equal(undefined);
  });

  it("stm-chain/leaves-ascend-and-lead-to-the-root", async function () {
    const { signers, values } = raw;
    const [a, b] = signers as [RawSigner, RawSigner];
    await refuses({ signers: [b, a, ...signers.slice(2)], values }, /^StmLeafOutOfOrder\(1/, "stm/bad-path");
    await refuses(
      { signers: [a, { ...a, indexes: [] }, ...signers.slice(1)], values },
      `StmLeafOutOfOrder(1, ${a.leaf})`,
      "stm/bad-path",
    );
    const last = signers.length - 1;
    await refuses(
      withSigner(last, (signer) => ({ ...signer, leaf: 5 })),
      `StmLeafOutOfOrder(${last}, 5)`,
      "stm/bad-path",
    );
    await refuses(
      withSigner(0, (signer) => ({ ...signer, stake: signer.stake + 1n })),
      /^StmRootMismatch/,
      "stm/bad-path",
    );
    await refuses(
      { signers, values: values.map((value) => value.map((byte, i) => (i === 7 ? byte ^ 16 : byte))) },
      /^StmRootMismatch/,
      "stm/bad-path",
    );
    for (const stake of [0n, registration.totalStake + 1n, 2n ** 64n - 1n]) {
      const verdict = await verifier.verdict(encodeRaw(withSigner(0, (signer) => ({ ...signer, stake }))), statement);
      expect(verdict).to.equal(`StmStakeOutOfRange(0, ${stake})`);
      expect(libraryVerdict(encodeRaw(withSigner(0, (signer) => ({ ...signer, stake }))), statement)).to.equal(
        "stm/bad-stake",
      );
    }
    const bytes = encodeProof(proof);
    await refuses(bytes, /^StmLeafOutOfOrder\(0/, "stm/bad-aggregate-key", {
      ...statement,
      key: { ...statement.key, leaves: 0 },
    });
  });

  it("stm-chain/length-is-exact", async function () {
    const bytes = encodeProof(proof);
    const needed = bytes.length - 32 * raw.values.length;
    await refuses(new Uint8Array(0), "StmProofTooShort(0, 2)", "stm/malformed");
    await refuses(bytes.slice(0, 1), "StmProofTooShort(1, 2)", "stm/malformed");
    await refuses(concat(Uint8Array.of(0, 0), bytes.slice(2)), "StmNoSigner()", "stm/malformed");
    await refuses(Uint8Array.of(0, 0), "StmNoSigner()", "stm/not-enough-signatures");
    await refuses(bytes.slice(0, 303), /^StmProofTooShort\(303, /, "stm/malformed");
    await refuses(bytes.slice(0, needed - 1), /^StmProofTooShort/, "stm/malformed");
    await refuses(bytes.slice(0, -1), /^StmPathLength/, "stm/malformed");
    await refuses(bytes.slice(0, -32), /^StmPathLength/, "stm/bad-path");
    await refuses(concat(bytes, Uint8Array.of(0)), /^StmPathLength/, "stm/malformed");
    await refuses(concat(bytes, new Uint8Array(32)), /^StmPathLength/, "stm/bad-path");
  });

  it("stm-chain/parameters-are-checked", async function () {
    const bytes = encodeProof(proof);
    const bad = [
      { k: 0n, m: 40n, phiF: 0.8 },
      { k: 41n, m: 40n, phiF: 0.8 },
    ];
    for (const parameters of bad) {
      await refuses(bytes, /^StmParametersInvalid/, "stm/bad-parameters", { ...statement, parameters });
    }
    // What the library allows and the contract does not: more indices than u16, phi_f above 0.95.
    for (const parameters of [
      { k: 12n, m: 65_536n, phiF: 0.8 },
      { k: 12n, m: 40n, phiF: 0.951 },
    ]) {
      expect(await verifier.verdict(bytes, { ...statement, parameters })).to.match(/^StmParametersInvalid/);
    }
  });

  it("stm-chain/signatures-are-valid-one-by-one", async function () {
    const [first, second] = proof.signatures.map(({ signature }) => signaturePoint(signature.sigma)) as [
      ReturnType<typeof signaturePoint>,
      ReturnType<typeof signaturePoint>,
    ];
    const offset = multiply(G1_GENERATOR, scalar(123_456_789n));
    const minus = multiply(G1_GENERATOR, scalar(-123_456_789n));
    const pointOf = (point: typeof first): [bigint, bigint] => {
      const { x, y } = affineG1(point);
      return [x, y];
    };
    // Two that are off by opposite points, each with the indices it wins: their plain sum is right.
    const pair = withSigma(1, pointOf(add(second, minus)), withSigma(0, pointOf(add(first, offset))));
    await refuses(pair, "StmSignatureInvalid()", "stm/bad-signature", loose(statement));
    // Swapped, and forged.
    const swapped = withSigma(1, pointOf(first), withSigma(0, pointOf(second)));
    await refuses(swapped, "StmSignatureInvalid()", "stm/bad-signature", loose(statement));
    await refuses(withSigma(0, pointOf(G1_GENERATOR)), "StmSignatureInvalid()", "stm/bad-signature", loose(statement));
    // By a single signer.
    const lone = keyNamed("refusals lone").verificationKey();
    const { x, y } = affineG2(lone.point);
    const [forged, claim] = loneSigner(pointOf(first), [...x, ...y]);
    await refuses(forged, "StmSignatureInvalid()", "stm/bad-signature", loose(claim));
  });

  it("stm-chain/unregistered-key-is-refused", async function () {
    const outsider = keyNamed("refusals outsider");
    const sigma = affineG1(signaturePoint(outsider.sign(signed)));
    const { x, y } = affineG2(outsider.verificationKey().point);
    const proofOf = withSigner(0, (signer) => ({ ...signer, key: [...x, ...y] }), withSigma(0, [sigma.x, sigma.y]));
    await refuses(proofOf, /^StmRootMismatch/, "stm/bad-path", loose(statement));
  });

  it("stm-chain/rogue-key-gains-nothing", async function () {
    // The rogue key a·g2 − vk, registered beside vk: the sum of both keys is a·g2, whose owner can sign. Any point X stands
    // for the victim's signature, a·H − X for the rogue's.
    const victim = keyNamed("refusals victim").verificationKey();
    const a = scalar(987_654_321n);
    const rogue = VerificationKey.ofPoint(add(multiply(G2_GENERATOR, a), multiply(victim.point, scalar(-1n))));
    const { parties, aggregateKey, totalStake } = closeRegistration([
      { verificationKey: victim, stake: 50n },
      { verificationKey: rogue, stake: 50n },
    ]);
    const text = messageWithRoot(MESSAGE, aggregateKey);
    const x = keyNamed("refusals anything").sign(text);
    const both = multiply(hashToG1(text), a);
    const rest = compress(add(both, multiply(signaturePoint(x), scalar(-1n))));
    const taken = new Set<number>();
    const offered = parties.map((party, leaf) => {
      const sigma = party.verificationKey.equals(rogue) ? rest : x;
      const indexes = wonIndexes(text, sigma, 50n, totalStake, PARAMETERS).filter((index) => !taken.has(index));
      indexes.forEach((index) => taken.add(index));
      return { signature: { sigma, indexes, signerIndex: leaf }, party };
    });
    const sum = add(signaturePoint(offered[0]!.signature.sigma), signaturePoint(offered[1]!.signature.sigma));
    expect(
      pairingsAreOne([
        [sum, NEGATIVE_G2],
        [hashToG1(text), multiply(G2_GENERATOR, a)],
      ]),
    ).to.equal(true);
    const forged = encodeProof({ signatures: offered, path: { values: [], indices: [0, 1] } });
    await refuses(forged, "StmSignatureInvalid()", "stm/bad-signature", { ...statement, key: aggregateKey });
  });

  it("stm-chain/points-are-of-the-group", async function () {
    const [gx, gy] = vector("bls_g1msm_g1_not_in_correct_subgroup") as [bigint, bigint];
    const [cx, cy] = vector("bls_g1msm_point_not_on_curve") as [bigint, bigint];
    const [{ sigma, key }] = raw.signers as [RawSigner];
    const refused = (precompile: number) => `Bls12381InputRefused(${precompile})`;
    const single = (points: readonly [bigint, bigint]) => loneSigner(points, key);
    for (const [point, what] of [
      [[gx, gy], "outside the subgroup"],
      [[cx, cy], "off the curve"],
      [[sigma[0] + FIELD_PRIME, sigma[1]], "x beyond the prime"],
      [[sigma[0], sigma[1] + FIELD_PRIME], "y beyond the prime"],
      [[sigma[0], FIELD_PRIME - sigma[1] + 1n], "another y"],
    ] as const) {
      const among = encodeRaw(withSigma(0, point));
      expect(await verifier.verdict(among, loose(statement)), `${what}, of several`).to.equal(refused(0x0c));
      expect(libraryVerdict(among, loose(statement)), what).to.be.oneOf(["stm/bad-point", "stm/malformed"]);
      const [alone, claim] = single(point);
      expect(await verifier.verdict(encodeRaw(alone), loose(claim)), `${what}, alone`).to.equal(refused(0x0f));
      expect(libraryVerdict(encodeRaw(alone), loose(claim)), what).to.be.oneOf(["stm/bad-point", "stm/malformed"]);
    }
    const twist = vector("bls_pairing_g2_not_in_correct_subgroup") as [bigint, bigint, bigint, bigint];
    for (const bad of [
      twist.slice(0, 4) as [bigint, bigint, bigint, bigint],
      [key[0], key[1], key[2], key[3] + FIELD_PRIME],
      [key[0] + FIELD_PRIME, key[1], key[2], key[3]],
      [key[1], key[0], key[3], key[2]],
    ] as const) {
      const [alone, claim] = loneSigner(sigma, bad);
      expect(await verifier.verdict(encodeRaw(alone), loose(claim))).to.equal(refused(0x0f));
      expect(libraryVerdict(encodeRaw(alone), loose(claim))).to.be.oneOf(["stm/bad-point", "stm/malformed"]);
    }
  });

  it("stm-chain/infinity-is-refused", async function () {
    const [{ sigma, key }] = raw.signers as [RawSigner];
    const zero = [0n, 0n] as const;
    const code = "stm/bad-point";
    await refuses(
      withSigner(0, (signer) => ({ ...signer, sigma: zero })),
      "StmPointAtInfinity(0)",
      code,
    );
    await refuses(
      withSigner(1, (signer) => ({ ...signer, key: [0n, 0n, 0n, 0n] })),
      "StmPointAtInfinity(1)",
      code,
    );
    // A point of order three.
    await refuses(
      withSigner(0, (signer) => ({ ...signer, sigma: [0n, 2n] })),
      "StmPointAtInfinity(0)",
      code,
    );
    const [alone, claim] = loneSigner(zero, key);
    await refuses(alone, "StmPointAtInfinity(0)", code, loose(claim));
    const [nobody, itsClaim] = loneSigner(sigma, [0n, 0n, 0n, 0n]);
    await refuses(nobody, "StmPointAtInfinity(0)", code, loose(itsClaim));
  });
});
