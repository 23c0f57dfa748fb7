import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";

const STAKING_OPTION = optional("staking", "The staking contract's address (default: the deployed one)");
const FOR_OPTION = optional("for", "The account that is staked on (default: the sender itself)");
const WEEKS_OPTION = optional("weeks", "How long from now the stake is locked, 12 to 104");
const EVIDENCE_OPTION = optional("evidence", "The evidence: a file, or the hash of one (0x…)");
const GOVERNOR_OPTION = optional("governor", "The governor's address (default: the deployed one)");
const DESCRIPTION_OPTION = optional("description", "The proposal's description (default: what is done)");
const PROPOSE_FLAG = { name: "propose", description: "Make the proposal, when the sender lacks the role" } as const;

export const stakingTasks: TaskDefinition[] = [
  task(["staking", "deploy"], "Deploy the staking contract; run again to resume")
    .addOption(optional("parameters", "The parameter file (default: deploy/parameters/<network>.json)"))
    .addOption(optional("timelock", "Who appoints the roles (default: the deployed Timelock)"))
    .addOption(optional("token", "The token that is staked (default: the deployed governance token)"))
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./deploy.js"))
    .build(),
  task(["staking", "stake"], "Lock tokens as evidence that an account is a person")
    .addPositionalArgument({ name: "amount", description: "How much, in whole tokens" })
    .addOption(WEEKS_OPTION)
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./stake.js"))
    .build(),
  task(["staking", "extend"], "Lock a stake for longer")
    .addOption(WEEKS_OPTION)
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./extend.js"))
    .build(),
  task(["staking", "withdraw"], "Take an unlocked stake back")
    .addOption(optional("amount", "How much, in whole tokens (default: all of it)"))
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./withdraw.js"))
    .build(),
  task(["staking", "slash"], "Slash stakes on evidence, as slasher or by a proposal")
    .addPositionalArgument({ name: "percent", description: "Which share of each stake, 1 to 100" })
    .addOption(optional("stakes", "ACCOUNT for a self stake, STAKER:STAKEE for another; separated by commas"))
    .addOption(EVIDENCE_OPTION)
    .addOption(STAKING_OPTION)
    .addOption(GOVERNOR_OPTION)
    .addOption(DESCRIPTION_OPTION)
    .addFlag(PROPOSE_FLAG)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./slash.js"))
    .build(),
  task(["staking", "appeal"], "Contest a slash of one's own stake, once, before its burn time")
    .addOption(EVIDENCE_OPTION)
    .addOption(optional("statement", "What is said against it: a file, or the hash of one (0x…)"))
    .addOption(FOR_OPTION)
    .addOption(STAKING_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./appeal.js"))
    .build(),
  task(["staking", "release"], "Give slashed tokens back to their stake, as releaser or by a proposal")
    .addPositionalArgument({ name: "stake", description: "ACCOUNT for a self stake, STAKER:STAKEE for another" })
    .addOption(EVIDENCE_OPTION)
    .addOption(optional("amount", "How much, in whole tokens (default: all that is held)"))
    .addOption(STAKING_OPTION)
    .addOption(GOVERNOR_OPTION)
    .addOption(DESCRIPTION_OPTION)
    .addFlag(PROPOSE_FLAG)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./release.js"))
    .build(),
  task(["staking", "burn"], "Burn slashes whose burn time has come; anyone may")
    .addOption(optional("stakes", "Only these stakes, with --evidence (default: everything that is due)"))
    .addOption(EVIDENCE_OPTION)
    .addOption(STAKING_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./burn.js"))
    .build(),
  task(["staking", "status"], "Show an account's stakes, given and received, open slashes and tiers")
    .addOption(optional("account", "Whose (default: the network's first account)"))
    .addOption(STAKING_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./status.js"))
    .build(),
];
