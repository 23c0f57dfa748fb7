import type { Certificate } from "../../certificates/certificate.js";
import type { OpenMessage } from "../../certificates/open-message.js";
import type { CertificateSource, ListedCertificate } from "../client/ports.js";
import type { ChainClock } from "../protocol/chain.js";
import type { SignatureMessage } from "../protocol/signature-message.js";

/** What an aggregator keeps. Every method is one transaction. */
export interface AggregatorStore {
  /** Keeps a message that is being signed; one of the same key stays as it is. */
  open(message: OpenMessage): Promise<void>;
  /** Messages that are neither certified nor closed, oldest first. */
  openMessages(): Promise<OpenMessage[]>;
  /** Gives a message up. */
  close(key: string, reason: "expired" | "epoch-over"): Promise<void>;

  /**
   * Keeps a verified signature, whether its message is open yet or not: one for each message and steward, whatever it says that
   * the message is about, because that is not signed. A steward's σ is unique, so that a second one can only list other indices
   * of it: they are united. False when nothing was new.
   */
  saveSignature(signature: SignatureMessage, at: number): Promise<boolean>;
  /** A steward's signature of a message. */
  signature(message: string, steward: string): Promise<SignatureMessage | undefined>;
  /** The signatures of one message. */
  signatures(message: string): Promise<SignatureMessage[]>;
  /** How many messages of an epoch a steward signed. */
  countSigned(epoch: bigint, steward: string): Promise<number>;

  /** Keeps a certificate and closes its message, if it has one; a certificate of the same entity keeps its place. */
  saveCertificate(certificate: Certificate): Promise<void>;
  certificate(hash: string): Promise<Certificate | undefined>;
  /** The first signed certificate of an epoch: what later ones, and the first of the next epoch, follow. */
  firstOf(epoch: bigint): Promise<Certificate | undefined>;
  /** The genesis certificate of an epoch in which a chain begins. */
  genesisOf(epoch: bigint): Promise<Certificate | undefined>;
  /** Whether an entity has its certificate. */
  isCertified(entity: string): Promise<boolean>;
  /** The block of the epoch's last certified snapshot; -1 where there is none. */
  lastSnapshotBlock(epoch: bigint): Promise<bigint>;

  /** Certificates that are not on the chain yet, oldest first. */
  unsent(): Promise<Certificate[]>;
  /** What became of a certificate: in the registry, not needed there, or refused by it for good. */
  markSent(hash: string, outcome: SendOutcome): Promise<void>;

  /** Forgets signatures and messages of epochs before one. Certificates are the chain and stay. */
  prune(before: bigint): Promise<void>;
}

export type SendOutcome = "anchored" | "superseded" | "refused";

/** Another aggregator, whose certificates are taken over. Nothing that it gives is believed. Throws as clients' sources do. */
export interface LeaderSource extends Pick<CertificateSource, "name" | "certificate"> {
  /** An epoch's certificates, oldest first. */
  listEpoch(epoch: bigint): Promise<readonly ListedCertificate[]>;
}

/** Fetches what others certified, and keeps it after verification. A peer that is away or lies ends no step. */
export interface CertificateFollower {
  follow(clock: ChainClock): Promise<void>;
}

/** Hands a certificate to the registry. */
export interface CertificateSender {
  /**
   * `anchored`: the registry has it, from us or from somebody else. `superseded`: it has a later one, or the epoch is over.
   * Throws `nodes/chain-unavailable` when it is not known what became of it, `nodes/certificate-postponed` when the registry does
   * not take it now and may later, and `nodes/certificate-refused` when it refuses it, which no repetition changes.
   */
  send(certificate: Certificate): Promise<"anchored" | "superseded">;
}
