import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { JSON_FLAG, optional } from "../options.js";
import { DATABASE_OPTION } from "./database.js";

const OUT_OPTION = optional("out", "The CSV file to write (required)");

/** The analysis of a round, a table at a time. */
export const sybilTasks: TaskDefinition[] = [
  task(["sybil", "dna"], "Find how near each donor's donations are to the nearest other donor's")
    .addPositionalArgument({ name: "file", description: "CSV: donor, and the bits that are set, separated by spaces" })
    .addOption(OUT_OPTION)
    .addOption(optional("metric", "jaccard (default) or hamming"))
    .addFlag({ name: "grants", description: "Compare grants by who gave to them, instead of donors" })
    .addOption({ ...DATABASE_OPTION, description: `${DATABASE_OPTION.description} (default: none, all is done here)` })
    .addOption(optional("blocks", "How many blocks the donors are split into for workers (default: 16)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./dna.js"))
    .build(),
  task(["sybil", "worker"], "Work blocks of donors for `--database` searches, until stopped")
    .addOption({ ...DATABASE_OPTION, description: `${DATABASE_OPTION.description} (default: DATABASE_URL)` })
    .addFlag({ name: "once", description: "End when nothing is queued" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./worker.js"))
    .build(),
  task(["sybil", "metarank"], "Rank accounts over all features, with missing values at either end")
    .addPositionalArgument({ name: "file", description: "CSV: donor and the eleven features; missing values are NA" })
    .addOption(OUT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./metarank.js"))
    .build(),
  task(["sybil", "labels"], "Label accounts that are probably Sybils, or probably people, by ten features")
    .addPositionalArgument({ name: "file", description: "As for metarank; a missing trust bonus is NA, not 0" })
    .addOption(OUT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./labels.js"))
    .build(),
  task(["sybil", "clusters"], "Connect what is near each other into clusters")
    .addPositionalArgument({ name: "file", description: "CSV: a, b, distance" })
    .addOption(OUT_OPTION)
    .addOption(optional("cut", "The largest distance that connects (default: 0.1)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./clusters.js"))
    .build(),
  task(["sybil", "cost"], "Price what forging stamps costs, and the cheapest way to pass a scorer")
    .addPositionalArgument({ name: "file", description: "CSV: stamp, cost and five factors, or the published table" })
    .addOption(optional("out", "The CSV file to write (default: none)"))
    .addOption(optional("weights", "JSON of stamp: weight, to find the cheapest pass (default: none)"))
    .addOption(optional("threshold", "What the weights must sum to (required with --weights)"))
    .addFlag({ name: "correct", description: "Swap the prices of silver and gold staking where silver costs more" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./cost.js"))
    .build(),
  task(["sybil", "stamps"], "Issue the stamp of an analysed round to the accounts that it found to be people")
    .addPositionalArgument({ name: "issuer", description: "The issuer's document, with the round's verdicts" })
    .addOption(optional("round", "The round, as the document names it (required)"))
    .addOption(optional("out", "The folder to write, a file for each account (required)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./stamps.js"))
    .build(),
];
