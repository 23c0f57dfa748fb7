// A worker or the coordinator of a queued search in a process of its own. With KILL_FROM it kills itself (SIGKILL: no handler runs,
// nothing is flushed) when so many sets are done, of the block or of the search; it begins when it is told to.
import { once } from "node:events";

import { nearestDistancesQueued } from "../../../src/bin/sybil/nearest-queued.js";
import { startSybilWorker } from "../../../src/bin/sybil/worker.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { Secret } from "../../../src/shared/secret.js";
import { generatedSets } from "./sets.js";

const { ROLE: role, ROWS: rows, SEED: seed, BLOCKS: blocks, KILL_FROM: killFrom, DATABASE_URL: url } = process.env;
const database = new Secret(url ?? "");

function progress(done: number): void {
  if (killFrom === undefined || done < Number(killFrom)) return;
  process.kill(process.pid, "SIGKILL");
  for (;;); // the signal ends this loop
}

const told = once(process, "message");
process.send?.("ready");
await told;
if (role === "worker") {
  const timing = { pieceSeconds: 2, superviseSeconds: 1 };
  await startSybilWorker(database, { logger: silentLogger, threads: 1, timing, progress });
} else {
  const sets = generatedSets(Number(rows), Number(seed));
  await nearestDistancesQueued(sets, "jaccard", { database, blocks: Number(blocks), threads: 1, progress });
  process.exit(0);
}
