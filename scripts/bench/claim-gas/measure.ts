// Real transactions on an in-process chain: the gas that a claimant's receipt shows, calldata and 21,000 included.
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { id, Signature, toBeHex, Wallet, ZeroAddress, type ContractTransactionResponse } from "ethers";

import { CLAIM_TYPES, claimDomain, type Claim, type ClaimDomain } from "../../../src/claims/typed-data.js";
import { syntheticTree, type Row, type SyntheticTree } from "./synthetic-tree.js";
import type { Campaign, System } from "./systems.js";

export const CASES = ["steward", "fresh word", "self", "fresh delegatee, fresh word"] as const;
export type Case = (typeof CASES)[number];
export const BATCHES = [
  "one steward",
  "one steward, signatures of 64 bytes",
  "one steward, ids in twenty words",
  "twenty stewards",
] as const;
export type Batch = (typeof BATCHES)[number];

export interface Figures {
  readonly signed: Record<Case, number>;
  readonly bound: Record<Case, number>;
  /** Per claim of a sponsored batch of twenty, both signatures checked for every item. */
  readonly batch: Record<Batch, number>;
}

const BATCH_SIZE = 20;
const AMOUNT = 9_208_256_099_999_000_035_328n; // the first claim of the original distribution
const GAS_LIMIT = 16_000_000n; // below osaka's cap for one transaction
const START = 1_800_000_000;
const END = START + 90 * 86_400;
const DEADLINE = BigInt(START + 80 * 86_400);

/** The n-th user of bitmap word `word`. */
const idIn = (word: number, n = 0) => word * 256 + n;

export async function measure(
  ethers: HardhatEthers,
  deploy: (campaign: Campaign) => Promise<System>,
  depth: number,
): Promise<Figures> {
  const provider = ethers.provider;
  const wallet = (name: string) => new Wallet(id(`touchstone bench ${name}`), provider);
  const [deployer] = await ethers.getSigners();
  const signer = wallet("signer");
  const stewards = Array.from({ length: BATCH_SIZE }, (_, i) => wallet(`steward ${i}`));

  const rows: Row[] = [];
  const claimants = new Map<number, Wallet>();
  const user = (userId: number, bound = false) => {
    const claimant = wallet(`claimant ${userId}`);
    claimants.set(userId, claimant);
    rows.push({ userId, amount: AMOUNT, ...(bound ? { account: claimant.address } : {}) });
    return userId;
  };
  // Word 1 serves the signed claims, word 2 the bound ones, words 3, 4 and 25 the dense batches; 5..24 the sparse one.
  const openers = Array.from({ length: 25 }, (_, i) => user(idIn(1 + i)));
  const signedIds = [user(idIn(1, 1)), user(idIn(101)), user(idIn(1, 2)), user(idIn(102))];
  const boundIds = [user(idIn(2, 1), true), user(idIn(111), true), user(idIn(2, 2), true), user(idIn(112), true)];
  const dense = [3, 4, 25].map((word) => Array.from({ length: BATCH_SIZE }, (_, i) => user(idIn(word, 1 + i))));
  const sparse = Array.from({ length: BATCH_SIZE }, (_, i) => user(idIn(5 + i, 1)));

  const tree = syntheticTree(rows, depth);
  const total = AMOUNT * BigInt(rows.length + 1); // something is left, as in every real campaign
  const { distributor, prepareSteward } = await deploy({
    deployer: deployer!,
    signer: signer.address,
    root: tree.root,
    total,
    start: START,
    end: END,
    stewards: stewards.map(({ address }) => address),
  });
  const domain = claimDomain((await provider.getNetwork()).chainId, await distributor.getAddress());
  for (const rich of [...claimants.values(), ...stewards]) {
    await provider.send("hardhat_setBalance", [rich.address, toBeHex(10n ** 21n)]);
  }
  await provider.send("evm_setNextBlockTimestamp", [START]);
  for (const steward of stewards) await prepareSteward(steward);

  const claimOf = (userId: number, delegatee: string, submitter?: string): Claim => {
    const account = claimants.get(userId)!.address;
    return { userId, account, amount: AMOUNT, delegatee, submitter: submitter ?? account, deadline: DEADLINE };
  };
  const signed = async (userId: number, delegatee: string) => {
    const signature = await sign(signer, domain, claimOf(userId, delegatee));
    const target = distributor.connect(claimants.get(userId)!);
    return gasOf(
      target.claimSigned(userId, AMOUNT, delegatee, DEADLINE, signature, tree.proof(userId), { gasLimit: GAS_LIMIT }),
    );
  };
  const bound = (userId: number, delegatee: string) =>
    gasOf(
      distributor
        .connect(claimants.get(userId)!)
        .claim(userId, AMOUNT, delegatee, tree.proof(userId), { gasLimit: GAS_LIMIT }),
    );
  const batch = async (ids: readonly number[], delegates: readonly Wallet[], compact = false) => {
    const submitter = await deployer!.getAddress();
    const items = ids.map((userId, i) => claimOf(userId, delegates[i % delegates.length]!.address, submitter));
    const claims = await Promise.all(items.map((item) => sponsored(item, tree, domain, signer, claimants, compact)));
    return (await gasOf(distributor.claimBatch(submitter, claims, { gasLimit: GAS_LIMIT }))) / BATCH_SIZE;
  };

  for (const opener of openers) await signed(opener, ZeroAddress); // the words' first claims

  const steward = stewards[0]!.address;
  const cases = async (ids: readonly number[], claim: (userId: number, delegatee: string) => Promise<number>) => {
    const delegates = [steward, steward, claimants.get(ids[2]!)!.address, wallet(`newcomer ${ids[3]!}`).address];
    const figures: [Case, number][] = [];
    for (const [i, name] of CASES.entries()) figures.push([name, await claim(ids[i]!, delegates[i]!)]);
    return Object.fromEntries(figures) as Record<Case, number>;
  };
  return {
    signed: await cases(signedIds, signed),
    bound: await cases(boundIds, bound),
    batch: {
      "one steward": await batch(dense[0]!, stewards.slice(0, 1)),
      "twenty stewards": await batch(dense[1]!, stewards),
      "one steward, signatures of 64 bytes": await batch(dense[2]!, stewards.slice(0, 1), true),
      "one steward, ids in twenty words": await batch(sparse, stewards.slice(0, 1)),
    },
  };
}

async function sponsored(
  item: Claim,
  tree: SyntheticTree,
  domain: ClaimDomain,
  signer: Wallet,
  claimants: Map<number, Wallet>,
  compact: boolean,
) {
  const made = [await sign(claimants.get(item.userId)!, domain, item), await sign(signer, domain, item)];
  const [accountSignature, signerSignature] = compact
    ? made.map((signature) => Signature.from(signature).compactSerialized)
    : made;
  return {
    ...item,
    accountSignature: accountSignature!,
    signerSignature: signerSignature!,
    proof: tree.proof(item.userId),
  };
}

/** 65 bytes, as every wallet makes them; the 64 of EIP-2098 would cost about 140 gas less. */
function sign(wallet: Wallet, domain: ClaimDomain, claim: Claim): Promise<string> {
  return wallet.signTypedData({ ...domain }, CLAIM_TYPES, claim);
}

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt?.status !== 1) throw new Error("a measured transaction failed");
  return Number(receipt.gasUsed);
}
