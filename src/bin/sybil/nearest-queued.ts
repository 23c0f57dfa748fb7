import { availableParallelism } from "node:os";

import { systemClock } from "../../shared/clock.js";
import { silentLogger, type Logger } from "../../shared/logger.js";
import type { Secret } from "../../shared/secret.js";
import type { TokenSets } from "../../sybil/dna/fingerprints.js";
import type { Metric } from "../../sybil/dna/nearest.js";
import { findQueued } from "../../sybil/queue/find-queued.js";
import { openSybilQueue, type SybilQueue } from "./open-queue.js";

export interface QueuedOptions {
  /** The URL of a PostgreSQL server's database. */
  readonly database: Secret;
  readonly blocks?: number;
  readonly threads?: number;
  /** Told how many distinct sets are done. */
  readonly progress?: (done: number) => void;
  readonly logger?: Logger;
}

/** As `nearestDistancesInThreads`, with the workers of a database; safe to kill and to call again. */
export function nearestDistancesQueued(sets: TokenSets, metric: Metric, options: QueuedOptions): Promise<Float64Array> {
  return withQueue(options, (queue) => find(queue, sets, metric, options));
}

/** Both metrics, one after the other: what the assessment of a round takes for `nearest`. */
export function nearestByMetricQueued(
  sets: TokenSets,
  options: QueuedOptions,
): Promise<Readonly<Record<Metric, Float64Array>>> {
  return withQueue(options, async (queue) => ({
    jaccard: await find(queue, sets, "jaccard", options),
    hamming: await find(queue, sets, "hamming", options),
  }));
}

async function withQueue<T>({ database, logger }: QueuedOptions, work: (queue: SybilQueue) => Promise<T>): Promise<T> {
  const queue = await openSybilQueue(database, logger ?? silentLogger);
  try {
    return await work(queue);
  } finally {
    await queue.close();
  }
}

const find = (queue: SybilQueue, sets: TokenSets, metric: Metric, options: QueuedOptions): Promise<Float64Array> =>
  findQueued(sets, metric, {
    ...options,
    ...{ store: queue.store, queue, now: systemClock.now() },
    threads: options.threads ?? availableParallelism(),
  });
