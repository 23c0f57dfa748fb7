// Writes test/vectors/claims.json: what contract and TypeScript must agree on about claims. The values are made here with
// ethers' typed-data encoder and the plain ABI coder, apart from src/claims/typed-data.ts and from the contract, which
// are both held against them. Run by `tsx scripts/vectors/claims.ts`; the result never changes unless the format does.
import { writeFileSync } from "node:fs";

import { AbiCoder, concat, id, keccak256, Signature, TypedDataEncoder, Wallet, ZeroAddress } from "ethers";

const TYPES = {
  Claim: [
    { name: "userId", type: "uint32" },
    { name: "account", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "delegatee", type: "address" },
    { name: "submitter", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};
const MAX_UINT256 = 2n ** 256n - 1n;

const domain = {
  name: "TokenDistributor",
  version: "1",
  chainId: 1,
  verifyingContract: "0x5AFE000000000000000000000000000000001234",
};
const signer = new Wallet(id("touchstone vectors signer"));
const alice = new Wallet(id("touchstone vectors alice"));
const sponsor = new Wallet(id("touchstone vectors sponsor")).address;
const steward = new Wallet(id("touchstone vectors steward")).address;

const claims = [
  { userId: 49909, account: alice.address, amount: 9_208_256_099_999_000_035_328n, delegatee: steward },
  { userId: 0, account: alice.address, amount: 1n, delegatee: ZeroAddress },
  { userId: 2 ** 32 - 1, account: alice.address, amount: MAX_UINT256, delegatee: alice.address, deadline: MAX_UINT256 },
  { userId: 256, account: alice.address, amount: 10n ** 18n, delegatee: steward, submitter: sponsor, deadline: 0n },
].map((claim) => ({ submitter: claim.account, deadline: 1_800_003_600n, ...claim }));

const claimVectors = claims.map((claim) => {
  const digest = TypedDataEncoder.hash(domain, TYPES, claim);
  const sign = (wallet: Wallet) => Signature.from(wallet.signingKey.sign(digest));
  return {
    ...claim,
    structHash: TypedDataEncoder.hashStruct("Claim", TYPES, claim),
    digest,
    signerSignature: sign(signer).serialized,
    signerCompactSignature: sign(signer).compactSerialized,
    accountSignature: sign(alice).serialized,
  };
});

interface Leaf {
  readonly userId: number;
  readonly amount: bigint;
  readonly account: string; // zero for an unbound leaf
}

function leafOf({ userId, amount, account }: Leaf): string {
  const bound = account !== ZeroAddress;
  const types = bound ? ["uint32", "uint256", "address"] : ["uint32", "uint256"];
  const values = bound ? [userId, amount, account] : [userId, amount];
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

const leaves: Leaf[] = claims.flatMap(({ userId, amount, account }) => [
  { userId, amount, account: ZeroAddress },
  { userId, amount, account },
]);

/** Rows in this order, an odd node promoted, pairs sorted. */
function tree(rows: readonly Leaf[]) {
  const levels = [rows.map(leafOf)];
  while (levels.at(-1)!.length > 1) {
    const nodes = levels.at(-1)!;
    const parents: string[] = [];
    for (let i = 0; i < nodes.length; i += 2) {
      const pair = nodes.slice(i, i + 2).sort();
      parents.push(pair.length === 2 ? keccak256(concat(pair)) : pair[0]!);
    }
    levels.push(parents);
  }
  const proofs = rows.map((_row, index) =>
    levels.slice(0, -1).flatMap((nodes, level) => nodes[(index >> level) ^ 1] ?? []),
  );
  return { count: rows.length, root: levels.at(-1)![0], proofs };
}

const vectors = {
  format: "touchstone-claim-vectors-v1",
  source: "scripts/vectors/claims.ts",
  domain: { ...domain, separator: TypedDataEncoder.hashDomain(domain) },
  typeString: TypedDataEncoder.from(TYPES).encodeType("Claim"),
  typeHash: id(TypedDataEncoder.from(TYPES).encodeType("Claim")),
  signer: signer.address,
  claims: claimVectors,
  leaves: leaves.map((leaf) => ({ ...leaf, leaf: leafOf(leaf) })),
  /** Trees over the first leaves above. */
  trees: [1, 2, 3, 5, 8].map((count) => tree(leaves.slice(0, count))),
};

writeFileSync(
  new URL("../../test/vectors/claims.json", import.meta.url),
  `${JSON.stringify(vectors, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 2)}\n`,
);
