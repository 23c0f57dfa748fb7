import { getBytes, hexlify, type Provider } from "ethers";

import { CertificateRegistry__factory, type CertificateRegistry } from "../../typechain-types/index.js";
import { concat } from "../stm/bytes.js";
import type { BindingContext } from "../stm/binding.js";
import type { AggregateKey } from "../stm/aggregate-key.js";
import { c120, type StmParameters } from "../stm/parameters.js";
import type { Call, Step } from "./call.js";
import { readLogs } from "./event-log.js";
import type { KeyRegistration } from "./key-registration.js";
import { readSchedule, rulesOf, type ScheduledParameters } from "./parameter-schedule.js";
import { toFixedPhi } from "./phi.js";
import {
  farthestProgress,
  keyWords,
  orderRegistrants,
  type SealProgress,
  type StakedRegistrant,
} from "./seal-pages.js";

/** `SealStatus` in ICertificateRegistry, by number. */
export const SEAL_STATUSES = ["open", "sealed", "blocked"] as const;
export type SealStatus = (typeof SEAL_STATUSES)[number];

/** What became of the registrations of an epoch; the key signs two epochs later. */
export interface EpochSeal {
  readonly status: SealStatus;
  /** Only of a sealed epoch. */
  readonly key: AggregateKey | undefined;
}

/** The registry's clock, and where it stands. Times are seconds since 1970. */
export interface EpochClock {
  readonly genesis: bigint;
  readonly epochLength: bigint;
  /** The newest block's time, and the epoch at that time: 0 before the first. */
  readonly now: bigint;
  readonly epoch: bigint;
}

/** The epoch that the clock will show in so many seconds; 0 before the first. */
export const epochAfter = ({ genesis, epochLength, now }: EpochClock, seconds: bigint): bigint =>
  now + seconds < genesis ? 0n : (now + seconds - genesis) / epochLength + 1n;

/** A key as its registration's event shows it. */
export interface RegisteredKey {
  readonly epoch: bigint;
  readonly steward: string;
  /** 96 compressed bytes. */
  readonly verificationKey: Uint8Array;
  readonly blockNumber: number;
}

/** The rules of an epoch. */
export interface EpochParameters {
  readonly stm: StmParameters;
  /** SHA-256, 0x-prefixed hex. */
  readonly hash: string;
  /** In units of 1e9 wei. */
  readonly minimumStake: bigint;
  /** Of the token's supply, in units of 1e-4. */
  readonly minimumShare: number;
}

export interface NewParameters {
  readonly stm: StmParameters;
  readonly minimumStake: bigint;
  readonly minimumShare: number;
}

/** The parts of a certificate that the registry does not know itself. Hashes are 0x-prefixed hex. */
export interface CertificateParts {
  readonly epoch: bigint;
  /** Undefined in a certificate of the stake distribution alone. */
  readonly snapshot:
    { readonly scoresRoot: string; readonly snapshotDigest: string; readonly snapshotBlock: bigint } | undefined;
  readonly stakeDistributionRoot: string;
}

/** What is certified for an epoch. */
export interface CertifiedEpoch extends CertificateParts {
  readonly certifiedAt: bigint;
  /** The anchor from which the epoch descends, counted from 1. */
  readonly anchor: number;
}

/** Where the chain of certificates stands. */
export interface ChainState {
  /** 0 before the first certificate. */
  readonly lastCertified: bigint;
  readonly anchors: number;
  /** The epochs in which governance lets another chain begin. */
  readonly permitted: { readonly first: bigint; readonly last: bigint } | undefined;
}

/** Where a chain of certificates began. */
export interface ChainAnchor {
  readonly number: number;
  readonly epoch: bigint;
  readonly aggregateKey: AggregateKey;
  /** 0x-prefixed hex. */
  readonly parametersHash: string;
  readonly blockNumber: number;
}

/** How many stakes are asked for at once. */
const BATCH = 100;
const ZERO = `0x${"00".repeat(32)}`;

/** Reads a `CertificateRegistry` and prepares calls to it. */
export class CertificateRegistryGateway {
  readonly address: string;
  readonly #provider: Provider;
  readonly #contract: CertificateRegistry;
  readonly #fromBlock: number;

  /** `fromBlock` is the block from which the registry's events are read: that of its deployment, or an earlier one. */
  constructor(address: string, provider: Provider, fromBlock: number) {
    this.address = address;
    this.#provider = provider;
    this.#contract = CertificateRegistry__factory.connect(address, provider);
    this.#fromBlock = fromBlock;
  }

  async clock(): Promise<EpochClock> {
    const [genesis, epochLength, block] = await Promise.all([
      this.#contract.genesis(),
      this.#contract.epochLength(),
      this.#provider.getBlock("latest"),
    ]);
    const clock = { genesis, epochLength, now: BigInt(block!.timestamp), epoch: 0n };
    return { ...clock, epoch: epochAfter(clock, 0n) };
  }

