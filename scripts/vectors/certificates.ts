// Writes test/vectors/certificates.json: what contracts and TypeScript must agree on about our certificates. The values are
// made here with OpenZeppelin's tree, node:crypto and plain strings, apart from src/certificates and from the contracts,
// which are all held against them. Run by `tsx scripts/vectors/certificates.ts`; the result never changes unless the format
// does.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, id, keccak256 } from "ethers";

const sha256 = (...chunks: readonly (string | Buffer)[]): string =>
  chunks.reduce((hash, chunk) => hash.update(chunk), createHash("sha256")).digest("hex");
const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};
const digits = (hex: string): string => hex.slice(2).toLowerCase();

/** The passport registry that entries name. */
const passportRegistry = { chainId: 31_337n, address: "0x5AFE000000000000000000000000000000005678" };

/** scorerId, root, issuedAt, rulesHash, count. */
const ISSUED = 1_800_000_000n;
const entriesOf = (count: number): [bigint, string, bigint, string, bigint][] =>
  Array.from({ length: count }, (_, i) => [
    i === 4 ? 2n ** 256n - 1n : BigInt(i * i + 1),
    id(`root ${i}`),
    i === 4 ? 2n ** 64n - 1n : ISSUED - BigInt(i),
    id(`rules ${i}`),
    i === 4 ? 2n ** 64n - 1n : BigInt(i),
  ]);

function scoresRoot(entries: [bigint, string, bigint, string, bigint][]) {
  const types = ["uint256", "address", "uint256", "bytes32", "uint64", "bytes32", "uint64"];
  const { chainId, address } = passportRegistry;
  const named = entries.map((entry) => [chainId, address, ...entry]);
  const tree = StandardMerkleTree.of(named, types);
  return {
    root: tree.root,
    entries: entries.map((entry, i) => {
      const [scorerId, root, issuedAt, rulesHash, entryCount] = entry;
      return {
        scorerId,
        root,
        issuedAt,
        rulesHash,
        count: entryCount,
        leaf: tree.leafHash(named[i]!),
        proof: tree.getProof(i),
      };
    }),
  };
}

/** A root that the registry can anchor: its first entry's rules hash opens to these. */
const rules = { threshold: 200_000, definition: id("a scorer's rules") };
const rulesHash = keccak256(
  AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32"], [rules.threshold, rules.definition]),
);
const [first, ...others] = entriesOf(3);
const { root: anchoredRoot, entries: anchoredEntries } = scoresRoot([
  [1n, first![1], ISSUED, rulesHash, 5n],
  ...others,
]);

/** k, m, phi_f in 24 fraction bits. */
const parametersHash = (k: bigint, m: bigint, phi: number): string => {
  const fixed = Buffer.alloc(4);
  fixed.writeUInt32BE(phi);
  return sha256(u64(k), u64(m), fixed);
};
const key = { root: id("a registration"), leaves: 300, totalStake: 2n ** 64n - 1n };
const next = Buffer.concat([u64(BigInt(key.leaves)), Buffer.from(digits(key.root), "hex"), u64(key.totalStake)]);
const registry = { chainId: 31_337n, address: "0x5AFE000000000000000000000000000000001234" };
const parameters = { k: 619n, m: 4994n, phiF: 0.2, fixedPhi: 0x333333 };

function message(epoch: bigint, scores: boolean, blocked: boolean) {
  const zero = `0x${"0".repeat(64)}`;
  const values = {
    scoresRoot: scores ? id(`scores ${epoch}`) : zero,
    snapshotDigest: scores ? id(`digest ${epoch}`) : zero,
    snapshotBlock: scores ? epoch * 1000n : 0n,
    stakeDistributionRoot: id(`stakes ${epoch}`),
  };
  const parts: Record<string, string> = {
    ...(scores
      ? {
          scores_root: digits(values.scoresRoot),
          snapshot_digest: digits(values.snapshotDigest),
          snapshot_block: values.snapshotBlock.toString(16).padStart(16, "0"),
        }
      : {}),
    stake_distribution_root: digits(values.stakeDistributionRoot),
    next_aggregate_verification_key: blocked ? "0".repeat(96) : next.toString("hex"),
    next_protocol_parameters: parametersHash(parameters.k, parameters.m, parameters.fixedPhi),
    current_epoch: epoch.toString(16).padStart(16, "0"),
    registry: registry.chainId.toString(16).padStart(16, "0") + digits(registry.address),
  };
  return { epoch, blocked, ...values, parts, hash: sha256(Object.entries(parts).flat().join("")) };
}

const vectors = {
  format: "touchstone-certificate-vectors-v2",
  source: "scripts/vectors/certificates.ts",
  passportRegistry,
  scoresRoots: [1, 2, 5, 8].map((count) => scoresRoot(entriesOf(count))),
  anchored: { ...rules, root: anchoredRoot, entry: anchoredEntries[0] },
  key,
  registry,
  parameters: { ...parameters, hash: `0x${parametersHash(parameters.k, parameters.m, parameters.fixedPhi)}` },
  messages: [message(12n, true, false), message(13n, false, false), message(14n, false, true)],
};
const replacer = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
writeFileSync("test/vectors/certificates.json", `${JSON.stringify(vectors, replacer, 2)}\n`);
