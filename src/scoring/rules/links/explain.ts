import type { Link } from "./link.js";

/** What the holder of a duplicate is told. */
export interface DuplicateExplanation {
  readonly provider: string;
  /** Since when another account holds it, seconds since the epoch. */
  readonly since: number;
  /** When the other account's link ends unless it is renewed, or its cooling period does. */
  readonly releasesAt: number;
  /** The other account, masked. */
  readonly owner: string;
}

/**
 * An address with its first and last byte only: its owner recognises it, and among a million published accounts it still
 * stands for some fifteen.
 */
export const maskAccount = (account: string): string => `${account.slice(0, 4)}…${account.slice(-2)}`;

export function explainDuplicate({ provider, since, expiresAt, release, account }: Link): DuplicateExplanation {
  const releasesAt = release === null ? expiresAt : Math.min(expiresAt, release.freeAt);
  return { provider, since, releasesAt, owner: maskAccount(account) };
}
