// What a certificate of scores says, from a replayed log: one tree of scores for each certified scorer, and one over their roots.
import {
  buildScoresTree,
  type PassportRegistryDomain,
  type ScoresEntry,
  type ScoresTree,
} from "../../certificates/scores-root.js";
import { hashRules } from "../../passport/onchain/anchor-typed-data.js";
import type { ScoreTree } from "../../passport/onchain/score-tree.js";
import type { LogReplay } from "../../snapshots/replay-log.js";
import { scoreTreeOf } from "../../snapshots/score-roots.js";
import type { Block } from "../protocol/chain.js";

export interface CertifiedScorers {
  /**
   * Which scorers are certified: a scorer's number in the log, and its id in the registry. It is part of what the network agreed
   * on; a manifest's own word for it counts nothing, else whoever keeps the log could give one community's id to another's scores.
   */
  readonly scorers: ReadonlyMap<number, bigint>;
  /** The registry that the ids are of. */
  readonly registry: PassportRegistryDomain;
  /** Seconds: how long the registry lets a score live after its root's issue. */
  readonly maxLifetime: number;
}

/** A scorer's part of a certificate. */
export interface CertifiedScorer {
  readonly entry: ScoresEntry;
  readonly tree: ScoreTree;
  /** What `entry.rulesHash` is made of; `threshold` in 1e-4, `definition` 32 bytes in hex. */
  readonly threshold: number;
  readonly definition: string;
}

export interface CertifiedScores {
  readonly tree: ScoresTree;
  /** By id in the registry. */
  readonly scorers: ReadonlyMap<bigint, CertifiedScorer>;
}

/** The scores as they stand at a block's time; undefined while no certified scorer has any. */
export function certifiedScores(
  replay: LogReplay,
  block: Block,
  { scorers, registry, maxLifetime }: CertifiedScorers,
): CertifiedScores | undefined {
  const found = new Map<bigint, CertifiedScorer>();
  for (const [scorerId, registryId] of scorers) {
    const version = replay.version(scorerId);
    const terms = { scorerId, registryId, issuedAt: Number(block.timestamp), maxLifetime };
    const tree = version === undefined ? undefined : scoreTreeOf(replay, terms);
    if (version === undefined || tree === undefined) continue;
    const { threshold } = version.rules;
    const definition = version.rulesHash;
    const rulesHash = hashRules(threshold, definition);
    const count = BigInt(tree.count);
    const entry = { registry, scorerId: registryId, root: tree.root, issuedAt: block.timestamp, rulesHash, count };
    found.set(registryId, { entry, tree, threshold, definition });
  }
  if (found.size === 0) return undefined;
  return { tree: buildScoresTree([...found.values()].map(({ entry }) => entry)), scorers: found };
}
