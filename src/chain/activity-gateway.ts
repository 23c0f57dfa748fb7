import { Interface, type Provider, zeroPadValue } from "ethers";

import type { ChainGateway } from "../passport/providers/ports.js";
import { DomainError } from "../shared/errors.js";
import { isContractsFault } from "./contract-fault.js";
import { readLogs } from "./event-log.js";

const ERC20 = new Interface(["function balanceOf(address) view returns (uint256)"]);
const ERC721 = new Interface([
  "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
  "function balanceOf(address) view returns (uint256)",
  "function ownerOf(uint256) view returns (address)",
]);
const GOVERNOR = new Interface([
  "event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)",
  "event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params)",
]);

/** `passport/history-too-long`: an account has more transactions than the gateway may look at one by one. */
export type ActivityErrorCode = "passport/history-too-long";

export interface ActivityOptions {
  /** No event of interest is older. */
  readonly fromBlock?: number;
  /** How many transactions of one account `gasSpent` may look at. */
  readonly longestHistory?: number;
}

/**
 * What an account did and holds, by plain JSON-RPC. `firstTransactionAt` and `gasSpent` find the account's blocks by
 * bisection over its nonce, so they need a node with the state of old blocks.
 */
export class ActivityGateway implements ChainGateway {
  readonly #provider: Provider;
  readonly #fromBlock: number;
  readonly #longestHistory: number;

  constructor(provider: Provider, { fromBlock = 0, longestHistory = 500 }: ActivityOptions = {}) {
    this.#provider = provider;
    this.#fromBlock = fromBlock;
    this.#longestHistory = longestHistory;
  }

  nativeBalance(account: string): Promise<bigint> {
    return this.#provider.getBalance(account);
  }

  tokenBalance(token: string, account: string): Promise<bigint> {
    return this.#read(ERC20, token, "balanceOf", account);
  }

  transactionCount(account: string): Promise<number> {
    return this.#provider.getTransactionCount(account);
  }

  async firstTransactionAt(account: string): Promise<number | null> {
    const newest = await this.#provider.getBlockNumber();
    if ((await this.#nonce(account, newest)) === 0) return null;
    let [low, high] = [0, newest];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.#nonce(account, middle)) > 0) high = middle;
      else low = middle + 1;
    }
    return (await this.#provider.getBlock(low))!.timestamp;
  }

  async gasSpent(account: string): Promise<bigint> {
    const newest = await this.#provider.getBlockNumber();
    const count = await this.#nonce(account, newest);
    if (count > this.#longestHistory) {
      const message = `${account} has ${count} transactions, more than the ${this.#longestHistory} that are looked at.`;
      throw new DomainError<ActivityErrorCode>("passport/history-too-long", message, { account, count });
    }
    const blocks = await this.#sendingBlocks(account, [0, 0], [newest, count]);
    const spent = await Promise.all(blocks.map((block) => this.#spentIn(account, block)));
    return spent.reduce((sum, part) => sum + part, 0n);
  }

  async ownedTokens(collection: string, account: string): Promise<readonly bigint[]> {
    if ((await this.#read(ERC721, collection, "balanceOf", account)) === 0n) return [];
    const topics = [ERC721.getEvent("Transfer")!.topicHash, null, zeroPadValue(account, 32)];
    const logs = await readLogs(this.#provider, { address: collection, topics, fromBlock: this.#fromBlock });
    const ids = [...new Set(logs.map((log) => BigInt(log.topics[3]!)))];
    const owners = await Promise.all(ids.map((id) => this.#ownerOf(collection, id)));
    return ids.filter((_, index) => owners[index]?.toLowerCase() === account.toLowerCase());
  }

  /** The library asks the resolver back before it answers. */
  primaryName(account: string): Promise<string | null> {
    return this.#provider.lookupAddress(account);
  }

  async votesCast(governor: string, account: string): Promise<number> {
    const events = ["VoteCast", "VoteCastWithParams"].map((name) => GOVERNOR.getEvent(name)!.topicHash);
    const topics = [events, zeroPadValue(account, 32)];
    const logs = await readLogs(this.#provider, { address: governor, topics, fromBlock: this.#fromBlock });
    return new Set(logs.map((log) => GOVERNOR.parseLog(log)!.args.getValue("proposalId") as bigint)).size;
  }

  #nonce(account: string, block: number): Promise<number> {
    return this.#provider.getTransactionCount(account, block);
  }

  /** The blocks in (low, high] with transactions of the account, whose nonce is known at both ends. */
  async #sendingBlocks(account: string, low: [number, number], high: [number, number]): Promise<number[]> {
    if (low[1] === high[1]) return [];
    if (low[0] + 1 >= high[0]) return [high[0]];
    const block = Math.floor((low[0] + high[0]) / 2);
    const middle: [number, number] = [block, await this.#nonce(account, block)];
    return [
      ...(await this.#sendingBlocks(account, low, middle)),
      ...(await this.#sendingBlocks(account, middle, high)),
    ];
  }

  async #spentIn(account: string, number: number): Promise<bigint> {
    const block = (await this.#provider.getBlock(number, true))!;
    const own = block.prefetchedTransactions.filter(({ from }) => from.toLowerCase() === account.toLowerCase());
    const receipts = await Promise.all(own.map(({ hash }) => this.#provider.getTransactionReceipt(hash)));
    return receipts.reduce((sum, receipt) => sum + (receipt?.fee ?? 0n), 0n);
  }

  /** Undefined for a token that was burned. */
  async #ownerOf(collection: string, id: bigint): Promise<string | undefined> {
    try {
      const data = ERC721.encodeFunctionData("ownerOf", [id]);
      const result = await this.#provider.call({ to: collection, data });
      return ERC721.decodeFunctionResult("ownerOf", result)[0] as string;
    } catch (error) {
      if (isContractsFault(error)) return undefined;
      throw error;
    }
  }

  async #read(abi: Interface, to: string, method: string, account: string): Promise<bigint> {
    const result = await this.#provider.call({ to, data: abi.encodeFunctionData(method, [account]) });
    return abi.decodeFunctionResult(method, result)[0] as bigint;
  }
}
