import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { claimTasks } from "./claim/index.js";
import { campaignTasks } from "./distribution/campaign.js";
import { listTasks } from "./distribution/list.js";
import { governanceTasks } from "./governance/index.js";
import { passportChainTasks } from "./passport/chain.js";
import { passportServiceTasks } from "./passport/service.js";
import { protocolTasks } from "./protocol/index.js";
import { scorerTasks } from "./scorer/index.js";
import { stakingTasks } from "./staking/index.js";
import { tokenTasks } from "./token/index.js";

/** Every task of the deployer's command line; each area declares its own and loads its actions lazily. */
export const tasks: TaskDefinition[] = [
  emptyTask("claim", "Sign, verify, send and serve claims").build(),
  emptyTask("distribution", "Build a list, run a campaign").build(),
  emptyTask("governance", "Delegate, propose, vote, queue, execute").build(),
  emptyTask("passport", "Serve passports, collect stamps, anchor scores and read them").build(),
  emptyTask("protocol", "Deploy the protocol and inspect who owns what").build(),
  emptyTask("scorer", "Create, version, list and rescore scorers at a service").build(),
  emptyTask("staking", "Stake on people, slash, appeal, release and burn").build(),
  emptyTask("token", "Read and mint the token").build(),
  ...claimTasks,
  ...listTasks,
  ...campaignTasks,
  ...governanceTasks,
  ...passportChainTasks,
  ...passportServiceTasks,
  ...protocolTasks,
  ...scorerTasks,
  ...stakingTasks,
  ...tokenTasks,
];
