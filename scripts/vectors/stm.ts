// Writes test/vectors/stm.json: what TypeScript and Solidity must agree on about the multisignature. Made by src/stm, frozen
// here; the tests hold it against a second curve library and against the contract. Run by `npm run vectors:stm`; the result
// never changes unless the scheme does. Bytes and coordinates are 0x-hex, large numbers decimal strings.
import { writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

import { aggregate } from "../../src/stm/aggregate.js";
import { type AggregateKey, messageWithRoot } from "../../src/stm/aggregate-key.js";
import { BINDING_TAG, bindingMessage, bindingWeights, signBinding } from "../../src/stm/binding.js";
import { bigEndian, concat, toHex, utf8 } from "../../src/stm/bytes.js";
import {
  add,
  affineG1,
  affineG2,
  compress,
  FIELD_PRIME,
  G1_GENERATOR,
  multiply,
  scalar,
} from "../../src/stm/curve/group.js";
import { hashToG1 } from "../../src/stm/curve/hash-to-curve.js";
import { StmError } from "../../src/stm/errors.js";
import { SigningKey } from "../../src/stm/keys.js";
import { draw, Lottery, lotteryThreshold } from "../../src/stm/lottery.js";
import { c120, type StmParameters } from "../../src/stm/parameters.js";
import type { ConcatenationProof } from "../../src/stm/proof.js";
import { closeRegistration, leafHash, type Party, type Registration } from "../../src/stm/registration.js";
import { sign, wonIndexes } from "../../src/stm/sign.js";
import { signaturePoint } from "../../src/stm/signature-point.js";
import { MerkleTree } from "../../src/stm/tree.js";
import { verifyProof } from "../../src/stm/verify.js";
import { keccak } from "../../src/shared/keccak.js";

const hex = (bytes: Uint8Array): string => `0x${toHex(bytes)}`;
const field = (value: bigint): string => hex(bigEndian(value, 48));
const key = (label: string): SigningKey => SigningKey.fromKeyMaterial(keccak(`touchstone stm vectors ${label}`));

const keys = ["first", "second", "third"].map((label) => {
  const material = keccak(`touchstone stm vectors ${label}`);
  const signer = SigningKey.fromKeyMaterial(material);
  const verificationKey = signer.verificationKey();
  const { x, y } = affineG2(verificationKey.point);
  const proof = signer.prove();
  return {
    material: hex(material),
    signingKey: hex(signer.toBytes()),
    verificationKey: hex(verificationKey.bytes),
    affine: [...x, ...y].map(field),
    proofOfPossession: hex(proof.bytes),
    k1: pointOf(proof.k1),
    k2: pointOf(proof.k2),
    message: hex(utf8(label)),
    signature: hex(signer.sign(utf8(label))),
  };
});

function pointOf(point: Parameters<typeof affineG1>[0]): string[] {
  const { x, y } = affineG1(point);
  return [field(x), field(y)];
}

const hashes = [
  ["PoP", ""],
  ["", ""],
  ["a message", ""],
  ["a message", BINDING_TAG],
  ["x".repeat(300), BINDING_TAG],
].map(([message = "", tag = ""]) => ({
  message: hex(utf8(message)),
  tag,
  compressed: hex(compress(hashToG1(utf8(message), tag))),
  affine: pointOf(hashToG1(utf8(message), tag)),
}));

const bindings = ["first", "second"].map((label, i) => {
  const signer = key(label);
  const context = {
    chainId: BigInt(31337 - i),
    registry: "0x5afe000000000000000000000000000000001234",
    epoch: BigInt(7 + i),
    steward: `0x${toHex(keccak(label).subarray(12))}`,
  };
  const keyWithProof = { verificationKey: signer.verificationKey(), proof: signer.prove() };
  const binding = signBinding(signer, context);
  const { rho, tau } = bindingWeights(keyWithProof, binding, context);
  return {
    key: i,
    ...context,
    message: hex(bindingMessage(keyWithProof.verificationKey, context)),
    binding: hex(binding),
    affine: pointOf(signaturePoint(binding)),
    rho: hex(bigEndian(rho, 16)),
    tau: hex(bigEndian(tau, 16)),
  };
});

const leaves = keys.map(({ verificationKey }, i) => {
  const stake = [1n, 2n ** 53n + 1n, 2n ** 64n - 1n][i] as bigint;
  const party = { verificationKey: key(["first", "second", "third"][i] as string).verificationKey(), stake };
  return { verificationKey, stake, hash: hex(leafHash(party)) };
});

const trees = [
  { count: 1, indices: [0] },
  { count: 2, indices: [1] },
  { count: 3, indices: [0, 2] },
  { count: 5, indices: [4] },
  { count: 6, indices: [0, 1, 5] },
  { count: 9, indices: [0, 3, 8] },
  { count: 16, indices: [15] },
].map(({ count, indices }) => {
  const hashes = Array.from({ length: count }, (_item, i) => keccak(`touchstone stm vectors leaf ${i}`));
  const tree = new MerkleTree(hashes);
  return { leaves: hashes.map(hex), root: hex(tree.root), indices, values: tree.prove(indices).values.map(hex) };
});

const lotteries = [0.05, 0.2, 0.5, 0.65, 0.8, 0.95].flatMap((phiF) =>
  (
    [
      [0n, 1n],
      [1n, 2n ** 64n - 1n],
      [1n, 3n],
      [9_497_432_569n, 28_492_690_661n],
      [2n ** 63n, 2n ** 64n - 1n],
      [7n, 8n],
      [1n, 1n],
    ] as const
  ).map(([stake, totalStake], i) => {
    const threshold = lotteryThreshold(c120(phiF), stake, totalStake);
    const message = keccak(`touchstone stm vectors message ${i}`);
    const sigma = key(`sigma ${i}`).sign(message);
    const ev = draw(message, sigma, i * 1000);
    const wins = stake > 0n && new Lottery({ k: 1n, m: 1n, phiF }, stake, totalStake).wins(ev);
    return {
      phiF: String(phiF),
      c120: c120(phiF),
      stake,
      totalStake,
      threshold,
      message: hex(message),
      sigma: hex(sigma),
      index: i * 1000,
      ev: hex(ev),
      wins,
    };
  }),
);

/** Parties with keys by label and stakes spread over a factor of eleven. */
function community(label: string, size: number): { signers: SigningKey[]; registration: Registration } {
  const signers = Array.from({ length: size }, (_item, i) => key(`${label} ${i}`));
  const stakes = signers.map((_signer, i) => 1_000_000_000n + BigInt((i * 7919) % 10_000) * 1_000_000n);
  const parties = signers.map((signer, i) => ({
    verificationKey: signer.verificationKey(),
    stake: stakes[i] as bigint,
  }));
  return { signers, registration: closeRegistration(parties) };
}

interface Case {
  readonly name: string;
  readonly proof: ConcatenationProof;
  readonly message: Uint8Array;
  readonly aggregateKey: AggregateKey;
  readonly parameters: StmParameters;
}

function verdict({ proof, message, aggregateKey, parameters }: Case): string {
  try {
    verifyProof(proof, message, aggregateKey, parameters);
    return "valid";
  } catch (error) {
    if (error instanceof StmError) return error.code;
    throw error;
  }
}

const message = utf8(toHex(keccak("touchstone stm vectors certificate")));

function prove(name: string, size: number, parameters: StmParameters, mode: "native" | "gas"): Case {
  const { signers, registration } = community(name, size);
  const signatures = signers.flatMap((signer) => sign(signer, message, registration, parameters) ?? []);
  const proof = aggregate(signatures, message, registration, parameters, mode);
  return { name, proof, message, aggregateKey: registration.aggregateKey, parameters };
}

const TOY = { k: 12n, m: 24n, phiF: 0.8 };
const base = prove("of five", 5, TOY, "gas");
const { signers: toySigners, registration: toy } = community("of five", 5);
const alone = prove("one of one", 1, { k: 10n, m: 20n, phiF: 0.95 }, "native");

type Entry = ConcatenationProof["signatures"][number];
const entry = (at: number): Entry => base.proof.signatures[at] as Entry;
const replace = (at: number, next: (entry: Entry) => Entry): ConcatenationProof => ({
  ...base.proof,
  signatures: base.proof.signatures.map((each, i) => (i === at ? next(each) : each)),
});
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const withIndexes = (each: Entry, indexes: readonly number[]): Entry => ({
  ...each,
  signature: { ...each.signature, indexes },
});
const mutated = (name: string, change: Partial<Case>): Case => ({ ...base, name: `of five: ${name}`, ...change });

/** Signatures σ1 + D and σ2 − D with the indices that they win: their plain sum verifies, neither of them does. */
function compensatingPair(): Case {
  const signed = messageWithRoot(message, toy.aggregateKey);
  const parameters = { ...TOY, k: 8n };
  const [first, second] = [3, 4].map((at) => {
    const party = toy.parties[at] as Party;
    const signer = toySigners.find((each) => each.verificationKey().equals(party.verificationKey)) as SigningKey;
    return { party, at, sigma: signaturePoint(signer.sign(signed)) };
  }) as [
    { party: Party; at: number; sigma: typeof G1_GENERATOR },
    { party: Party; at: number; sigma: typeof G1_GENERATOR },
  ];
  for (let d = 1n; ; d++) {
    const used = new Set<number>();
    const signatures = [
      { ...first, sigma: compress(add(first.sigma, multiply(G1_GENERATOR, scalar(d)))) },
      { ...second, sigma: compress(add(second.sigma, multiply(G1_GENERATOR, scalar(-d)))) },
    ].map(({ party, at, sigma }) => {
      const indexes = wonIndexes(signed, sigma, party.stake, toy.totalStake, parameters).filter((i) => !used.has(i));
      indexes.forEach((index) => used.add(index));
      return { signature: { sigma, indexes, signerIndex: at }, party };
    });
    if (used.size < Number(parameters.k)) continue;
    return mutated("signatures that compensate each other", {
      proof: { signatures, path: toy.tree.prove([3, 4]) },
      parameters,
    });
  }
}

/** A signature by another key than the party's, with the indices that it wins. */
function forged(): Case {
  const signed = messageWithRoot(message, toy.aggregateKey);
  const sigma = key("forger").sign(signed);
  const taken = new Set(base.proof.signatures.slice(1).flatMap(({ signature }) => signature.indexes));
  const { party, signature } = entry(0);
  const indexes = wonIndexes(signed, sigma, party.stake, toy.totalStake, TOY).filter((index) => !taken.has(index));
  const proof = replace(0, (each) => ({ ...each, signature: { ...signature, sigma, indexes } }));
  const count = proof.signatures.reduce((sum, each) => sum + each.signature.indexes.length, 0);
  return mutated("a signature by another key", { proof, parameters: { ...TOY, k: BigInt(count) } });
}

/** A party that was never registered, with its own signature. */
function stranger(): Case {
  const signed = messageWithRoot(message, toy.aggregateKey);
  const outsider = key("outsider");
  const party = { verificationKey: outsider.verificationKey(), stake: entry(0).party.stake };
  const sigma = outsider.sign(signed);
  const taken = new Set(base.proof.signatures.slice(1).flatMap(({ signature }) => signature.indexes));
  const indexes = wonIndexes(signed, sigma, party.stake, toy.totalStake, TOY).filter((index) => !taken.has(index));
  const proof = replace(0, (each) => ({ party, signature: { ...each.signature, sigma, indexes } }));
  const count = proof.signatures.reduce((sum, each) => sum + each.signature.indexes.length, 0);
  return mutated("an unregistered key", { proof, parameters: { ...TOY, k: BigInt(count) } });
}

/** Two signers with all that they have won, one index of it twice. */
function shared(): Case {
  const all = toySigners
    .flatMap((signer) => sign(signer, message, toy, TOY) ?? [])
    .sort((a, b) => a.signerIndex - b.signerIndex)
    .map((signature) => ({ signature, party: toy.parties[signature.signerIndex] as Party }));
  for (const first of all) {
    for (const second of all.slice(all.indexOf(first) + 1)) {
      const own = new Set(first.signature.indexes);
      if (!second.signature.indexes.some((index) => own.has(index))) continue;
      const signatures = [first, second];
      const path = toy.tree.prove(signatures.map(({ signature }) => signature.signerIndex));
      return mutated("an index that both have won", { proof: { signatures, path }, parameters: { ...TOY, k: 1n } });
    }
  }
  throw new Error("choose other keys: no two have won the same index");
}

const { path } = base.proof;
const mutations: Case[] = [
  mutated("a larger quorum", { parameters: { ...TOY, k: TOY.k + 1n } }),
  mutated("one bit of the message", { message: flip(message, 5) }),
  mutated("one unit of stake more", {
    proof: replace(0, (each) => ({ ...each, party: { ...each.party, stake: each.party.stake + 1n } })),
  }),
  mutated("no stake", { proof: replace(0, (each) => ({ ...each, party: { ...each.party, stake: 0n } })) }),
  mutated("an index of another signer", {
    proof: replace(1, (each) =>
      withIndexes(each, [entry(0).signature.indexes[0] as number, ...each.signature.indexes.slice(1)]),
    ),
  }),
  mutated("an index twice", {
    proof: replace(1, (each) =>
      withIndexes(each, [...each.signature.indexes.slice(0, -1), each.signature.indexes[0] as number]),
    ),
  }),
  shared(),
  mutated("the index m", {
    proof: replace(1, (each) => withIndexes(each, [...each.signature.indexes.slice(0, -1), Number(TOY.m)])),
  }),
  mutated("one bit of the path", {
    proof: {
      ...base.proof,
      path: { ...path, values: path.values.map((value, i) => (i === 0 ? flip(value, 9) : value)) },
    },
  }),
  mutated("a path value left over", {
    proof: { ...base.proof, path: { ...path, values: [...path.values, keccak("left over")] } },
  }),
  mutated("a path value missing", { proof: { ...base.proof, path: { ...path, values: path.values.slice(0, -1) } } }),
  mutated("another root", { aggregateKey: { ...base.aggregateKey, root: flip(base.aggregateKey.root, 0) } }),
  mutated("twice the total stake", {
    aggregateKey: { ...base.aggregateKey, totalStake: 2n * base.aggregateKey.totalStake },
  }),
  mutated("more leaves", { aggregateKey: { ...base.aggregateKey, leaves: base.aggregateKey.leaves + 4 } }),
  mutated("swapped signatures", {
    proof: {
      ...base.proof,
      signatures: base.proof.signatures.map((each, i) => ({
        ...each,
        signature: { ...each.signature, sigma: entry(1 - i).signature.sigma },
      })),
    },
  }),
  mutated("a smaller phi_f", { parameters: { ...TOY, phiF: 0.5 } }),
  compensatingPair(),
  forged(),
  stranger(),
  { ...alone, name: "one of one: one bit of the message", message: flip(message, 0) },
];

const cases: Case[] = [
  alone,
  base,
  prove("of two", 2, { k: 70n, m: 105n, phiF: 0.95 }, "native"),
  prove("of twelve", 12, { k: 182n, m: 1365n, phiF: 0.2 }, "gas"),
  prove("of twelve, native order", 12, { k: 40n, m: 306n, phiF: 0.2 }, "native"),
  prove("of thirty", 30, { k: 619n, m: 4994n, phiF: 0.2 }, "gas"),
  ...mutations,
];

const proofs = cases.map((each) => ({
  name: each.name,
  verdict: verdict(each),
  parameters: {
    k: each.parameters.k,
    m: each.parameters.m,
    phiF: String(each.parameters.phiF),
    c120: c120(each.parameters.phiF),
  },
  aggregateKey: {
    root: hex(each.aggregateKey.root),
    leaves: each.aggregateKey.leaves,
    totalStake: each.aggregateKey.totalStake,
  },
  message: hex(each.message),
  signatures: each.proof.signatures.map(({ signature, party }) => {
    const { x, y } = affineG2(party.verificationKey.point);
    return {
      sigma: hex(signature.sigma),
      sigmaAffine: pointOf(signaturePoint(signature.sigma)),
      verificationKey: hex(party.verificationKey.bytes),
      verificationKeyAffine: [...x, ...y].map(field),
      stake: party.stake,
      signerIndex: signature.signerIndex,
      // Packed as the calldata packs them: two bytes each, most significant first.
      indexes: hex(concat(...signature.indexes.map((index) => bigEndian(BigInt(index), 2)))),
    };
  }),
  path: { indices: each.proof.path.indices, values: each.proof.path.values.map(hex) },
}));

/** Compressed encodings that nobody may accept. The x of `outside` is on the curve and not in the subgroup. */
const badPoints = [
  { group: 1, what: "infinity", bytes: `0xc0${"00".repeat(47)}` },
  { group: 1, what: "infinity with a sign", bytes: `0xe0${"00".repeat(47)}` },
  { group: 1, what: "not compressed", bytes: `0x17${toHex(compress(G1_GENERATOR)).slice(2)}` },
  { group: 1, what: "x not on the curve", bytes: `0x80${"00".repeat(46)}01` },
  { group: 1, what: "outside the subgroup", bytes: `0x80${"00".repeat(46)}04` },
  { group: 1, what: "x = p + 4", bytes: hex(bigEndian(FIELD_PRIME + 4n + (1n << 383n), 48)) },
  { group: 1, what: "too short", bytes: hex(compress(G1_GENERATOR).subarray(1)) },
  { group: 2, what: "infinity", bytes: `0xc0${"00".repeat(95)}` },
  { group: 2, what: "outside the subgroup", bytes: `0x80${"00".repeat(94)}02` },
  { group: 2, what: "c1 = p", bytes: hex(concat(bigEndian(FIELD_PRIME + (1n << 383n), 48), new Uint8Array(48))) },
  { group: 2, what: "too long", bytes: `${keys[0]?.verificationKey}00` },
];

const document = {
  format: "touchstone-stm-vectors-v1",
  source: "scripts/vectors/stm.ts",
  keys,
  hashes,
  bindings,
  leaves,
  trees,
  lotteries,
  badPoints,
  proofs,
};
const file = new URL("../../test/vectors/stm.json", import.meta.url).pathname;
const text = JSON.stringify(document, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
