import type { TaskDefinition } from "hardhat/types/tasks";

import { readTask, sendTask } from "../declare.js";
import { GOVERNOR_OPTION, optional } from "../options.js";

const FROM_BLOCK_OPTION = optional("fromBlock", "The first block with proposals (default: the deployment's)");
const PROPOSAL = { name: "proposalId", description: "The proposal's id, in decimal" } as const;

export const governanceTasks: TaskDefinition[] = [
  sendTask(["governance", "delegate"], "Delegate the sender's votes")
    .addPositionalArgument({ name: "delegatee", description: "Who shall vote" })
    .addOption(optional("token", "The token's address (default: the deployed one)"))
    .setAction(() => import("./delegate.js"))
    .build(),
  sendTask(["governance", "propose"], "Propose one action, or several from a file")
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
    .setAction(() => import("./propose.js"))
    .build(),
  sendTask(["governance", "vote"], "Vote on a proposal")
    .addPositionalArgument(PROPOSAL)
    .addOption(optional("support", "for, against or abstain"))
    .addOption(optional("reason", "A reason that is published with the vote"))
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .setAction(() => import("./vote.js"))
    .build(),
  sendTask(["governance", "queue"], "Queue a proposal that succeeded")
    .addPositionalArgument(PROPOSAL)
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .setAction(() => import("./queue.js"))
    .build(),
  sendTask(["governance", "execute"], "Execute a queued proposal whose delay is over; anyone may")
    .addPositionalArgument(PROPOSAL)
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .setAction(() => import("./execute.js"))
    .build(),
  readTask(["governance", "status"], "List the proposals with states, votes and times")
    .addOption(optional("proposalId", "Only this proposal"))
    .addOption(GOVERNOR_OPTION)
    .addOption(FROM_BLOCK_OPTION)
    .setAction(() => import("./status.js"))
    .build(),
];
