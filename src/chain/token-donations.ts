import { id, Interface, type Provider, zeroPadValue } from "ethers";

import { FundingError } from "../funding/errors.js";
import { formatUnits } from "../shared/decimal.js";
import { readLogs } from "./event-log.js";
import { guardChain } from "./provider.js";

/** Which transfers are donations. */
export interface DonationQuery {
  /** The ERC-20 token that is donated. */
  readonly token: string;
  /** Projects by the address that receives for them, in EIP-55 form. */
  readonly projects: ReadonlyMap<string, string>;
  readonly fromBlock: number;
  /** Inclusive; absent is the newest block that has its confirmations. */
  readonly toBlock: number | undefined;
  /** Blocks that must follow the last one that is read. */
  readonly confirmations: number;
}

/** What one address gave to one project, exactly, in whole tokens. */
export interface TokenDonation {
  /** The sender's address in lower case. */
  readonly donor: string;
  readonly project: string;
  readonly amount: string;
}

export interface TokenDonations {
  /** By donor, then in the order of the projects. */
  readonly donations: readonly TokenDonation[];
  readonly transfers: number;
  /** Transfers that are nobody's gift: of 0, minted, or from one project's address to another's. */
  readonly leftOut: number;
  readonly fromBlock: number;
  readonly toBlock: number;
}

const ERC20 = new Interface([
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "function decimals() view returns (uint8)",
]);
const TRANSFER = id("Transfer(address,address,uint256)");
const ZERO = `0x${"0".repeat(40)}`;
/** Receivers in one filter: providers bound the length of a request. */
const RECEIVERS = 200;

/**
 * Sums the transfers of a token to projects' addresses, from block to block. The last block must have its confirmations, and be the
 * same block after the reading as before: otherwise `funding/chain-moved`. Throws `funding/bad-setting` for blocks that do not
 * exist yet, `funding/no-token` where the address holds no ERC-20 token. Source of the event: ERC-20 (EIP-20).
 */
export async function readTokenDonations(provider: Provider, query: DonationQuery): Promise<TokenDonations> {
  const decimals = await decimalsOf(provider, query.token);
  const settled = (await guardChain(() => provider.getBlockNumber())) - query.confirmations;
  const toBlock = query.toBlock ?? settled;
  if (toBlock > settled) {
    const what = `block ${toBlock} does not have ${query.confirmations} confirmations: the last that has is ${settled}`;
    throw new FundingError("funding/bad-setting", what);
  }
  if (query.fromBlock > toBlock) {
    throw new FundingError("funding/bad-setting", `block ${query.fromBlock}, the first, is after ${toBlock}, the last`);
  }
  const before = await blockHash(provider, toBlock);
  const receivers = [...query.projects.keys()];
  const sums = new Map<string, Map<string, bigint>>();
  let transfers = 0;
  let leftOut = 0;
  for (let at = 0; at < receivers.length; at += RECEIVERS) {
    const to = receivers.slice(at, at + RECEIVERS).map((address) => zeroPadValue(address, 32).toLowerCase());
    const { token: address, fromBlock } = query;
    const topics = [TRANSFER, null, to];
    for (const log of await guardChain(() => readLogs(provider, { address, topics, fromBlock, toBlock }))) {
      const parsed = ERC20.parseLog(log);
      // Three topics and one word: ERC-721 has the same signature with four.
      if (parsed === null) throw noToken(query.token);
      const [from, receiver, value] = [...parsed.args] as [string, string, bigint];
      transfers += 1;
      if (value === 0n || from === ZERO || query.projects.has(from)) {
        leftOut += 1;
        continue;
      }
      const donor = from.toLowerCase();
      const given = sums.get(donor) ?? new Map<string, bigint>();
      const project = query.projects.get(receiver) as string;
      given.set(project, (given.get(project) ?? 0n) + value);
      sums.set(donor, given);
    }
  }
  if ((await blockHash(provider, toBlock)) !== before) {
    throw new FundingError("funding/chain-moved", `block ${toBlock} was replaced while it was read: read again, later`);
  }
  const order = new Map([...query.projects.values()].map((project, at) => [project, at]));
  const byOrder = ([a]: [string, bigint], [b]: [string, bigint]) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
  const donations = [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([donor, given]) =>
      [...given].sort(byOrder).map(([project, value]) => ({ donor, project, amount: formatUnits(value, decimals) })),
    );
  return { donations, transfers, leftOut, fromBlock: query.fromBlock, toBlock };
}

async function decimalsOf(provider: Provider, token: string): Promise<number> {
  const data = ERC20.encodeFunctionData("decimals");
  const code = await guardChain(() => provider.getCode(token));
  if (code === "0x") throw noToken(token);
  try {
    const answer = await guardChain(() => provider.call({ to: token, data }));
    return Number(ERC20.decodeFunctionResult("decimals", answer)[0]);
  } catch (cause) {
    throw noToken(token, cause);
  }
}

const noToken = (token: string, cause?: unknown) =>
  new FundingError("funding/no-token", `${token} does not answer as an ERC-20 token`, {}, { cause });

async function blockHash(provider: Provider, number: number): Promise<string | null> {
  return (await guardChain(() => provider.getBlock(number)))?.hash ?? null;
}
