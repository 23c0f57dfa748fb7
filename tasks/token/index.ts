import type { TaskDefinition } from "hardhat/types/tasks";

import { ownerTask, readTask } from "../declare.js";
import { optional } from "../options.js";

const TOKEN_OPTION = optional("token", "The token's address (default: the deployed one)");

export const tokenTasks: TaskDefinition[] = [
  readTask(["token", "info"], "Show the token's supply and powers, and an account's balance and votes")
    .addOption(optional("account", "An account to look at"))
    .addOption(TOKEN_OPTION)
    .setAction(() => import("./info.js"))
    .build(),
  ownerTask(["token", "mint"], "Mint, as the minter or by a proposal to the Timelock")
    .addPositionalArgument({ name: "to", description: "The account that receives the tokens" })
    .addPositionalArgument({ name: "amount", description: "Whole tokens, such as 1000 or 2.5" })
    .addOption(TOKEN_OPTION)
    .setAction(() => import("./mint.js"))
    .build(),
];
