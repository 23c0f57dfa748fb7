import { writeFileSync } from "node:fs";
import path from "node:path";

import { toJson } from "../../src/shared/json.js";
import { crashOf, type Crash } from "./crashes.js";
import { runEpoch, wake, type World } from "./epoch.js";
import type { Supervisor } from "./supervisor.js";
import { judge } from "./verdict.js";

/** The first epoch that can be certified: its keys were registered in epoch 1. */
const FIRST = 3n;

/** Epoch after epoch with its crash, and what holds in the end. */
export async function runEpochs(
  world: World,
  epochs: number,
  { supervisor, started }: { supervisor: Supervisor; started: number },
): Promise<void> {
  const { narrator, members, folder } = world;
  const last = FIRST + BigInt(epochs) - 1n;
  let asleep: Crash | undefined;
  for (let epoch = FIRST; epoch <= last; epoch++) {
    asleep = await runEpoch(world, epoch, crashOf(epoch, FIRST), asleep);
  }
  if (asleep !== undefined) await wake(world, asleep);
  narrator.chapter("What holds in the end");
  await judge(world, FIRST, last);
  const seconds = (Date.now() - started) / 1_000;
  const { kills, count: processes } = supervisor;
  const people = members.accounts.length;
  writeFileSync(path.join(folder, "summary.json"), `${toJson({ epochs, last, kills, processes, people, seconds })}\n`);
  narrator.say(
    [
      "",
      "Summary",
      `   ${epochs} epochs certified without a gap by ${processes} processes; ${kills} times one was killed and came back`,
      `   ${people} people's scores on the chain are what the service says`,
      `   took ${seconds.toFixed(1)} s`,
    ].join("\n"),
  );
}

/** Where everything is, and how to look at it from another shell while it runs. */
export function tellUrls({ narrator, chain, contracts, nodes }: World, folder: string, keep: boolean): void {
  narrator.say(`   logs and databases: ${path.relative(process.cwd(), folder)}`);
  if (!keep) return;
  const { passport, aggregator, follower, watcher } = nodes;
  const lines = { chain, "passport service": passport, aggregator, follower, watcher };
  narrator.say("\nThe network stays up until Ctrl-C");
  for (const [name, { url }] of Object.entries(lines)) narrator.step(name, url, "");
  for (const [name, { url }] of nodes.signers) narrator.step(name, `${url}/health`, "");
  const registry = contracts.network.gateway.address;
  narrator.say(
    `   LOCALHOST_RPC_URL=${chain.url} npx hardhat --network localhost certificate verify ` +
      `--registry ${registry} --aggregator ${aggregator.url} --onchain`,
  );
}
