import { emptyTask, task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { serviceTask } from "../declare.js";
import { FROM_OPTION, JSON_FLAG, optional } from "../options.js";

const SCORER_ARGUMENT = { name: "scorer", description: "The scorer's number at the service" } as const;
const REASON_OPTION = optional("reason", "Why; kept in the log (required)");
const ACCOUNT_ARGUMENT = { name: "account", description: "Whose passport" } as const;

/** Work on passports at a running service. */
export const passportServiceTasks: TaskDefinition[] = [
  task(
    ["passport", "collect"],
    "Issue the stamps that an account is entitled to; the chain is the one that --network names",
  )
    .addPositionalArgument({ name: "issuer", description: "The issuer's document: keys by name, and providers" })
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addOption(optional("out", "The file to write, for `passport stamp` (required)"))
    .addOption(optional("only", "Names of providers, separated by commas (default: all)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./collect.js"))
    .build(),
  serviceTask(["passport", "stamp"], "Submit credentials; prints what became of each, and the score")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addPositionalArgument({ name: "file", description: "One credential or a list of them, JSON" })
    .setAction(() => import("./stamp.js"))
    .build(),
  serviceTask(["passport", "score"], "Show an account's score")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .setAction(() => import("./score.js"))
    .build(),
  serviceTask(["passport", "explain"], "Explain a score stamp by stamp, with what happened to each")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .setAction(() => import("./explain.js"))
    .build(),
  serviceTask(["passport", "export"], "Write an account's credentials to a file, as their issuers signed them")
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addOption(optional("out", "The file to write (required)"))
    .setAction(() => import("./export.js"))
    .build(),
  serviceTask(["passport", "import"], "Bring an exported passport to another scorer or service")
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addPositionalArgument({ name: "file", description: "What `passport export` wrote" })
    .setAction(() => import("./import.js"))
    .build(),
  serviceTask(
    ["passport", "prove"],
    "Get the proof of a score as it is now, or have it in the next root; its holder's right",
  )
    .addPositionalArgument(SCORER_ARGUMENT)
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addOption(optional("out", "The file to write, for `passport submit --proof` (required)"))
    .setAction(() => import("./prove.js"))
    .build(),
  serviceTask(["passport", "consent"], "Let a key read an account's stamps; its holder's right")
    .addPositionalArgument(ACCOUNT_ARGUMENT)
    .addPositionalArgument({ name: "key", description: "The key's id" })
    .addFlag({ name: "withdraw", description: "Take the consent back instead" })
    .setAction(() => import("./consent.js"))
    .build(),
  task(["passport", "sign-in"], "Sign in with an account of the network; prints what PASSPORT_SESSION wants")
    .addOption(optional("service", "The passport service's URL (required)"))
    .addOption(optional("site", "The site that the service knows (default: localhost)"))
    .addOption(FROM_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./sign-in.js"))
    .build(),
  serviceTask(["passport", "revoke"], "Revoke a credential for all scorers")
    .addPositionalArgument({ name: "digest", description: "The credential's digest, 0x…" })
    .addOption(REASON_OPTION)
    .setAction(() => import("./revoke.js"))
    .build(),
  serviceTask(["passport", "reload-revocations"], "Have the issuers' revocation lists read again")
    .setAction(() => import("./reload-revocations.js"))
    .build(),
  serviceTask(["passport", "ban"], "Ban an account, a nullifier, or an account's stamp of one provider")
    .addPositionalArgument({ name: "kind", description: "account, nullifier or stamp" })
    .addPositionalArgument({ name: "subject", description: "The address, or the nullifier as in the credential" })
    .addOption(optional("provider", "Whose stamp is banned, with kind stamp"))
    .addOption(optional("until", "Seconds since the epoch (default: for good)"))
    .addOption(REASON_OPTION)
    .setAction(() => import("./ban.js"))
    .build(),
  serviceTask(["passport", "unban"], "End a ban before its time")
    .addPositionalArgument({ name: "ban", description: "The ban's number" })
    .addOption(REASON_OPTION)
    .setAction(() => import("./unban.js"))
    .build(),
  serviceTask(["passport", "bans"], "List the bans in force")
    .addOption(optional("account", "Only those of this account and its stamps"))
    .setAction(() => import("./bans.js"))
    .build(),
  emptyTask(["passport", "key"], "API keys of the passport service").build(),
  task(["passport", "key", "create"], "Make an API key: on the service's database, or through the service")
    .addOption(optional("name", "Whose key it is (required)"))
    .addOption(optional("scopes", "scores, stamps, submit, scorers, bans, operator; separated by commas (required)"))
    .addOption(optional("service", "A running service's URL, with an operator's PASSPORT_API_KEY (default: database)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./create-key.js"))
    .build(),
];
