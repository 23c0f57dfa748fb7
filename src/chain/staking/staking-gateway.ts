import { type Provider, Signature, type Signer, zeroPadValue } from "ethers";

import {
  GovernanceToken__factory,
  IdentityStaking__factory,
  type IdentityStaking,
} from "../../../typechain-types/index.js";
import { formatUnits, parseUnits } from "../../shared/decimal.js";
import { DomainError } from "../../shared/errors.js";
import type { Call, Step } from "../call.js";
import { readLogs } from "../event-log.js";
import type { SlashKey, StakeKey } from "./arguments.js";

/** `SlashState` in IIdentityStaking, by number. */
export const SLASH_STATES = ["none", "pending", "appealed", "released", "burned"] as const;
export type SlashState = (typeof SLASH_STATES)[number];

export type StakingRole = "SLASHER_ROLE" | "RELEASER_ROLE" | "PAUSER_ROLE" | "DEFAULT_ADMIN_ROLE";

/** A stake as the contract holds it. Amounts are the token's smallest unit, `unlockTime` seconds since the epoch. */
export interface HeldStake extends StakeKey {
  readonly amount: bigint;
  /** Slashed from it, and neither released nor burned yet. */
  readonly slashed: bigint;
  readonly unlockTime: number;
}

/** A slash that can still be released or burned. */
export interface OpenSlash extends SlashKey {
  readonly amount: bigint;
  readonly burnTime: number;
  readonly state: SlashState;
}

export interface StakingToken {
  readonly address: string;
  readonly decimals: number;
  readonly symbol: string;
}

/**
 * `staking/needs-allowance`: the token has no permits and the account approved too little.
 * `staking/bad-amount`: no amount of whole tokens above zero.
 * `staking/no-slash`: this evidence holds nothing of that stake.
 */
export type StakingErrorCode = "staking/needs-allowance" | "staking/bad-amount" | "staking/no-slash";

const PERMIT_LIFETIME = 3_600n;
const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** Reads an `IdentityStaking` and prepares calls to it. */
export class StakingGateway {
  readonly address: string;
  readonly #provider: Provider;
  readonly #contract: IdentityStaking;
  readonly #fromBlock: number;

  /** `fromBlock`: no stake is older. */
  constructor(address: string, provider: Provider, fromBlock = 0) {
    this.address = address;
    this.#provider = provider;
    this.#contract = IdentityStaking__factory.connect(address, provider);
    this.#fromBlock = fromBlock;
  }

