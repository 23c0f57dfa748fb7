import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { JSON_FLAG, optional } from "../options.js";
import { SERVICE_OPTION } from "../passport/open-service.js";

const SCORER_ARGUMENT = { name: "scorer", description: "The scorer's number at the service" } as const;
const RULES_ARGUMENT = { name: "rulesFile", description: "A touchstone-scorer-rules-v1 document, JSON" } as const;
const REASON_OPTION = optional("reason", "Why; published with the version (required)");

/** Scorers at a running passport service. */
export const scorerTasks: TaskDefinition[] = [
  task(["scorer", "create"], "Create a scorer from a file of rules")
    .addPositionalArgument(RULES_ARGUMENT)
    .addOption(optional("name", "The scorer's name (required)"))
    .addOption(optional("description", "What it is for"))
    .addOption(REASON_OPTION)
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./create.js"))
    .build(),
  task(["scorer", "version"], "Add a version to a scorer; scores follow with the next rescore")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(RULES_ARGUMENT)
    .addOption(REASON_OPTION)
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./version.js"))
    .build(),
  task(["scorer", "list"], "List the scorers")
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./list.js"))
    .build(),
  task(["scorer", "rescore"], "Rescore everybody under the newest version, in the background")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addOption(optional("reason", "Why; kept in the log (required)"))
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./rescore.js"))
    .build(),
];
