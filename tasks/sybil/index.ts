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
    .addOption(
      optional("weights", "JSON of stamp: weight, or a scorer's rules, to find the cheapest pass (default: none)"),
    )
    .addOption(
      optional("threshold", "What the weights must sum to (default: the rules' own; required with a table of weights)"),
    )
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
  task(["sybil", "tune"], "Propose weights and threshold for the next round out of what this one showed")
    .addPositionalArgument({ name: "directory", description: "The round: a folder with round.json" })
    .addOption(optional("out", "The proposed version to write, for `scorer version` (required)"))
    .addOption(optional("include", "Share of people who must pass, 0 to 1 (default: as many as can)"))
    .addOption(optional("penetration", "Share of Sybils that may pass, 0 to 1 (default: 0.1, or as few as can)"))
    .addOption(optional("leastCost", "Dollars that the cheapest pass must cost (default: what it costs now)"))
    .addOption(optional("curve", "CSV of the trade-off by threshold to write (default: none)"))
    .addOption(optional("details", "JSON of everything that was found to write (default: none)"))
    .addOption(
      optional("report", "SHA-256, or file (result.json), of the report that is the reason (default: the details)"),
    )
    .addFlag({ name: "naming", description: "Name the donors whose verdict turns, in the details" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./tune.js"))
    .build(),
  task(
    ["sybil", "calibrate"],
    "Compare a trust score with flags: the share of flagged accounts in each band of the score",
  )
    .addPositionalArgument({ name: "file", description: "CSV: donor, trust_bonus, sad; missing scores are NA" })
    .addOption(optional("out", "The CSV file to write: b, n, sybil, share (default: none)"))
    .addOption(optional("edges", "Edges of the bands, ascending (default: 0,0.02,0.05,0.08,0.1,0.15,0.2,0.3,0.4,0.6)"))
    .addOption(optional("flagFrom", "From this sad on an account counts as flagged (default: 0.5)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./calibrate.js"))
    .build(),
  task(["sybil", "review"], "Draw the donors whose judgement by people would say most")
    .addPositionalArgument({ name: "dir", description: "The round's folder, or its round.json" })
    .addOption(optional("out", "The CSV file to write, to be filled in: donor, rater, label (required)"))
    .addOption(optional("count", "How many donors (default: 50)"))
    .addOption(optional("seed", "What decides between donors that are equally uncertain (default: 1)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./review.js"))
    .build(),
  task(
    ["sybil", "report"],
    "Analyse a whole round: who looks like a Sybil, what it costs, and what it does to the matching",
  )
    .addPositionalArgument({ name: "place", description: "A round's folder, or its round.json" })
    .addOption(optional("out", "The folder to write (required)"))
    .addFlag({ name: "names", description: "Name accounts instead of giving them pseudonyms" })
    .addOption(optional("saltFile", "A secret of 16 bytes or more that makes the pseudonyms (default: random)"))
    .addOption(optional("seed", "Of the model's folds (default: 1)"))
    .addOption(optional("priceFactor", "Multiplies the prices of stamps, for a place where they differ (default: 1)"))
    .addOption(
      optional("database", "A PostgreSQL URL: share the search for nearest donors with its workers (default: none)"),
    )
    .addOption(optional("blocks", "With --database: how many pieces the search is cut into (default: 16)"))
    .addFlag({ name: "force", description: "Replace a report that is there" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./report.js"))
    .build(),
];
