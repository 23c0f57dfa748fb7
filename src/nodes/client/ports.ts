import type { Certificate } from "../../certificates/certificate.js";
import type { Entity } from "../../certificates/entity.js";

/** A line of a source's list: its own word, to be verified with the certificate. */
export interface ListedCertificate {
  /** Orders a source's certificates as they were made. */
  readonly sequence: bigint;
  readonly hash: string;
  readonly epoch: bigint;
  /** Undefined for a genesis certificate. */
  readonly entity: Entity | undefined;
}

export interface CertificatePage {
  /** Newest first. */
  readonly items: readonly ListedCertificate[];
  /** What to ask for next; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * Somebody who has certificates: an aggregator, or a file. Nothing that it gives is believed. Throws `client/unavailable` when it
 * does not answer, and `client/malformed-answer` when it answers with something else.
 */
export interface CertificateSource {
  /** For messages. */
  readonly name: string;
  list(before?: string): Promise<CertificatePage>;
  /** Undefined when it has none of this hash. */
  certificate(hash: string): Promise<Certificate | undefined>;
}
