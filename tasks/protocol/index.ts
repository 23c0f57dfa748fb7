import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";

export const protocolTasks: TaskDefinition[] = [
  task(["protocol", "deploy"], "Deploy the protocol and hand it over to the Timelock; run again to resume")
    .addOption(optional("list", "The folder that `distribution build` wrote"))
    .addOption(optional("parameters", "The parameter file (default: deploy/parameters/<network>.json)"))
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./deploy.js"))
    .build(),
  task(["protocol", "inspect"], "Prove on any network who owns what; fails when anything is not as it must be")
    .addOption(optional("list", "The ratified list's folder: also check that the distributor pays this list"))
    .addOption(optional("parameters", "The parameter file: also check that the settings are still these"))
    .addOption(optional("timelock", "The Timelock's address (this and the next: default the deployed one's)"))
    .addOption(optional("token", "The token's address"))
    .addOption(optional("distributor", "The launch distributor's address"))
    .addOption(optional("governor", "The governor's address"))
    .addOption(optional("vester", "The treasury vester's address"))
    .addOption(optional("deployer", "Who must have kept nothing (default: the Timelock's creator)"))
    .addOption(optional("fromBlock", "A block before the deployment (default: the recorded one, or 0)"))
    .addOption(DEPLOYMENT_OPTION)
    .addFlag({ name: "code", description: "Also build this checkout and compare the contracts' code with it" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./inspect.js"))
    .build(),
  task(["protocol", "verify"], "Verify the source of every deployed contract on an explorer")
    .addOption(optional("provider", "etherscan, blockscout or sourcify (default: etherscan)"))
    .addOption(DEPLOYMENT_OPTION)
    .addFlag({ name: "dryRun", description: "Print addresses and constructor arguments, ask no explorer" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./verify.js"))
    .build(),
];
