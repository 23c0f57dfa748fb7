import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { JSON_FLAG, optional } from "../options.js";

/** Quadratic funding. */
export const fundingTasks: TaskDefinition[] = [
  task(
    ["qf", "donations"],
    "Read donations from the transfers of a token to the projects, on the chain that --network names",
  )
    .addPositionalArgument({ name: "file", description: "CSV: project, address" })
    .addOption(optional("out", "The CSV file to write (required)"))
    .addOption(optional("token", "The ERC-20 token that was donated (required)"))
    .addOption(optional("fromBlock", "The first block of the round (required)"))
    .addOption(optional("toBlock", "The last block of the round (default: the newest with its confirmations)"))
    .addOption(optional("confirmations", "Blocks that must follow the last one (default: 12)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./donations.js"))
    .build(),
  task(["qf", "match"], "Match donations by a rule, and cut a pool by it")
    .addPositionalArgument({ name: "file", description: "CSV: donor, project, amount" })
    .addOption(optional("out", "The CSV file to write (required)"))
    .addOption(optional("rule", "standard (default), pairwise, donation-profiles, cluster-profiles or cocm"))
    .addOption(optional("m", "pairwise: the constant M (default 25)"))
    .addOption(optional("clusters", "cluster-profiles and cocm: CSV of donor, cluster (required by them)"))
    .addOption(optional("closeness", "cocm: markov (default), pct_friends or og"))
    .addOption(optional("discount", "cocm: harsh (default) or soft"))
    .addOption(optional("pool", "A pool to cut in proportion (default: none)"))
    .addOption(optional("cap", "The largest share of the pool for one project, above 0 up to 1 (default: 1)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./match.js"))
    .build(),
  task(["qf", "tax"], "Match without flagged donors, and tax the projects that they gave to")
    .addPositionalArgument({ name: "file", description: "CSV: donor, project, amount" })
    .addOption(optional("out", "The CSV file to write (required)"))
    .addOption(optional("flagged", "CSV of donor: the flagged ones (required)"))
    .addOption(optional("k", "The share that is taken for as many flagged donors as others (default: 0.5)"))
    .addOption(optional("cap", "The largest share that is taken, below 1 (default: 0.25)"))
    .addOption(optional("pool", "A pool to cut in proportion to the standard matching, before the tax (default: none)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./tax.js"))
    .build(),
  task(["qf", "payout"], "Turn payouts of projects into a list that `distribution build` takes")
    .addPositionalArgument({
      name: "file",
      description: "CSV: project, payout; as qf match --pool and qf tax write it",
    })
    .addOption(optional("out", "The CSV file to write (required)"))
    .addOption(optional("recipients", "CSV: project, user_id, address (required)"))
    .addOption(optional("units", "The token's smallest units that the pool holds (required)"))
    .addOption(optional("pool", "The pool in the currency of the payouts (default: their sum)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./payout.js"))
    .build(),
];
