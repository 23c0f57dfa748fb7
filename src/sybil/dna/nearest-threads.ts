import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import type { FingerprintIndex } from "./fingerprints.js";
import { findNearest, type Metric, type Nearest } from "./nearest.js";

/** Below as many distinct sets, starting threads costs more than they save. */
export const THREADS_FROM = 100_000;

/** What a thread is given: everything in memory that all of them share. */
export interface NearestJob extends Nearest {
  readonly index: FingerprintIndex;
  readonly metric: Metric;
  readonly from: number;
  readonly step: number;
}

/**
 * As {@link findNearest} over all distinct sets, in `threads` threads over shared memory. Each takes every `threads`-th set, so that
 * large and small ones are spread; the result is the same as of one thread.
 */
export async function findNearestInThreads(
  index: FingerprintIndex,
  metric: Metric,
  threads: number,
  progress = (_done: number) => {},
): Promise<Nearest> {
  if (threads < 2) return findNearest(index, metric, 0, 1, progress);
  const shared = Object.fromEntries(
    Object.entries(index).map(([name, values]: [string, Uint32Array]) => [name, toShared(values)]),
  ) as unknown as FingerprintIndex;
  const count = index.copies.length;
  const found = { neighbours: sharedWords(count), common: sharedWords(count) };
  const done = new Array<number>(threads).fill(0);
  const workers = Array.from({ length: threads }, (_, from) => {
    const workerData: NearestJob = { index: shared, metric, from, step: threads, ...found };
    // Threads inherit no loader that was registered at run time, so each is given its own.
    const loader = createRequire(import.meta.url).resolve("tsx");
    const execArgv = ["--import", pathToFileURL(loader).href];
    return new Worker(new URL("nearest-worker.ts", import.meta.url), { workerData, execArgv });
  });
  try {
    await Promise.all(
      workers.map(
        (worker, at) =>
          new Promise<void>((resolve, reject) => {
            worker.on("message", (part: number) => {
              done[at] = part;
              progress(done.reduce((sum, value) => sum + value, 0));
            });
            worker.once("error", reject);
            worker.once("exit", (code) => {
              if (code === 0) resolve();
              else reject(new Error(`a thread of the search ended with code ${code}`));
            });
          }),
      ),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return found;
}

const sharedWords = (length: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * length));

function toShared(values: Uint32Array): Uint32Array {
  const copy = sharedWords(values.length);
  copy.set(values);
  return copy;
}
