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

/** The distinct sets that are asked about: `from`, `from + step`, ... */
export interface SearchShare {
  readonly from: number;
  readonly step: number;
  /** Ends the threads; the search then rejects. */
  readonly signal?: AbortSignal;
}

const ALL: SearchShare = { from: 0, step: 1 };

/**
 * As {@link findNearest} over a share of the distinct sets, or over all, in `threads` threads over shared memory. Each takes every
 * `threads`-th set, so that large and small ones are spread; the result is the same as of one thread.
 */
export async function findNearestInThreads(
  index: FingerprintIndex,
  metric: Metric,
  threads: number,
  progress = (_done: number) => {},
  { from: first, step, signal } = ALL,
): Promise<Nearest> {
  if (threads < 2) return findNearest(index, metric, first, step, progress);
  signal?.throwIfAborted();
  const shared = Object.fromEntries(
    Object.entries(index).map(([name, values]: [string, Uint32Array]) => [name, toShared(values)]),
  ) as unknown as FingerprintIndex;
  const count = index.copies.length;
  const found = { neighbours: sharedWords(count), common: sharedWords(count) };
  const done = new Array<number>(threads).fill(0);
  const workers = Array.from({ length: threads }, (_, at) => {
    const share = { from: first + at * step, step: step * threads };
    const workerData: NearestJob = { index: shared, metric, ...share, ...found };
    // Threads inherit no loader that was registered at run time, so each is given its own.
    const loader = createRequire(import.meta.url).resolve("tsx");
    const execArgv = ["--import", pathToFileURL(loader).href];
    return new Worker(new URL("nearest-worker.ts", import.meta.url), { workerData, execArgv });
  });
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => (stop = () => reject(new Error("the search was stopped"))));
  signal?.addEventListener("abort", stop);
  try {
    const ended = Promise.all(
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
    await Promise.race([ended, stopped]);
  } finally {
    signal?.removeEventListener("abort", stop);
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
