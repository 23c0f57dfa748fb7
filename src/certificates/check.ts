/** What is looked at in a certificate, in the order in which verdicts list it. */
export type CheckName =
  /** It does not name itself as its predecessor. */
  | "distinct"
  /** Its hash is that of its content. */
  | "hash"
  /** What was signed is the hash of its message. */
  | "message"
  /** The message names the chain's own registry. */
  | "registry"
  /** The genesis key's signature, or the registry's genesis record. */
  | "genesis"
  /** The stake-based multisignature. */
  | "multisignature"
  /** The message names the certificate's epoch. */
  | "current-epoch"
  /** The predecessor is there. */
  | "predecessor"
  /** The epoch is the predecessor's or the next one. */
  | "epoch-step"
  /** The aggregate key is the one that the predecessor vouches for. */
  | "aggregate-key"
  /** The parameters are those that the predecessor vouches for. */
  | "parameters"
  /** Every ancestor passes, back to genesis. */
  | "ancestors";

export type Outcome = "ok" | "failed" | "skipped";

export interface Check {
  readonly name: CheckName;
  readonly outcome: Outcome;
  /** Why it failed or was skipped: one clause without a full stop. */
  readonly reason?: string;
}

export const passed = (name: CheckName): Check => ({ name, outcome: "ok" });
export const failed = (name: CheckName, reason: string): Check => ({ name, outcome: "failed", reason });
export const skipped = (name: CheckName, reason: string): Check => ({ name, outcome: "skipped", reason });

/** A check that is a plain condition. */
export const checked = (name: CheckName, holds: boolean, reason: () => string): Check =>
  holds ? passed(name) : failed(name, reason());