  async token(): Promise<StakingToken> {
    const address = await this.#contract.token();
    const token = GovernanceToken__factory.connect(address, this.#provider);
    const [decimals, symbol] = await Promise.all([token.decimals(), token.symbol()]);
    return { address, decimals: Number(decimals), symbol };
  }

  /** Whole tokens, as people type them, in the smallest unit. */
  async amount(text: string): Promise<bigint> {
    const { decimals } = await this.token();
    const amount = parseUnits(text, decimals);
    if (amount) return amount;
    const message = `"${text}" is no amount of whole tokens above zero.`;
    throw new DomainError<StakingErrorCode>("staking/bad-amount", message, { text });
  }

  async now(): Promise<number> {
    return (await this.#provider.getBlock("latest"))!.timestamp;
  }

  hasRole(role: StakingRole, account: string): Promise<boolean> {
    return this.#contract[role]().then((id) => this.#contract.hasRole(id, account));
  }

  /** Adds to a stake. With too little allowance the account signs a permit, which travels in the same transaction. */
  async stake(staker: Signer & { address: string }, stakee: string, amount: bigint, duration: bigint): Promise<Step> {
    const { decimals, symbol, address } = await this.token();
    const own = stakee === staker.address;
    const data = own
      ? this.#encode("selfStake", [amount, duration])
      : this.#encode("communityStake", [stakee, amount, duration]);
    const summary = `stake ${formatUnits(amount, decimals)} ${symbol} on ${own ? "itself" : stakee}`;
    const token = GovernanceToken__factory.connect(address, this.#provider);
    if ((await token.allowance(staker.address, this.address)) >= amount) return this.#step(data, summary);
    const permit = this.#encode("tryPermit", await this.#permit(staker, address, amount));
    return this.#step(this.#encode("multicall", [[permit, data]]), `permit and ${summary}`);
  }

  async extend(staker: string, stakee: string, duration: bigint): Promise<Step> {
    const data =
      stakee === staker
        ? this.#encode("extendSelfStake", [duration])
        : this.#encode("extendCommunityStake", [stakee, duration]);
    const until = new Date(((await this.now()) + Number(duration)) * 1000).toISOString();
    return this.#step(data, `lock the stake of ${staker} on ${stakee} until about ${until}`);
  }

  /** Pays a stake back: `amount`, or all of it when undefined. */
  async withdraw(staker: string, stakee: string, amount: bigint | undefined): Promise<Step> {
    const [stake] = await this.stakes([{ staker, stakee }]);
    const wanted = amount ?? stake?.amount ?? 0n;
    if (wanted === 0n) return { done: `${staker} has nothing staked on ${stakee}` };
    const { decimals, symbol } = await this.token();
    const data =
      stakee === staker
        ? this.#encode("withdrawSelfStake", [wanted])
        : this.#encode("withdrawCommunityStake", [stakee, wanted]);
    return this.#step(data, `withdraw ${formatUnits(wanted, decimals)} ${symbol} of the stake on ${stakee}`);
  }

  /** The slasher's call. What the evidence has slashed already is left out, so that a rerun is harmless. */
  async slash(targets: readonly StakeKey[], percent: bigint, evidence: string): Promise<Step> {
    const known = await this.slashes(targets.map((target) => ({ ...target, evidence })));
    const left = targets.filter((_, index) => known[index]?.state === "none");
    if (left.length === 0) return { done: "this evidence has slashed these stakes already" };
    const data = this.#encode("slash", [left.map(plain), percent, evidence]);
    return this.#step(data, `slash ${percent} % of ${left.length} stake(s) on evidence ${evidence}`);
  }

  async appeal(staker: string, stakee: string, evidence: string, statement: string): Promise<Step> {
    const [slash] = await this.slashes([{ staker, stakee, evidence }]);
    if (slash?.state === "appealed") return { done: "this slash is appealed already" };
    const data = this.#encode("appeal", [stakee, evidence, statement]);
    return this.#step(data, `appeal the slash of the stake on ${stakee} on evidence ${evidence}`);
  }

  /** The releaser's call: gives back `amount`, or all that is held when undefined. */
  async release(key: SlashKey, amount: bigint | undefined): Promise<Step> {
    const [slash] = await this.slashes([key]);
    if (slash === undefined || !isOpen(slash)) {
      const message = `Nothing of the stake of ${key.staker} on ${key.stakee} is held on evidence ${key.evidence}.`;
      throw new DomainError<StakingErrorCode>("staking/no-slash", message, { ...key, state: slash?.state });
    }
    const wanted = amount ?? slash.amount;
    const { decimals, symbol } = await this.token();
    const data = this.#encode("release", [[{ slash: { ...plain(key), evidence: key.evidence }, amount: wanted }]]);
    return this.#step(data, `release ${formatUnits(wanted, decimals)} ${symbol} to the stake of ${key.staker}`);
  }

  /** Burns what is due; anybody may. Without `keys`: every slash whose burn time has come. */
  async burn(keys?: readonly SlashKey[]): Promise<Step> {
    const now = await this.now();
    const open = keys === undefined ? await this.openSlashes() : (await this.slashes(keys)).filter(isOpen);
    const due = open.filter(({ burnTime }) => burnTime <= now);
    if (due.length === 0) return { done: open.length === 0 ? "nothing is slashed" : "nothing is due yet" };
    const { decimals, symbol } = await this.token();
    const sum = due.reduce((total, { amount }) => total + amount, 0n);
    const data = this.#encode("burn", [due.map((key) => ({ ...plain(key), evidence: key.evidence }))]);
    return this.#step(data, `burn ${formatUnits(sum, decimals)} ${symbol} of ${due.length} slash(es)`);
  }

  /** Every stake that the account ever gave or received, itself included, as they stand now. */
  async stakesAround(account: string): Promise<HeldStake[]> {
    const topic = this.#contract.interface.getEvent("Staked").topicHash;
    const own = zeroPadValue(account, 32);
    const [given, received] = await Promise.all([
      this.#logs([topic, own]), // as staker
      this.#logs([topic, null, own]), // as stakee
    ]);
    const keys = new Map<string, StakeKey>();
    for (const log of [...given, ...received]) {
      const { staker, stakee } = this.#contract.interface.parseLog(log)!.args as unknown as StakeKey;
      keys.set(`${staker}:${stakee}`, { staker, stakee });
    }
    return await this.stakes([...keys.values()]);
  }

  /** Many stakes, read in one call, of one block. */
  async stakes(keys: readonly StakeKey[]): Promise<HeldStake[]> {
    if (keys.length === 0) return [];
    const stakes = await this.#contract.stakesOf(keys.map(plain));
    return keys.map((key, index) => {
      const { amount, slashed, unlockTime } = stakes[index]!;
      return { ...plain(key), amount, slashed, unlockTime: Number(unlockTime) };
    });
  }

  slashes(keys: readonly SlashKey[]): Promise<OpenSlash[]> {
    return Promise.all(
      keys.map(async ({ staker, stakee, evidence }) => {
        const { amount, burnTime, state } = await this.#contract.slashOf(staker, stakee, evidence);
        return { staker, stakee, evidence, amount, burnTime: Number(burnTime), state: SLASH_STATES[Number(state)]! };
      }),
    );
  }

  /** The slashes that are neither released nor burned: of everybody, or of one staker. */
  async openSlashes(staker?: string): Promise<OpenSlash[]> {
    const topic = this.#contract.interface.getEvent("StakeSlashed").topicHash;
    const logs = await this.#logs(staker === undefined ? [topic] : [topic, zeroPadValue(staker, 32)]);
    const keys = logs.map((log) => this.#contract.interface.parseLog(log)!.args as unknown as SlashKey);
    return (await this.slashes(keys)).filter(isOpen);
  }

  #logs(topics: (string | null)[]) {
    return readLogs(this.#provider, { address: this.address, topics, fromBlock: this.#fromBlock });
  }

  async #permit(staker: Signer & { address: string }, token: string, value: bigint) {
    const contract = GovernanceToken__factory.connect(token, this.#provider);
    const deadline = BigInt(await this.now()) + PERMIT_LIFETIME;
    try {
      const [domain, nonce] = await Promise.all([contract.eip712Domain(), contract.nonces(staker.address)]);
      const { name, version, chainId, verifyingContract } = domain;
      const message = { owner: staker.address, spender: this.address, value, nonce, deadline };
      const signed = await staker.signTypedData({ name, version, chainId, verifyingContract }, PERMIT, message);
      const { v, r, s } = Signature.from(signed);
      return [value, deadline, v, r, s];
    } catch (cause) {
      const message = `${staker.address} must approve ${value} units of ${token} for ${this.address} first.`;
      throw new DomainError<StakingErrorCode>("staking/needs-allowance", message, { token, value }, { cause });
    }
  }

  #encode(method: string, args: readonly unknown[]): string {
    return this.#contract.interface.encodeFunctionData(method as "burn", args as never);
  }

  #step(data: string, summary: string): { readonly call: Call } {
    return { call: { to: this.address, data, value: 0n, summary } };
  }
}

/** Exactly the sides: the encoder takes what the logs hold as well. */
const plain = ({ staker, stakee }: StakeKey): StakeKey => ({ staker, stakee });
const isOpen = ({ state }: OpenSlash): boolean => state === "pending" || state === "appealed";
