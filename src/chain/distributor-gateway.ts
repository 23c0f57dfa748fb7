import { AbiCoder, getAddress, type Provider } from "ethers";

import { ClaimError } from "../claims/errors.js";
import type {
  CampaignState,
  ChainHead,
  ChainTransaction,
  ClaimChain,
  ClaimedEvent,
  GateRefusal,
} from "../claims/ports.js";
import type { ClaimDomain } from "../claims/typed-data.js";
import { Batcher } from "../shared/batcher.js";
import { PassportRegistry__factory, TokenDistributor__factory } from "../../typechain-types/index.js";
import { contractSignatures } from "./contract-signatures.js";
import { guardChain } from "./provider.js";

/** What a distributor was made with: compared at start-up with what the service was configured for. */
export interface DistributorFacts extends CampaignState {
  readonly domain: ClaimDomain;
  readonly merkleRoot: string;
  readonly listHash: string;
}

interface Gate {
  readonly registry: string;
  readonly scorerId: bigint;
  /** In units of 1e-4; 0 where there is no gate. */
  readonly minimum: bigint;
}

/** Reads one TokenDistributor. */
export class DistributorGateway implements ClaimChain {
  readonly #provider: Provider;
  readonly #address: string;
  readonly #abi = TokenDistributor__factory.createInterface();
  #gate: Gate | undefined;
  readonly #claimed: Batcher<number, boolean>;

  constructor(provider: Provider, address: string) {
    this.#provider = provider;
    this.#address = address;
    // Two lanes: the next question leaves while the last answer is still on its way.
    this.#claimed = new Batcher((userIds) => this.#areClaimed(userIds), { largest: 300, lanes: 2 });
  }

  /** Asks what the contract will ask: whether the account came through the gate already, and its score now. */
  async gateRefusal(account: string): Promise<GateRefusal | undefined> {
    // A gate is for ever.
    const gate = (this.#gate ??= await this.#readGate());
    if (gate.minimum === 0n) return undefined;
    const registry = PassportRegistry__factory.connect(gate.registry, this.#provider);
    const [[passed], score] = await Promise.all([
      this.#readAll([this.#abi.encodeFunctionData("wentThroughGate", [account])]),
      guardChain(() => registry.getScore(gate.scorerId, account)),
    ]);
    if (BigInt(passed as string) === 1n) return { kind: "passed-before" };
    if (score >= gate.minimum) return undefined;
    return { kind: "too-low", score, minimum: gate.minimum };
  }

  isClaimed(userId: number): Promise<boolean> {
    return this.#claimed.run(userId);
  }

  acceptsSignature(account: string, digest: string, signature: string): Promise<boolean> {
    return contractSignatures(this.#provider).accepts(account, digest, signature);
  }

  async transaction(hash: string): Promise<ChainTransaction | undefined> {
    const found = await guardChain(() => this.#provider.getTransaction(hash));
    if (found === null) return undefined;
    const userIds = found.to === this.#address ? this.#claimsIn(found.data) : null;
    const { from, nonce } = found;
    if (found.blockHash === null) return { from, nonce, userIds, fate: "pending" };
    const receipt = await guardChain(() => this.#provider.getTransactionReceipt(hash));
    if (receipt === null) return { from, nonce, userIds, fate: "pending" };
    return { from, nonce, userIds, fate: receipt.status === 0 ? "failed" : "succeeded" };
  }

  spentNonces(account: string): Promise<number> {
    return guardChain(() => this.#provider.getTransactionCount(account, "latest"));
  }

  async head(): Promise<ChainHead> {
    const head = await this.#block("latest");
    if (head === undefined) throw new ClaimError("claims/chain-unavailable", "The node knows no newest block");
    return head;
  }

  block(number: number): Promise<ChainHead | undefined> {
    return this.#block(number);
  }

  async claimedEvents(fromBlock: number, toBlock: number): Promise<ClaimedEvent[]> {
    const topics = [this.#abi.getEvent("Claimed").topicHash];
    const filter = { address: this.#address, topics, fromBlock, toBlock };
    const logs = await guardChain(() => this.#provider.getLogs(filter));
    return logs.map((log) => {
      const [userId, account, amount, delegatee] = this.#abi.decodeEventLog("Claimed", log.data, log.topics);
      const { transactionHash, blockNumber, blockHash } = log;
      return { userId: Number(userId), account, amount, delegatee, transactionHash, blockNumber, blockHash };
    });
  }

  async campaign(): Promise<CampaignState> {
    const [start, end, pausedUntil, signer] = await this.#readAll([
      this.#abi.encodeFunctionData("start"),
      this.#abi.encodeFunctionData("end"),
      this.#abi.encodeFunctionData("pausedUntil"),
      this.#abi.encodeFunctionData("signer"),
    ]);
    return {
      start: Number(start),
      end: Number(end),
      pausedUntil: Number(pausedUntil),
      signer: getAddress(`0x${(signer as string).slice(26, 66)}`),
    };
  }

  /** Throws `claims/campaign-mismatch` when no distributor is at the address. */
  async facts(): Promise<DistributorFacts> {
    const contract = TokenDistributor__factory.connect(this.#address, { provider: this.#provider });
    try {
      const { name, version, chainId, verifyingContract } = await guardChain(() => contract.eip712Domain());
      return {
        ...(await this.campaign()),
        domain: { name, version, chainId, verifyingContract },
        merkleRoot: await guardChain(() => contract.merkleRoot()),
        listHash: await guardChain(() => contract.listHash()),
      };
    } catch (error) {
      if (error instanceof ClaimError) throw error;
      const message = `There is no distributor at ${this.#address}`;
      throw new ClaimError("claims/campaign-mismatch", message, {}, { cause: error });
    }
  }

  async #readGate(): Promise<Gate> {
    const contract = TokenDistributor__factory.connect(this.#address, { provider: this.#provider });
    const { registry, scorerId, minimum } = await guardChain(() => contract.gate());
    return { registry, scorerId, minimum };
  }

  async #areClaimed(userIds: number[]): Promise<boolean[]> {
    const calls = userIds.map((userId) => this.#abi.encodeFunctionData("isClaimed", [userId]));
    return (await this.#readAll(calls)).map((word) => BigInt(word) === 1n);
  }

  /** Many reads of one state in one call, through the contract's own multicall. */
  async #readAll(calls: string[]): Promise<string[]> {
    const data = this.#abi.encodeFunctionData("multicall", [calls]);
    // Decoded under guard: `facts` has seen the distributor, so an answer without its form is the node's.
    return guardChain(async () => {
      const result = await this.#provider.call({ to: this.#address, data });
      return [...AbiCoder.defaultAbiCoder().decode(["bytes[]"], result)[0]] as string[];
    });
  }

  async #block(tag: number | "latest"): Promise<ChainHead | undefined> {
    const block = await guardChain(() => this.#provider.getBlock(tag));
    if (block === null || block.hash === null) return undefined;
    return { number: block.number, hash: block.hash, timestamp: block.timestamp };
  }

  #claimsIn(data: string): number[] {
    let call;
    try {
      call = this.#abi.parseTransaction({ data });
    } catch {
      return [];
    }
    if (call === null) return [];
    if (call.name === "claim" || call.name === "claimSigned") return [Number(call.args[0])];
    if (call.name === "claimBatch") return [...call.args[1]].map((item: { userId: bigint }) => Number(item.userId));
    if (call.name === "multicall") return [...call.args[0]].flatMap((inner: string) => this.#claimsIn(inner));
    return [];
  }
}
