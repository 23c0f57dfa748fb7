import { availableParallelism } from "node:os";

import type { QueueTiming } from "../../database/work-queue.js";
import type { Logger } from "../../shared/logger.js";
import type { Secret } from "../../shared/secret.js";
import type { SearchStore } from "../../sybil/queue/ports.js";
import type { SearchPiece } from "../../sybil/queue/search.js";
import { BlockWorker, type BlockOutcome, type WorkOptions } from "../../sybil/queue/work-block.js";
import type { Stoppable } from "../serve.js";
import { startUp } from "../start-up.js";
import { openSybilQueue } from "./open-queue.js";

export interface WorkerParts extends Partial<WorkOptions> {
  readonly logger: Logger;
  /** How soon the block of a worker that was killed is another's. */
  readonly timing?: QueueTiming;
}

/** Works blocks of searches until it is closed; a block that is under way then goes back to the queue. */
export function startSybilWorker(database: Secret, parts: WorkerParts): Promise<Stoppable> {
  return startUp(async (onClose) => {
    const queue = await openSybilQueue(database, parts.logger, parts.timing);
    onClose(() => queue.close());
    const stop = new AbortController();
    onClose(() => stop.abort());
    const work = blockWork(queue.store, { ...parts, signal: stop.signal });
    await queue.work(async (piece) => void (await work(piece)));
    return {};
  });
}

/** Works until nothing is queued; gives the number of blocks that it did. Throws what a block was refused for. */
export async function workSybilBlocksOnce(database: Secret, parts: WorkerParts): Promise<number> {
  const queue = await openSybilQueue(database, parts.logger, parts.timing);
  try {
    const work = blockWork(queue.store, parts);
    let done = 0;
    await queue.drain(async (piece) => void (done += Number((await work(piece)) === "done")));
    return done;
  } finally {
    await queue.close();
  }
}

function blockWork(store: SearchStore, parts: WorkerParts): (piece: SearchPiece) => Promise<BlockOutcome> {
  const { logger } = parts;
  const worker = new BlockWorker(store, { ...parts, threads: parts.threads ?? availableParallelism() });
  return async (piece) => {
    const outcome = await worker.work(piece);
    logger.info({ ...piece, outcome }, "a block of a search");
    return outcome;
  };
}
