import { emptyTask, task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, JSON_FLAG, optional } from "../options.js";
import { SERVICE_OPTION } from "./open-service.js";

const SCORER_ARGUMENT = { name: "scorer", description: "The scorer's number at the service" } as const;
const ACCOUNT_ARGUMENT = { name: "account", description: "Whose passport" } as const;

/** Work on passports at a running service, and the service itself. */
export const passportServiceTasks: TaskDefinition[] = [
  task(["passport", "stamp"], "Submit credentials; prints what became of each, and the score")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addPositionalArgument({ name: "file", description: "One credential or a list of them, JSON" })
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./stamp.js"))
    .build(),
  task(["passport", "score"], "Show an account's score")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./score.js"))
    .build(),
  task(["passport", "explain"], "Explain a score stamp by stamp, with what happened to each")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./explain.js"))
    .build(),
  task(["passport", "export"], "Write an account's credentials to a file, as their issuers signed them")
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addOption(optional("out", "The file to write (required)"))
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./export.js"))
    .build(),
  task(["passport", "import"], "Bring an exported passport to another scorer or service")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addPositionalArgument({ name: "file", description: "What `passport export` wrote" })
    .addOption(SERVICE_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./import.js"))
    .build(),
  task(
    ["passport", "serve"],
    "Run the passport service; its settings are the PASSPORT_ variables, see docs/passport.md",
  )
    .addOption(optional("issuers", "The file of trusted issuers (default: PASSPORT_ISSUERS)"))
    .addOption(optional("registry", "The registry's address (default: the deployed one)"))
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./serve.js"))
    .build(),
  emptyTask(["passport", "key"], "API keys of the passport service").build(),
  task(["passport", "key", "create"], "Make an API key: on the service's database, or through the service")
    .addOption(optional("name", "Whose key it is (required)"))
    .addOption(optional("scopes", "scores, stamps, submit, scorers, operator; separated by commas (required)"))
    .addOption(optional("service", "A running service's URL, with an operator's PASSPORT_API_KEY (default: database)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./create-key.js"))
    .build(),
];
