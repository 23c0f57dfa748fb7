// The registrants of an epoch in the order in which `CertificateRegistry.seal` reads them, and where to go on.
import { compareBytes } from "../stm/bytes.js";

/** A registrant whose votes were sampled; those below the minimum stake are read like the others. */
export interface StakedRegistrant {
  readonly steward: string;
  /** 96 compressed bytes. */
  readonly verificationKey: Uint8Array;
  readonly stake: bigint;
}

/** What a page of a seal left, as the event `SealProgressed` shows it. Words are 0x-prefixed hex. */
export interface SealProgress {
  readonly read: number;
  readonly leaves: number;
  readonly totalStake: bigint;
  readonly lastStake: bigint;
  /** The compressed key in three words. */
  readonly lastKey: readonly [string, string, string];
  readonly frontier: readonly string[];
}

const ZERO = `0x${"00".repeat(32)}`;

/** Where every seal begins. */
export const NOTHING_READ: SealProgress = {
  read: 0,
  leaves: 0,
  totalStake: 0n,
  lastStake: 0n,
  lastKey: [ZERO, ZERO, ZERO],
  frontier: [],
};

/** Stake ascending, then key ascending. */
export function orderRegistrants(registrants: readonly StakedRegistrant[]): StakedRegistrant[] {
  return [...registrants].sort((a, b) =>
    a.stake === b.stake ? compareBytes(a.verificationKey, b.verificationKey) : a.stake < b.stake ? -1 : 1,
  );
}

/** A compressed key as three words. */
export function keyWords(key: Uint8Array): [string, string, string] {
  const hex = Buffer.from(key).toString("hex");
  return [`0x${hex.slice(0, 64)}`, `0x${hex.slice(64, 128)}`, `0x${hex.slice(128)}`];
}

/**
 * The farthest progress that skips nobody. The contract takes pages that skip registrants, which then can never be completed:
 * whoever sends them only wastes gas, as long as nobody goes on from there. A progress that read r registrants up to the
 * r-th in order has read exactly these, because the contract reads in order and nobody twice.
 */
export function farthestProgress(ordered: readonly StakedRegistrant[], reached: readonly SealProgress[]): SealProgress {
  return reached
    .filter(({ read, lastKey }) => {
      const last = ordered[read - 1];
      return last !== undefined && keyWords(last.verificationKey).every((word, index) => word === lastKey[index]);
    })
    .reduce((farthest, each) => (each.read > farthest.read ? each : farthest), NOTHING_READ);
}
