import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";

const GOVERNOR_OPTION = optional("governor", "The governor's address (default: the deployed one)");
const FROM_BLOCK_OPTION = optional("fromBlock", "The first block with proposals (default: the deployment's)");
const PROPOSAL = { name: "proposalId", description: "The proposal's id, in decimal" } as const;

export const governanceTasks: TaskDefinition[] = [
  task(["governance", "delegate"], "Delegate the sender's votes")
    .addPositionalArgument({ name: "delegatee", description: "Who shall vote" })
    .addOption(optional("token", "The token's address (default: the deployed one)"))
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./delegate.js"))
    .build(),
  task(["governance", "propose"], "Propose one action, or several from a file")
    .addOption(optional("description", "What is proposed and why"))
    .addOption(optional("target", "The contract that is called"))
    .addOption(optional("value", "Ether to send from the Timelock, in wei (default: 0)"))
    .addOption(optional("calldata", "The call's data, in hex"))
    .addOption(optional("signature", "Instead of data: a signature such as transfer(address,uint256)"))
    .addOption(optional("args", "The signature's arguments, as a JSON list"))
    .addOption(optional("actions", "Instead of one action: a JSON file with a list of them"))
    .addFlag({ name: "reserve", description: "Let nobody else make this very proposal (#proposer=…)" })
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./propose.js"))
    .build(),
  task(["governance", "vote"], "Vote on a proposal")
    .addPositionalArgument(PROPOSAL)
    .addOption(optional("support", "for, against or abstain"))
    .addOption(optional("reason", "A reason that is published with the vote"))
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./vote.js"))
    .build(),
  task(["governance", "queue"], "Queue a proposal that succeeded")
    .addPositionalArgument(PROPOSAL)
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./queue.js"))
    .build(),
  task(["governance", "execute"], "Execute a queued proposal whose delay is over; anyone may")
    .addPositionalArgument(PROPOSAL)
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./execute.js"))
    .build(),
  task(["governance", "status"], "List the proposals with states, votes and times")
    .addOption(optional("proposalId", "Only this proposal"))
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./status.js"))
    .build(),
];
