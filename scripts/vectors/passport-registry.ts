// Writes test/vectors/passport-registry.json: what contract and TypeScript must agree on about anchors and scores. The
// values are made here with ethers' typed-data encoder and OpenZeppelin's tree, apart from src/passport/onchain and from
// the contract, which are both held against them. Run by `tsx scripts/vectors/passport-registry.ts`; the result never
// changes unless the format does.
import { writeFileSync } from "node:fs";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, getAddress, id, keccak256, TypedDataEncoder, Wallet } from "ethers";

const TYPES = {
  Anchor: [
    { name: "scorerId", type: "uint256" },
    { name: "number", type: "uint32" },
    { name: "root", type: "bytes32" },
    { name: "issuedAt", type: "uint64" },
    { name: "rulesHash", type: "bytes32" },
    { name: "count", type: "uint64" },
    { name: "uri", type: "string" },
    { name: "deadline", type: "uint256" },
  ],
};
const domain = {
  name: "PassportRegistry",
  version: "1",
  chainId: 1,
  verifyingContract: "0x5AFE000000000000000000000000000000001234",
};
const SCORER = 1n;
const ISSUED = 1_800_000_000n;
const operator = new Wallet(id("touchstone vectors operator"));
const account = (name: string) => getAddress(id(`touchstone vectors ${name}`).slice(0, 42));

const scores: [bigint, string, number, bigint][] = [
  [SCORER, account("human"), 250_000, ISSUED + 2_592_000n],
  [SCORER, account("sybil"), 41_000, ISSUED + 7_776_000n],
  [SCORER, account("dropped"), 0, 0n],
  [SCORER, account("dropped with an end"), 0, 2n ** 64n - 1n],
  [SCORER, account("most"), 2 ** 32 - 1, ISSUED + 1n],
];
const tree = StandardMerkleTree.of(scores, ["uint256", "address", "uint32", "uint64"]);
const leaves = scores.map(([scorerId, holder, score, expiresAt], index) => ({
  scorerId,
  account: holder,
  score,
  expiresAt,
  hash: tree.leafHash(scores[index]!),
  proof: tree.getProof(index),
}));

const rulesHash = (threshold: number, definition: string) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32"], [threshold, definition]));

const anchors = [
  { number: 1, threshold: 200_000, count: BigInt(scores.length), uri: "ipfs://touchstone-vectors" },
  { number: 2, threshold: 1, count: 0n, uri: "" },
  { number: 2 ** 32 - 1, threshold: 2 ** 32 - 1, count: 2n ** 64n - 1n, uri: "https://example.org/Ünïcode?a=1&b=2" },
].map(({ threshold, ...rest }, i) => {
  const anchor = { scorerId: i === 2 ? 2n ** 256n - 1n : SCORER, root: tree.root, issuedAt: ISSUED, ...rest };
  const definition = id(`rules ${i}`);
  const message = { ...anchor, rulesHash: rulesHash(threshold, definition), deadline: ISSUED + 3600n };
  const digest = TypedDataEncoder.hash(domain, TYPES, message);
  return { ...message, threshold, definition, digest, signature: operator.signingKey.sign(digest).serialized };
});

// An entry names the chain and the passport registry that its scorer's number belongs to.
const here = [BigInt(domain.chainId), domain.verifyingContract] as const;
const entries: [bigint, string, bigint, string, bigint, string, bigint][] = [
  [...here, SCORER, tree.root, ISSUED, anchors[0]!.rulesHash, BigInt(scores.length)],
  [...here, 2n, id("another root"), ISSUED - 1n, id("other rules"), 7n],
  [...here, 335n + 2n ** 32n, id("a third root"), ISSUED, id("third rules"), 1n],
];
const ENTRY = ["uint256", "address", "uint256", "bytes32", "uint64", "bytes32", "uint64"];
const certified = StandardMerkleTree.of(entries, ENTRY);

const vectors = {
  format: "touchstone-passport-registry-vectors-v1",
  source: "scripts/vectors/passport-registry.ts",
  domain,
  operator: operator.address,
  scores: { root: tree.root, leaves },
  anchors,
  certified: { root: certified.root, entry: certified.leafHash(entries[0]!), proof: certified.getProof(0) },
};
const replacer = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
writeFileSync("test/vectors/passport-registry.json", `${JSON.stringify(vectors, replacer, 2)}\n`);
