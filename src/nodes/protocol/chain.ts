// What the nodes ask of the chain. Everything comes from the CertificateRegistry and the token; nothing is asked of other nodes.
import type { RegistryDomain } from "../../certificates/certificate-message.js";
import type { ChainAnchor } from "../../certificates/certificate.js";
import type { AggregateKey } from "../../stm/aggregate-key.js";
import type { ProofOfPossession, VerificationKey } from "../../stm/keys.js";
import type { StmParameters } from "../../stm/parameters.js";

export interface Block {
  readonly number: bigint;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
}

export interface ChainClock {
  readonly head: Block;
  /** The registry's epoch at the head; 0 before the first. */
  readonly epoch: bigint;
  /** The last epoch with a certificate on the chain; 0 before the first. */
  readonly lastCertified: bigint;
  /** Epochs in which governance lets a chain begin; undefined where it permits none. */
  readonly permitted: { readonly first: bigint; readonly last: bigint } | undefined;
}

export interface EpochParameters extends StmParameters {
  /** As `parametersHash` of certificates, without a prefix. */
  readonly hash: string;
  /** Stakes below it are left out. */
  readonly minimumStake: bigint;
}

export interface RegisteredKey {
  /** 20 bytes, 0x-prefixed lower-case hex. */
  readonly steward: string;
  /** 96 compressed bytes. Proof and binding were verified by the contract. */
  readonly verificationKey: Uint8Array;
}

/** What became of the registrations of an epoch. */
export type Seal =
  | { readonly status: "open" }
  | { readonly status: "sealed"; readonly key: AggregateKey }
  | { readonly status: "blocked" };

export interface OnChainCertificate {
  /** 32 bytes, 0x-prefixed lower-case hex; undefined while no snapshot of the epoch is certified. */
  readonly scoresRoot: string | undefined;
  readonly snapshotDigest: string | undefined;
  readonly snapshotBlock: bigint;
  readonly stakeDistributionRoot: string;
  /** Seconds since 1970. */
  readonly certifiedAt: bigint;
  readonly anchor: number;
}

/** Reads. Every one throws `nodes/chain-unavailable` when the node of the chain does not answer. */
export interface StewardChain {
  readonly registry: RegistryDomain;
  clock(): Promise<ChainClock>;
  /** Undefined for a block that the chain does not have (yet). */
  block(number: bigint): Promise<Block | undefined>;
  parametersOf(epoch: bigint): Promise<EpochParameters>;
  /** The keys that were registered in an epoch, in no order. */
  registrationsOf(epoch: bigint): Promise<RegisteredKey[]>;
  /** The stakes that count for registrations of an epoch that is over; same order, 0 where there is none. */
  stakesOf(epoch: bigint, stewards: readonly string[]): Promise<bigint[]>;
  sealOf(epoch: bigint): Promise<Seal>;
  /** Undefined while an epoch has no certificate. */
  certifiedEpoch(epoch: bigint): Promise<OnChainCertificate | undefined>;
  /** Where chains of certificates began, oldest first. */
  anchors(): Promise<ChainAnchor[]>;
}

/** A key with what shows that the steward holds it. */
export interface ProvenKey {
  readonly verificationKey: VerificationKey;
  readonly proof: ProofOfPossession;
  /** The key's signature of steward, registry and epoch, 48 compressed bytes. */
  readonly binding: Uint8Array;
}

/** Transactions; each resolves when it is included, and throws when it is refused. */
export interface StewardTransactions {
  /** Who sends them: 20 bytes, 0x-prefixed lower-case hex. */
  readonly account: string;
  /**
   * Registers the account's key for an epoch; harmless when it is registered. Throws `nodes/registration-refused` when the account
   * cannot register in this epoch at all: its stake at the epoch's start is too low, or the epoch is full.
   */
  register(epoch: bigint, key: ProvenKey): Promise<void>;
  /** Seals the registrations of an epoch, page after page; harmless when somebody else was faster. */
  seal(epoch: bigint): Promise<void>;
}
