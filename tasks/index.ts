import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { certificateTasks } from "./certificate/index.js";
import { claimTasks } from "./claim/index.js";
import { campaignTasks } from "./distribution/campaign.js";
import { listTasks } from "./distribution/list.js";
import { governanceTasks } from "./governance/index.js";
import { mithrilTasks } from "./mithril/index.js";
import { passportChainTasks } from "./passport/chain.js";
import { passportServiceTasks } from "./passport/service.js";
import { protocolTasks } from "./protocol/index.js";
import { fundingTasks } from "./qf/index.js";
import { scorerTasks } from "./scorer/index.js";
import { serveNodeTasks } from "./serve/nodes.js";
import { serveTasks } from "./serve/index.js";
import { snapshotTasks } from "./snapshot/index.js";
import { stakingTasks } from "./staking/index.js";
import { sybilTasks } from "./sybil/index.js";
import { tokenTasks } from "./token/index.js";

/** Every task of the deployer's command line; each area declares its own and loads its actions lazily. */
export const tasks: TaskDefinition[] = [
  emptyTask("certificate", "Register stewards' keys, seal epochs, bring certificates").build(),
  emptyTask("claim", "Sign, verify and send claims").build(),
  emptyTask("distribution", "Build a list, run a campaign").build(),
  emptyTask("governance", "Delegate, propose, vote, queue, execute").build(),
  emptyTask("mithril", "Verify real Mithril certificates").build(),
  emptyTask("passport", "Collect stamps, anchor scores and read them").build(),
  emptyTask("protocol", "Deploy the protocol and inspect who owns what").build(),
  emptyTask("qf", "Match donations by quadratic funding").build(),
  emptyTask("scorer", "Create, version, list and rescore scorers at a service").build(),
  emptyTask("serve", "Run a node or a service until it is told to stop").build(),
  emptyTask("staking", "Stake on people, slash, appeal, release and burn").build(),
  emptyTask("sybil", "Analyse a round for fake people").build(),
  emptyTask("token", "Read and mint the token").build(),
  ...certificateTasks,
  ...claimTasks,
  ...listTasks,
  ...campaignTasks,
  ...governanceTasks,
  ...mithrilTasks,
  ...passportChainTasks,
  ...passportServiceTasks,
  ...protocolTasks,
  ...fundingTasks,
  ...scorerTasks,
  ...serveNodeTasks,
  ...serveTasks,
  ...snapshotTasks,
  ...stakingTasks,
  ...sybilTasks,
  ...tokenTasks,
];
