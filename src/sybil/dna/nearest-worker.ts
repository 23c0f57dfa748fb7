// One thread of a search for neighbours: takes its share of the sets, and writes into memory that it shares with the others.
import { parentPort, workerData } from "node:worker_threads";

import { findNearest } from "./nearest.js";
import type { NearestJob } from "./nearest-threads.js";

const { index, metric, from, step, neighbours, common } = workerData as NearestJob;
const found = findNearest(index, metric, from, step, (done) => parentPort?.postMessage(done));
for (let u = from; u < neighbours.length; u += step) {
  neighbours[u] = found.neighbours[u] as number;
  common[u] = found.common[u] as number;
}
