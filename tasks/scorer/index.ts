import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";

import { ownerTask, serviceTask } from "../declare.js";
import { optional, REGISTRY_OPTION } from "../options.js";

const SCORER_ARGUMENT = { name: "scorer", description: "The scorer's number at the service" } as const;
const RULES_ARGUMENT = {
  name: "rulesFile",
  description: "Rules (touchstone-scorer-rules-v1), or a version that `sybil tune` proposes; JSON",
} as const;
const REASON_OPTION = optional(
  "reason",
  "Why; published with the version (default: the reason of the file, where it has one)",
);

const ONCHAIN_ARGUMENT = { name: "registryId", description: "The scorer's id in the registry" } as const;

/** Scorers at a running passport service, and who decides about their rules. */
export const scorerTasks: TaskDefinition[] = [
  serviceTask(
    ["scorer", "create"],
    "Create a scorer from a file of rules, from a history of weights, or from the defaults",
  )
    .addPositionalArgument({ ...RULES_ARGUMENT, type: ArgumentType.STRING_WITHOUT_DEFAULT, defaultValue: undefined })
    .addOption(optional("history", "Instead: a file of weight tables, oldest first; each becomes a version"))
    .addFlag({ name: "default", description: "Instead: the ecosystem's current weights" })
    .addOption(optional("name", "The scorer's name (required)"))
    .addOption(optional("description", "What it is for"))
    .addOption(optional("reason", "Why; published with the version (required with a file of rules that gives none)"))
    .setAction(() => import("./create.js"))
    .build(),
  serviceTask(["scorer", "preview"], "Say whose verdict rules would turn, before they are a version")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(RULES_ARGUMENT)
    .addOption(optional("out", "The file to write: a line of JSON for each account whose verdict turns (required)"))
    .setAction(() => import("./preview.js"))
    .build(),
  serviceTask(["scorer", "version"], "Add a version to a scorer; scores follow with the next rescore")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(RULES_ARGUMENT)
    .addOption(REASON_OPTION)
    .setAction(() => import("./version.js"))
    .build(),
  serviceTask(["scorer", "list"], "List the scorers")
    .setAction(() => import("./list.js"))
    .build(),
  serviceTask(["scorer", "rescore"], "Rescore everybody under the newest version, in the background")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addOption(optional("reason", "Why; kept in the log (required)"))
    .addFlag({ name: "wait", description: "Wait for its end and show how far it is" })
    .setAction(() => import("./rescore.js"))
    .build(),
  serviceTask(["scorer", "link"], "Say which scorer of the registry a scorer's roots are for, once")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ONCHAIN_ARGUMENT)
    .setAction(() => import("./link.js"))
    .build(),
  serviceTask(["scorer", "root"], "Have the next root of a scorer built and signed, for `passport anchor`")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addOption(optional("number", "The root's number (default: the next one); the same again replaces it"))
    .addOption(optional("out", "The file to write (required)"))
    .setAction(() => import("./root.js"))
    .build(),
  ownerTask(["scorer", "govern"], "Put a scorer's rules to the vote: from then on only roots of approved rules count")
    .addPositionalArgument(ONCHAIN_ARGUMENT)
    .addOption(optional("operator", "Who signs its roots (default: the present authority)"))
    .addOption(optional("timelock", "Who approves rules (default: the deployed Timelock)"))
    .addOption(REGISTRY_OPTION)
    .setAction(() => import("./govern.js"))
    .build(),
  ownerTask(["scorer", "approve"], "Approve rules of a scorer, as governance or by a proposal")
    .addPositionalArgument(ONCHAIN_ARGUMENT)
    .addPositionalArgument(RULES_ARGUMENT)
    .addOption(REGISTRY_OPTION)
    .setAction(() => import("./approve.js"))
    .build(),
];
