import { type Provider, ZeroAddress } from "ethers";

import {
  GovernanceToken__factory,
  TokenDistributor__factory,
  type TokenDistributor,
} from "../../typechain-types/index.js";
import { DomainError } from "../shared/errors.js";
import type { Call, Step } from "./call.js";
import { readLogs } from "./event-log.js";

/** `SignerKind` in ITokenDistributor, by number. */
export const SIGNER_KINDS = ["key", "contract"] as const;
export type SignerKind = (typeof SIGNER_KINDS)[number];

/** A distribution as it stands. Amounts are the token's smallest unit, times seconds since the epoch. */
export interface CampaignStatus {
  readonly address: string;
  readonly token: string;
  readonly owner: string;
  /** An owner that was named but has not accepted; the zero address for none. */
  readonly pendingOwner: string;
  readonly treasury: string;
  readonly launch: boolean;
  readonly merkleRoot: string;
  readonly listHash: string;
  readonly phase: "waiting" | "open" | "ended";
  readonly start: bigint;
  readonly end: bigint;
  readonly signer: string;
  readonly signerKind: SignerKind;
  readonly guardian: string;
  readonly guardianSpent: boolean;
  /** What unbound claims ask of accounts, the minimum in units of 1e-4; undefined for nothing. */
  readonly gate: { readonly registry: string; readonly scorerId: bigint; readonly minimum: bigint } | undefined;
  /** Until when signed claims wait; undefined when they do not. */
  readonly pausedUntil: bigint | undefined;
  /** Of the token; 0 and "units" when it does not tell. */
  readonly decimals: number;
  readonly symbol: string;
  readonly balance: bigint;
  readonly claims: number;
  readonly claimed: bigint;
  readonly swept: bigint;
}

/** `campaign/not-ended`: it is too early to sweep. */
export type CampaignErrorCode = "campaign/not-ended";

/** Reads a `TokenDistributor` and prepares the calls of those who run it. */
export class CampaignGateway {
  readonly address: string;
  readonly #provider: Provider;
  readonly #contract: TokenDistributor;
  readonly #fromBlock: number;

  /** `fromBlock`: no claim is older. */
  constructor(address: string, provider: Provider, fromBlock = 0) {
    this.address = address;
    this.#provider = provider;
    this.#contract = TokenDistributor__factory.connect(address, provider);
    this.#fromBlock = fromBlock;
  }

  async status(): Promise<CampaignStatus> {
    const contract = this.#contract;
    const now = await this.#now();
    const [token, owner, pendingOwner, treasury, launch, merkleRoot, listHash, start, end, gate] = await Promise.all([
      contract.token(),
      contract.owner(),
      contract.pendingOwner(),
      contract.treasury(),
      contract.isLaunch(),
      contract.merkleRoot(),
      contract.listHash(),
      contract.start(),
      contract.end(),
      contract.gate(),
    ]);
    const erc20 = GovernanceToken__factory.connect(token, this.#provider);
    const [[signer, kind], [guardian, guardianSpent], paused, balance, unit, claims, sweeps] = await Promise.all([
      contract.getFunction("signer")(),
      contract.guardian(),
      contract.pausedUntil(),
      erc20.balanceOf(this.address),
      Promise.all([erc20.decimals(), erc20.symbol()]).catch(() => [0n, "units"] as const),
      this.#amounts("Claimed"),
      this.#amounts("Swept"),
    ]);
    const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
    return {
      ...{ address: this.address, token, owner, pendingOwner, treasury, launch, merkleRoot, listHash },
      ...{ phase: now < start ? "waiting" : now < end ? "open" : "ended", start, end },
      ...{ signer, signerKind: SIGNER_KINDS[Number(kind)]!, guardian, guardianSpent },
      gate:
        gate.registry === ZeroAddress
          ? undefined
          : { registry: gate.registry, scorerId: gate.scorerId, minimum: gate.minimum },
      pausedUntil: paused > now ? paused : undefined,
      ...{ decimals: Number(unit[0]), symbol: unit[1] },
      ...{ balance, claims: claims.length, claimed: sum(claims), swept: sum(sweeps) },
    };
  }

  owner(): Promise<string> {
    return this.#contract.owner();
  }

  async guardian(): Promise<string> {
    return (await this.#contract.guardian()).account;
  }

  /** Sends what is left to the treasury; anyone may, after the window. */
  async sweep(): Promise<Step> {
    const { phase, end, balance, treasury } = await this.status();
    if (phase !== "ended") {
      const message = `The claim window ends at ${new Date(Number(end) * 1000).toISOString()}; nothing can be swept before.`;
      throw new DomainError<CampaignErrorCode>("campaign/not-ended", message, { end });
    }
    if (balance === 0n) return { done: "the distributor holds nothing" };
    return { call: this.#call("sweep", [], `sweep ${balance} units to the treasury ${treasury}`) };
  }

  /** The owner's pause or its end. */
  async pause(on: boolean): Promise<Step> {
    const until = await this.#contract.pausedUntil();
    const paused = until > (await this.#now());
    if (on && until === 2n ** 40n - 1n) return { done: "signed claims are paused already" };
    if (!on && !paused) return { done: "signed claims are not paused" };
    return on
      ? { call: this.#call("pauseSignedClaims", [], "pause signed claims") }
      : { call: this.#call("resumeSignedClaims", [], "resume signed claims") };
  }

  /** The guardian's pause, which it has once, for `duration` seconds. */
  async guardianPause(duration: bigint): Promise<Step> {
    if ((await this.#contract.pausedUntil()) > (await this.#now())) return { done: "signed claims are paused already" };
    return { call: this.#call("guardianPause", [duration], `pause signed claims for ${duration} seconds`) };
  }

  /** The owner's appointment of another claim signer. */
  async rotateSigner(signer: string, kind: SignerKind): Promise<Step> {
    const current = await this.#contract.getFunction("signer")();
    const number = SIGNER_KINDS.indexOf(kind);
    if (current.account === signer && Number(current.kind) === number) {
      return { done: `${signer} is the claim signer already` };
    }
    return { call: this.#call("rotateSigner", [signer, number], `make ${signer} (${kind}) the claim signer`) };
  }

  async #now(): Promise<bigint> {
    return BigInt((await this.#provider.getBlock("latest"))!.timestamp);
  }

  async #amounts(event: "Claimed" | "Swept"): Promise<bigint[]> {
    const { interface: abi } = this.#contract;
    const topics = [abi.getEvent(event as "Claimed").topicHash];
    const logs = await readLogs(this.#provider, { address: this.address, topics, fromBlock: this.#fromBlock });
    return logs.map((log) => abi.parseLog(log)!.args.getValue("amount") as bigint);
  }

  #call(method: string, args: unknown[], summary: string): Call {
    const data = this.#contract.interface.encodeFunctionData(method as "rotateSigner", args as never);
    return { to: this.address, data, value: 0n, summary };
  }
}