  timelock(): Promise<string> {
    return this.#contract.timelock();
  }

  token(): Promise<string> {
    return this.#contract.token();
  }

  /** What the binding of a steward's key names. */
  async bindingContext(epoch: bigint, steward: string): Promise<BindingContext> {
    const { chainId } = await this.#provider.getNetwork();
    return { chainId, registry: this.address, epoch, steward };
  }

  /** The parameters of an epoch, as far as they are scheduled. Throws `certificate/unknown-phi`. */
  async parametersOf(epoch: bigint): Promise<EpochParameters> {
    const [found, hash] = await this.#contract.parametersOf(epoch);
    return rulesOf(found, hash);
  }

  /** What governance scheduled: see `readSchedule`. */
  schedule(): Promise<ScheduledParameters[]> {
    return readSchedule(this.#provider, this.address, this.#fromBlock);
  }

  /** Whether a steward registered in an epoch. */
  async isRegistered(epoch: bigint, steward: string): Promise<boolean> {
    return (await this.#contract.keyHashOf(epoch, steward)) !== ZERO;
  }

  /** The keys registered in an epoch, in the order in which they came. */
  async registrations(epoch: bigint): Promise<RegisteredKey[]> {
    const topics = this.#contract.interface.encodeFilterTopics("KeyRegistered", [epoch]);
    const logs = await readLogs(this.#provider, { address: this.address, topics, fromBlock: this.#fromBlock });
    return logs.map((log) => {
      const { steward, verificationKey } = this.#contract.interface.decodeEventLog(
        "KeyRegistered",
        log.data,
        log.topics,
      ) as unknown as { steward: string; verificationKey: readonly string[] };
      const key = concat(...verificationKey.map((word) => getBytes(word)));
      return { epoch, steward, verificationKey: key, blockNumber: log.blockNumber };
    });
  }

  /** The registrants of an epoch that is over, with their stakes, in the order of the seal. */
  async registrants(epoch: bigint): Promise<StakedRegistrant[]> {
    const keys = await this.registrations(epoch);
    const staked: StakedRegistrant[] = [];
    for (let start = 0; start < keys.length; start += BATCH) {
      const batch = keys.slice(start, start + BATCH);
      const stakes = await Promise.all(batch.map(({ steward }) => this.#contract.stakeOf(epoch, steward)));
      staked.push(...batch.map(({ steward, verificationKey }, i) => ({ steward, verificationKey, stake: stakes[i]! })));
    }
    return orderRegistrants(staked);
  }

  async sealOf(epoch: bigint): Promise<EpochSeal> {
    const [number, { root, leaves, totalStake }] = await this.#contract.sealOf(epoch);
    const status = SEAL_STATUSES[Number(number)]!;
    return {
      status,
      key: status === "sealed" ? { root: getBytes(root), leaves: Number(leaves), totalStake } : undefined,
    };
  }

  async certifiedEpoch(epoch: bigint): Promise<CertifiedEpoch | undefined> {
    const found = await this.#contract.certifiedEpoch(epoch);
    if (found.certifiedAt === 0n) return undefined;
    const { scoresRoot, snapshotDigest, snapshotBlock, stakeDistributionRoot, certifiedAt, anchor } = found;
    const snapshot = snapshotBlock === 0n ? undefined : { scoresRoot, snapshotDigest, snapshotBlock };
    return { epoch, snapshot, stakeDistributionRoot, certifiedAt, anchor: Number(anchor) };
  }

  async chain(): Promise<ChainState> {
    const [lastCertified, { anchors, firstPermitted, lastPermitted }] = await Promise.all([
      this.#contract.lastCertifiedEpoch(),
      this.#contract.anchoring(),
    ]);
    const permitted = lastPermitted === 0n ? undefined : { first: firstPermitted, last: lastPermitted };
    return { lastCertified, anchors: Number(anchors), permitted };
  }

  /** Where chains began, in their order. */
  async anchors(): Promise<ChainAnchor[]> {
    const topics = this.#contract.interface.encodeFilterTopics("ChainAnchored", []);
    const logs = await readLogs(this.#provider, { address: this.address, topics, fromBlock: this.#fromBlock });
    return logs.map((log) => {
      const { anchor, epoch, root, leaves, totalStake, parametersHash } = this.#contract.interface.decodeEventLog(
        "ChainAnchored",
        log.data,
        log.topics,
      ) as unknown as Record<"anchor" | "epoch" | "leaves" | "totalStake", bigint> &
        Record<"root" | "parametersHash", string>;
      const aggregateKey = { root: getBytes(root), leaves: Number(leaves), totalStake };
      return { number: Number(anchor), epoch, aggregateKey, parametersHash, blockNumber: log.blockNumber };
    });
  }

  /** What the signers of a certificate sign: 64 ASCII characters. */
  async messageOf(parts: CertificateParts): Promise<Uint8Array> {
    return getBytes(await this.#contract.messageOf(onChain(parts)));
  }

  /** Registers a key for `steward`, who must send it. */
  async register(epoch: bigint, steward: string, { verificationKey, proof }: KeyRegistration): Promise<Step> {
    if (await this.isRegistered(epoch, steward)) {
      return { done: `${steward} is registered in epoch ${epoch}` };
    }
    const data = this.#contract.interface.encodeFunctionData("register", [epoch, verificationKey, proof]);
    return this.#call(data, `register a key of ${steward} in epoch ${epoch}`);
  }

  /** The next page of an epoch's seal, of at most `size` registrants, from where anybody stopped. Anyone may send it. */
  async seal(epoch: bigint, size: number): Promise<Step> {
    const { status } = await this.sealOf(epoch);
    if (status !== "open") return { done: `epoch ${epoch} is ${status}` };
    const ordered = await this.registrants(epoch);
    const progress = farthestProgress(ordered, await this.#progress(epoch));
    const page = ordered.slice(progress.read, progress.read + size);
    const data = this.#contract.interface.encodeFunctionData("seal", [
      epoch,
      { ...progress, lastKey: [...progress.lastKey], frontier: [...progress.frontier] },
      page.map(({ steward, verificationKey }) => ({ steward, verificationKey: keyWords(verificationKey) })),
    ]);
    const last = progress.read + page.length;
    return this.#call(data, `seal epoch ${epoch}: registrants ${progress.read + 1} to ${last} of ${ordered.length}`);
  }

  /** Brings a certificate with its proof (`encodeProof`); anyone may. */
  async certify(parts: CertificateParts, proof: Uint8Array): Promise<Step> {
    const held = await this.certifiedEpoch(parts.epoch);
    const newest = held?.snapshot?.snapshotBlock ?? 0n;
    if (held !== undefined && (parts.snapshot?.snapshotBlock ?? 0n) <= newest) {
      return { done: `epoch ${parts.epoch} is certified up to snapshot block ${newest}` };
    }
    const data = this.#contract.interface.encodeFunctionData("certify", [onChain(parts), proof]);
    return this.#call(data, `certify epoch ${parts.epoch}`);
  }

  /** Lets a chain begin in an epoch from `first` to `last`; only the Timelock may. */
  permitAnchor(first: bigint, last: bigint): { readonly call: Call } {
    const data = this.#contract.interface.encodeFunctionData("permitAnchor", [first, last]);
    return this.#call(data, `let a chain of certificates begin in an epoch from ${first} to ${last}`);
  }

  /** Sets the parameters from `epoch` on, in place of all that was scheduled for it and later; only the Timelock may. */
  scheduleParameters(epoch: bigint, parameters: NewParameters): { readonly call: Call } {
    const data = this.#contract.interface.encodeFunctionData("scheduleParameters", [
      epoch,
      registryParameters(parameters),
    ]);
    const { k, m, phiF } = parameters.stm;
    return this.#call(data, `set k ${k}, m ${m}, phi_f ${phiF} from epoch ${epoch} on`);
  }

  async #progress(epoch: bigint): Promise<SealProgress[]> {
    const topics = this.#contract.interface.encodeFilterTopics("SealProgressed", [epoch]);
    const logs = await readLogs(this.#provider, { address: this.address, topics, fromBlock: this.#fromBlock });
    return logs.map((log) => {
      const { progress } = this.#contract.interface.decodeEventLog(
        "SealProgressed",
        log.data,
        log.topics,
      ) as unknown as {
        progress: {
          read: bigint;
          leaves: bigint;
          totalStake: bigint;
          lastStake: bigint;
          lastKey: readonly string[];
          frontier: readonly string[];
        };
      };
      const [high, middle, low] = progress.lastKey as [string, string, string];
      return {
        read: Number(progress.read),
        leaves: Number(progress.leaves),
        totalStake: progress.totalStake,
        lastStake: progress.lastStake,
        lastKey: [high, middle, low],
        frontier: [...progress.frontier],
      };
    });
  }

  #call(data: string, summary: string): { readonly call: Call } {
    return { call: { to: this.address, data, value: 0n, summary } };
  }
}

/** Parameters as the contract takes them. */
export function registryParameters({ stm: { k, m, phiF }, minimumStake, minimumShare }: NewParameters) {
  return { k, m, c120: c120(phiF), phiF: toFixedPhi(phiF), minimumStake, minimumShare };
}

function onChain({ epoch, snapshot, stakeDistributionRoot }: CertificateParts) {
  return {
    epoch,
    scoresRoot: snapshot === undefined ? ZERO : hexlify(snapshot.scoresRoot),
    snapshotDigest: snapshot === undefined ? ZERO : hexlify(snapshot.snapshotDigest),
    snapshotBlock: snapshot?.snapshotBlock ?? 0n,
    stakeDistributionRoot,
  };
}
