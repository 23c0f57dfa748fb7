import type { TimePoint } from "../../certificates/entity.js";
import type { Block } from "./chain.js";
import type { ComputedScores } from "./compose-message.js";
import { NodeError } from "./errors.js";

/** A snapshot that somebody offers to certify. */
export interface OfferedSnapshot {
  readonly point: TimePoint;
  /** 0x-prefixed lower-case hex. */
  readonly digest: string;
}

/**
 * A node's own copy of the log. Nothing is taken on trust: what it gives is computed from credentials that it verified,
 * de-duplicated and scored itself.
 */
export interface ScoreView {
  /**
   * The newest snapshot that the log's mirrors offer for a block; undefined while there is none. Throws `nodes/log-untrusted` when
   * nobody who answers for the log signed what they offer, and `nodes/log-mismatch` when it is less than this node has.
   */
  offered(epoch: bigint, block: Block): Promise<OfferedSnapshot | undefined>;
  /**
   * Replays the log up to an offered snapshot and computes its scores as they stand at the block's time. Throws
   * `nodes/log-mismatch` when the offer does not continue what this node replayed, or does not replay.
   */
  compute(offer: OfferedSnapshot, block: Block): Promise<ComputedScores>;
}

/** The view of a node without a log: it takes part in certificates of the stake distribution alone. */
export const NO_SCORES: ScoreView = {
  offered: () => Promise.resolve(undefined),
  compute: () => Promise.reject(new NodeError("nodes/log-unavailable", "This node has no copy of the log")),
};
