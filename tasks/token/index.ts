import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";

const TOKEN_OPTION = optional("token", "The token's address (default: the deployed one)");

export const tokenTasks: TaskDefinition[] = [
  task(["token", "info"], "Show the token's supply and powers, and an account's balance and votes")
    .addOption(optional("account", "An account to look at"))
    .addOption(TOKEN_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./info.js"))
    .build(),
  task(["token", "mint"], "Mint, as the minter or by a proposal to the Timelock")
    .addPositionalArgument({ name: "to", description: "The account that receives the tokens" })
    .addPositionalArgument({ name: "amount", description: "Whole tokens, such as 1000 or 2.5" })
    .addOption(optional("description", "The proposal's description (default: what is minted)"))
    .addFlag({ name: "propose", description: "Make the proposal, when the sender is not the minter" })
    .addOption(TOKEN_OPTION)
    .addOption(optional("governor", "The governor's address (default: the deployed one)"))
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./mint.js"))
    .build(),
];
