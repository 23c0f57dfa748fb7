import type { TaskDefinition } from "hardhat/types/tasks";

import { ownerTask, readTask, sendTask } from "../declare.js";
import { optional } from "../options.js";

const STAKING_OPTION = optional("staking", "The staking contract's address (default: the deployed one)");
const FOR_OPTION = optional("for", "The account that is staked on (default: the sender itself)");
const WEEKS_OPTION = optional("weeks", "How long from now the stake is locked, 12 to 104");
const EVIDENCE_OPTION = optional("evidence", "The evidence: a file, or the hash of one (0x…)");

export const stakingTasks: TaskDefinition[] = [
  sendTask(["staking", "deploy"], "Deploy the staking contract; run again to resume")
    .addOption(optional("parameters", "The parameter file (default: deploy/parameters/<network>.json)"))
    .addOption(optional("timelock", "Who appoints the roles (default: the deployed Timelock)"))
    .addOption(optional("token", "The token that is staked (default: the deployed governance token)"))
    .setAction(() => import("./deploy.js"))
    .build(),
  sendTask(["staking", "stake"], "Lock tokens as evidence that an account is a person")
    .addPositionalArgument({ name: "amount", description: "How much, in whole tokens" })
    .addOption(WEEKS_OPTION)
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .setAction(() => import("./stake.js"))
    .build(),
  sendTask(["staking", "extend"], "Lock a stake for longer")
    .addOption(WEEKS_OPTION)
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .setAction(() => import("./extend.js"))
    .build(),
  sendTask(["staking", "withdraw"], "Take an unlocked stake back")
    .addOption(optional("amount", "How much, in whole tokens (default: all of it)"))
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .setAction(() => import("./withdraw.js"))
    .build(),
  ownerTask(["staking", "slash"], "Slash stakes on evidence, as slasher or by a proposal")
    .addPositionalArgument({ name: "percent", description: "Which share of each stake, 1 to 100" })
    .addOption(optional("stakes", "ACCOUNT for a self stake, STAKER:STAKEE for another; separated by commas"))
    .addOption(EVIDENCE_OPTION)
    .addOption(STAKING_OPTION)
    .setAction(() => import("./slash.js"))
    .build(),
  sendTask(["staking", "appeal"], "Contest a slash of one's own stake, once, before its burn time")
    .addOption(EVIDENCE_OPTION)
    .addOption(optional("statement", "What is said against it: a file, or the hash of one (0x…)"))
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .setAction(() => import("./appeal.js"))
    .build(),
  ownerTask(["staking", "release"], "Give slashed tokens back to their stake, as releaser or by a proposal")
    .addPositionalArgument({ name: "stake", description: "ACCOUNT for a self stake, STAKER:STAKEE for another" })
    .addOption(EVIDENCE_OPTION)
    .addOption(optional("amount", "How much, in whole tokens (default: all that is held)"))
    .addOption(STAKING_OPTION)
    .setAction(() => import("./release.js"))
    .build(),
  sendTask(["staking", "burn"], "Burn slashes whose burn time has come; anyone may")
    .addOption(optional("stakes", "Only these stakes, with --evidence (default: everything that is due)"))
    .addOption(EVIDENCE_OPTION)
    .addOption(STAKING_OPTION)
    .setAction(() => import("./burn.js"))
    .build(),
  readTask(["staking", "status"], "Show an account's stakes, given and received, open slashes and tiers")
    .addOption(optional("account", "Whose (default: the network's first account)"))
    .addOption(STAKING_OPTION)
    .setAction(() => import("./status.js"))
    .build(),
];
