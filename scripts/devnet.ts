// `npm run devnet`: a whole network as processes of its own on this machine, through crashes, epoch after epoch. With `--epochs N` so
// many of them; with `--keep` the network stays up until Ctrl-C; logs and databases go to `--folder DIRECTORY`.
import path from "node:path";

import { DomainError } from "../src/shared/errors.js";
import { Narrator } from "./demo/narrator.js";
import { readOptions, type DevnetOptions } from "./devnet/options.js";
import { openNetwork } from "./devnet/open-network.js";
import { runEpochs, tellUrls } from "./devnet/story.js";
import { Supervisor } from "./devnet/supervisor.js";

/** As shells have it for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

const started = Date.now();
// Ctrl-C reaches this process more than once when npm passes it on; the first one counts.
const interrupted = new Promise<"interrupted">((resolve) => {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => resolve("interrupted"));
});

/** Gives the exit code; whatever happens, no process of the network is left. */
async function run({ epochs, keep, folder }: DevnetOptions): Promise<number> {
  const logs = path.join(folder, "logs");
  const supervisor = new Supervisor(logs);
  const narrator = new Narrator(folder);
  const story = async () => {
    const world = await openNetwork(narrator, supervisor, folder);
    await runEpochs(world, epochs, { supervisor, started });
    tellUrls(world, folder, keep);
  };
  try {
    const told = await Promise.race([story(), supervisor.failed, interrupted]);
    if (told === "interrupted") return INTERRUPTED;
    if (keep) await Promise.race([supervisor.failed, interrupted]);
    return 0;
  } catch (error) {
    console.error(sentence(error));
    console.error(`Not all of it held. The processes' logs are in ${logs}`);
    return 1;
  } finally {
    await supervisor.stopAll();
  }
}

/** A failure that somebody can act on is one sentence; a fault of ours keeps its stack. */
const sentence = (error: unknown): unknown =>
  error instanceof DomainError ? `${error.message} (${error.code})` : error;

try {
  const name = `devnet-${new Date(started).toISOString().replace(/[:.]/g, "-")}`;
  process.exit(await run(readOptions(process.argv.slice(2), path.join("data", name))));
} catch (error) {
  console.error(sentence(error));
  process.exit(1);
}
