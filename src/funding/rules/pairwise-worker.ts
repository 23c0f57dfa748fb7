// One thread of a pairwise matching: takes shares of the pairs, one after another, and answers with what each comes to.
import { parentPort, workerData } from "node:worker_threads";

import { pairwiseUnderWeights } from "./pairwise.js";
import type { PairwiseJob } from "./pairwise-threads.js";

const { round, m, weightings, shares } = workerData as PairwiseJob;
for (const share of shares)
  parentPort?.postMessage({ share, matching: pairwiseUnderWeights(round, m, weightings, share) });
