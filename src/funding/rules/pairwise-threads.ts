import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

import type { Round } from "../round.js";
import { pairwiseUnderWeights, type PairShare } from "./pairwise.js";

/** Into how many shares the pairs are cut, whatever the number of threads: the figures are the same to the last digit. */
const SHARES = 4;
/** Below as many donations, starting threads costs more than they save. */
export const THREADS_FROM = 50_000;

/** What a thread is given. */
export interface PairwiseJob {
  readonly round: Round;
  readonly m: number;
  readonly weightings: readonly Float64Array[];
  readonly shares: readonly PairShare[];
}

/** {@link pairwiseUnderWeights} in `threads` threads; one of them is this one when there are few donations. */
export async function pairwiseInThreads(
  round: Round,
  m: number,
  weightings: readonly Float64Array[],
  threads: number,
  progress = (_done: number, _total: number) => {},
): Promise<Float64Array[]> {
  const shares = Array.from({ length: SHARES }, (_, from) => ({ from, step: SHARES }));
  const parts = new Map<number, Float64Array[]>();
  const took = ({ from }: PairShare, matching: Float64Array[]) => {
    parts.set(from, matching);
    progress(parts.size, SHARES);
  };
  if (threads < 2 || round.amounts.length < THREADS_FROM) {
    for (const share of shares) took(share, pairwiseUnderWeights(round, m, weightings, share));
  } else {
    const count = Math.min(threads, SHARES);
    const jobs = Array.from({ length: count }, (_, thread) => shares.filter(({ from }) => from % count === thread));
    await Promise.all(jobs.map((own) => inThread({ round, m, weightings, shares: own }, took)));
  }
  return weightings.map((_, at) => {
    const matching = new Float64Array(round.projectNames.length);
    for (const { from } of shares) parts.get(from)?.[at]?.forEach((figure, p) => (matching[p]! += figure));
    return matching;
  });
}

async function inThread(job: PairwiseJob, took: (share: PairShare, matching: Float64Array[]) => void): Promise<void> {
  // Threads inherit no loader that was registered at run time, so each is given its own.
  const loader = createRequire(import.meta.url).resolve("tsx");
  const execArgv = ["--import", pathToFileURL(loader).href];
  const worker = new Worker(new URL("pairwise-worker.ts", import.meta.url), { workerData: job, execArgv });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("message", ({ share, matching }: { share: PairShare; matching: Float64Array[] }) =>
        took(share, matching),
      );
      worker.once("error", reject);
      worker.once("exit", (code) => {
        if (code === 0) resolve();
        else reject(new Error(`a thread of the pairwise matching ended with code ${code}`));
      });
    });
  } finally {
    await worker.terminate();
  }
}
