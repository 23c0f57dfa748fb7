import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, JSON_FLAG, optional } from "../options.js";

/** The stewards' nodes, each until it is told to stop. */
export const serveNodeTasks: TaskDefinition[] = [
  task(
    ["serve", "aggregator"],
    "Collect the stewards' signatures and make certificates; its settings are the AGGREGATOR_ variables, see docs/nodes.md",
  )
    .addOption(optional("registry", "The certificate registry's address (default: the deployed one)"))
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./aggregator.js"))
    .build(),
  task(
    ["serve", "watcher"],
    "Watch aggregators and the registry, and alarm; its settings are the WATCHER_ variables, see docs/nodes.md",
  )
    .addOption(optional("registry", "The certificate registry's address (default: the deployed one)"))
    .addOption(optional("aggregator", "URLs of aggregators, separated by commas (default: WATCHER_AGGREGATORS)"))
    .addFlag({ name: "once", description: "Look once and exit with 1 when there is an alarm" })
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./watcher.js"))
    .build(),
  task(
    ["serve", "signer"],
    "Sign scores and stakes for a steward's account; its settings are the SIGNER_ variables, see docs/nodes.md",
  )
    .addOption(optional("registry", "The certificate registry's address (default: the deployed one)"))
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./signer.js"))
    .build(),
];
