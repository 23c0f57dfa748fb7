import { ScoreTreeBuilder, type ScoreTree } from "../passport/onchain/score-tree.js";
import type { LogReplay } from "./replay-log.js";

export interface ScoreRootTerms {
  /** The scorer's number in the log. */
  readonly scorerId: number;
  /** Its id in the registry. */
  readonly registryId: bigint;
  /** Seconds since the epoch; certificates carry it beside the root. */
  readonly issuedAt: number;
  /** Seconds: how long the registry lets a score live after its root's issue. */
  readonly maxLifetime: number;
}

/**
 * The tree that a scorer's certified root is the root of, from a replayed log: its scores as they stand at `issuedAt`, cut to the
 * registry's lifetime, and a score of 0 for everybody who ever had one. The passport service builds the same tree when it has
 * anchored each of them; undefined when nobody ever had a score.
 */
export function scoreTreeOf(
  replay: LogReplay,
  { scorerId, registryId, issuedAt, maxLifetime }: ScoreRootTerms,
): ScoreTree | undefined {
  const alive = new Map<string, { score: number; expiresAt: number }>();
  for (const { account, chainScore, expiresAt } of replay.scores(scorerId)) {
    if (chainScore === 0 || expiresAt === null || expiresAt <= issuedAt) continue;
    alive.set(account, { score: chainScore, expiresAt: Math.min(expiresAt, issuedAt + maxLifetime) });
  }
  const accounts = [...replay.everScored(scorerId)].sort();
  if (accounts.length === 0) return undefined;
  const builder = new ScoreTreeBuilder();
  for (const account of accounts) builder.add({ account, ...(alive.get(account) ?? { score: 0, expiresAt: 0 }) });
  return builder.build(registryId);
}
