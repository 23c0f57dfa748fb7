import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { readTask } from "../declare.js";
import { DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";

const DISTRIBUTOR_OPTION = optional("distributor", "The distributor's address (default: the deployed one)");
const LIST_OPTION = optional("list", "The folder that `distribution build` wrote (required)");
const USER_ARGUMENT = { name: "userId", description: "The user's id in the list" } as const;

export const claimTasks: TaskDefinition[] = [
  readTask(["claim", "sign"], "Sign one claim offline, with the claim signer's key")
    .addPositionalArgument(USER_ARGUMENT)
    .addPositionalArgument({ name: "account", description: "The account that is paid" })
    .addOption(LIST_OPTION)
    .addOption(optional("delegatee", "The account's new delegate (default: keep the current one)"))
    .addOption(optional("lifetime", "How long the claim can be sent, in seconds (default: 3600)"))
    .addOption(optional("deadline", "Instead of a lifetime: the last second, since the epoch"))
    .addOption(optional("submitter", "A sponsor who will send the claim"))
    .addOption(optional("accountSignature", "The account's own signature over the sponsored claim"))
    .addOption(optional("keystore", "An encrypted key file (default: the variable CLAIMS_SIGNER_KEY)"))
    .addOption(optional("out", "The file to write (default: print the claim)"))
    .addOption(optional("chainId", "The chain's id, to work without a network"))
    .addOption(DISTRIBUTOR_OPTION)
    .setAction(() => import("./sign.js"))
    .build(),
  task(["claim", "verify"], "Check a claim file offline: leaf, digest, signer, root; also the original format")
    .addPositionalArgument({ name: "file", description: "The claim file" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./verify.js"))
    .build(),
  task(["claim", "send"], "Send a claim file: as its account, or as the sponsor it names")
    .addPositionalArgument({ name: "file", description: "The claim file" })
    .addOption(FROM_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./send.js"))
    .build(),
  readTask(["claim", "status"], "Say whether a user has claimed: ask the chain, or the claim service")
    .addPositionalArgument(USER_ARGUMENT)
    .addOption(optional("service", "The claim service's URL; its secret is the variable CLAIMS_SECRET"))
    .addOption(DISTRIBUTOR_OPTION)
    .setAction(() => import("./status.js"))
    .build(),
];
