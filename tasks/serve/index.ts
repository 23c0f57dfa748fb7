import type { TaskDefinition } from "hardhat/types/tasks";

import { readTask } from "../declare.js";
import { optional } from "../options.js";

/** The services, each until it is told to stop. */
export const serveTasks: TaskDefinition[] = [
  readTask(
    ["serve", "claims"],
    "Run the claim service; its settings are the CLAIMS_ variables, see docs/claim-service.md",
  )
    .addOption(optional("list", "The folder that `distribution build` wrote (default: CLAIMS_LIST)"))
    .addOption(optional("distributor", "The distributor's address (default: the deployed one)"))
    .setAction(() => import("./claims.js"))
    .build(),
  readTask(
    ["serve", "passport"],
    "Run the passport service; its settings are the PASSPORT_ variables, see docs/passport.md",
  )
    .addOption(optional("issuers", "The file of trusted issuers (default: PASSPORT_ISSUERS)"))
    .addOption(optional("registry", "The registry's address (default: the deployed one)"))
    .setAction(() => import("./passport.js"))
    .build(),
];
