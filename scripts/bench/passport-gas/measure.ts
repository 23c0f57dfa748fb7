// Real transactions on an in-process chain. Writes are what the sender's receipt shows, calldata and 21,000 included.
// Reads are execution alone, from the trace of a transaction that does nothing else: every slot is cold.
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { id, toBeHex, Wallet, type ContractTransactionResponse } from "ethers";

import {
  ANCHOR_TYPES,
  anchorDomain,
  anchorMessage,
  type Anchor,
} from "../../../src/passport/onchain/anchor-typed-data.js";
import {
  HumansOnly__factory,
  PassportDecoder__factory,
  PassportRegistry__factory,
} from "../../../typechain-types/index.js";
import { syntheticTree, type SyntheticTree } from "./synthetic-tree.js";

export interface Figures {
  readonly anchorFirst: number;
  readonly anchorNext: number;
  readonly submitFirst: number;
  readonly submitFresher: number;
  /** Per leaf of a batch of drops, each replacing a score. */
  readonly dropInBatch: number;
  readonly verifyScore: number;
  readonly getScore: number;
  readonly isHuman: number;
  readonly isHumanOwnThreshold: number;
  readonly getScoreOfStranger: number;
  readonly decoderGetScore: number;
  readonly decoderGetScoreOfScorer: number;
  readonly decoderIsHuman: number;
  /** A consumer that reads score and verdict, then stores a member. */
  readonly join: number;
}

interface Trace {
  readonly structLogs: readonly { readonly gas: number; readonly gasCost: number }[];
}

const KEY = 0; // AuthorityKind.Key
const THRESHOLD = 200_000;
const HUMAN = 250_000;
const PEOPLE = 21;
export const BATCH = 20;
const LIFETIME = 90n * 86_400n;
const GAS_LIMIT = 16_000_000n; // below osaka's cap for one transaction

/** Figures with proofs of `depth` words, in a chain of their own. */
export async function measure(ethers: HardhatEthers, depth: number): Promise<Figures> {
  const { provider } = ethers;
  const [sender] = await ethers.getSigners();
  if (!sender) throw new Error("the chain has no account");
  const operator = new Wallet(id("touchstone bench operator"));
  const people = Array.from({ length: PEOPLE }, (_, i) => new Wallet(id(`touchstone bench person ${i}`), provider));
  const [alice] = people;
  if (!alice) throw new Error("nobody to score");
  await provider.send("hardhat_setBalance", [alice.address, toBeHex(10n ** 21n)]);

  const registry = await new PassportRegistry__factory(sender).deploy(sender);
  const registryAddress = await registry.getAddress();
  const settings = { maxRootAge: 2160, maxLifetime: LIFETIME, minRootInterval: 1 };
  await registry.createScorer(sender, operator, KEY, settings);
  const scorerId = await registry.scorerCount();
  const decoder = await new PassportDecoder__factory(sender).deploy(registryAddress, scorerId);
  const club = await new HumansOnly__factory(sender).deploy(registryAddress, scorerId);
  const domain = anchorDomain((await provider.getNetwork()).chainId, registryAddress);

  const now = async () => BigInt((await provider.getBlock("latest"))!.timestamp);
  const treeOf = async (score: number) => {
    const expiresAt = (await now()) + 60n * 86_400n;
    return syntheticTree(
      people.map(({ address: account }) => ({ scorerId, account, score, expiresAt })),
      depth,
    );
  };
  const anchor = async (tree: SyntheticTree, number: number) => {
    const issuedAt = await now();
    const anchor_: Anchor = {
      scorerId,
      number,
      root: tree.root,
      issuedAt,
      threshold: THRESHOLD,
      definition: id("weights, gates and caps"),
      count: 2n ** BigInt(depth),
      uri: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
      deadline: issuedAt + 3600n,
    };
    const signature = await operator.signTypedData({ ...domain }, ANCHOR_TYPES, anchorMessage(anchor_));
    return gasOf(registry.anchor(anchor_, signature));
  };
  const argumentsOf = (tree: SyntheticTree, index: number, number: number) => {
    const { account, score, expiresAt } = tree.leaves[index]!;
    return [scorerId, account, score, expiresAt, number, tree.proof(index)] as const;
  };
  const submit = (tree: SyntheticTree, number: number) => gasOf(registry.submitScore(...argumentsOf(tree, 0, number)));
  const batch = (tree: SyntheticTree, number: number) =>
    gasOf(
      registry.submitScores(
        scorerId,
        tree.leaves.slice(1, 1 + BATCH).map(({ account, score, expiresAt }, i) => ({
          account,
          score,
          expiresAt,
          rootNumber: number,
          proof: tree.proof(1 + i),
        })),
        { gasLimit: GAS_LIMIT },
      ),
    );

  /** Execution gas of a call, by running it as a transaction and reading the trace. */
  const execution = async (to: string, data: string) => {
    const sent = await sender.sendTransaction({ to, data, gasLimit: GAS_LIMIT });
    await sent.wait();
    const options = { disableMemory: true, disableStack: true, disableStorage: true };
    const { structLogs } = (await provider.send("debug_traceTransaction", [sent.hash, options])) as Trace;
    const [first, last] = [structLogs[0], structLogs.at(-1)];
    if (!first || !last) throw new Error("the call executed nothing");
    return first.gas - last.gas + last.gasCost;
  };
  const read = (name: string, values: unknown[]) =>
    execution(registryAddress, registry.interface.encodeFunctionData(name as "getScore", values as never));
  const decoderAddress = await decoder.getAddress();
  const decode = (name: string, values: unknown[]) =>
    execution(decoderAddress, decoder.interface.encodeFunctionData(name as "getScore(address)", values as never));

  const first = await treeOf(HUMAN);
  const anchorFirst = await anchor(first, 1);
  const submitFirst = await submit(first, 1);
  await batch(first, 1);
  const second = await treeOf(HUMAN + 1);
  const anchorNext = await anchor(second, 2);
  const verifyScore = await execution(
    registryAddress,
    registry.interface.encodeFunctionData("verifyScore", [...argumentsOf(second, 1, 2)]),
  );
  const submitFresher = await submit(second, 2);
  const reads = {
    getScore: await read("getScore", [scorerId, alice.address]),
    isHuman: await read("isHuman(uint256,address)", [scorerId, alice.address]),
    isHumanOwnThreshold: await read("isHuman(uint256,address,uint256)", [scorerId, alice.address, THRESHOLD]),
    getScoreOfStranger: await read("getScore", [scorerId, await club.getAddress()]),
    decoderGetScore: await decode("getScore(address)", [alice.address]),
    decoderGetScoreOfScorer: await decode("getScore(uint32,address)", [scorerId, alice.address]),
    decoderIsHuman: await decode("isHuman(address)", [alice.address]),
    join: await gasOf(club.connect(alice).join()),
  };
  if ((await registry.getScore(scorerId, alice.address)) !== BigInt(HUMAN + 1))
    throw new Error("the score is not there");
  const drops = await treeOf(0);
  await anchor(drops, 3);
  const dropInBatch = (await batch(drops, 3)) / BATCH;
  return { anchorFirst, anchorNext, submitFirst, submitFresher, dropInBatch, verifyScore, ...reads };
}

async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt?.status !== 1) throw new Error("a measured transaction failed");
  return Number(receipt.gasUsed);
}
