import type { TaskDefinition } from "hardhat/types/tasks";

import { readTask, sendTask } from "../declare.js";
import { optional } from "../options.js";

export const protocolTasks: TaskDefinition[] = [
  sendTask(["protocol", "deploy"], "Deploy the protocol and hand it over to the Timelock; run again to resume")
    .addOption(optional("list", "The folder that `distribution build` wrote"))
    .addOption(optional("parameters", "The parameter file (default: deploy/parameters/<network>.json)"))
    .setAction(() => import("./deploy.js"))
    .build(),
  readTask(["protocol", "inspect"], "Prove on any network who owns what; fails when anything is not as it must be")
    .addOption(optional("list", "The ratified list's folder: also check that the distributor pays this list"))
    .addOption(optional("parameters", "The parameter file: also check that the settings are still these"))
    .addOption(optional("timelock", "The Timelock's address (this and the next: default the deployed one's)"))
    .addOption(optional("token", "The token's address"))
    .addOption(optional("distributor", "The launch distributor's address"))
    .addOption(optional("governor", "The governor's address"))
    .addOption(optional("vester", "The treasury vester's address"))
    .addOption(optional("deployer", "Who must have kept nothing (default: the Timelock's creator)"))
    .addOption(optional("fromBlock", "A block before the deployment (default: the recorded one, or 0)"))
    .addFlag({ name: "code", description: "Also build this checkout and compare the contracts' code with it" })
    .setAction(() => import("./inspect.js"))
    .build(),
  readTask(["protocol", "verify"], "Verify the source of every deployed contract on an explorer")
    .addOption(optional("provider", "etherscan, blockscout or sourcify (default: etherscan)"))
    .addFlag({ name: "dryRun", description: "Print addresses and constructor arguments, ask no explorer" })
    .setAction(() => import("./verify.js"))
    .build(),
];
