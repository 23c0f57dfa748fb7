import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { JSON_FLAG, optional } from "../options.js";

const OUT_OPTION = optional("out", "The CSV file to write (required)");

/** The analysis of a round, a table at a time. */
export const sybilTasks: TaskDefinition[] = [
  task(["sybil", "dna"], "Find how near each donor's donations are to the nearest other donor's")
    .addPositionalArgument({ name: "file", description: "CSV: donor, and the bits that are set, separated by spaces" })
    .addOption(OUT_OPTION)
    .addOption(optional("metric", "jaccard (default) or hamming"))
    .addFlag({ name: "grants", description: "Compare grants by who gave to them, instead of donors" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./dna.js"))
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
  task(["sybil", "generate"], "Invent a round with planted farms, whose truth is known")
    .addPositionalArgument({ name: "directory", description: "The folder to write; empty, or not there yet" })
    .addOption(optional("donors", "Donors, those of farms included (default: 2000)"))
    .addOption(optional("projects", "Projects (default: 60)"))
    .addOption(optional("farms", "Comma-separated kind:accounts[:adaptive] (default: one of each kind)"))
    .addFlag({ name: "adaptive", description: "Let all farms keep below the published thresholds" })
    .addOption(optional("seed", "The same seed makes the same round (default: 1)"))
    .addOption(optional("labels", "Donors that a simulated review labels (default: 0)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./generate.js"))
    .build(),
];
