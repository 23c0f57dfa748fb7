import type { TaskDefinition } from "hardhat/types/tasks";

import { ownerTask, readTask } from "../../declare.js";
import { optional } from "../../options.js";

const REGISTRY_OPTION = optional("registry", "The certificate registry's address (default: the deployed one)");
const ERAS_OPTION = optional("eras", "The address of the era markers (default: the deployed ones)");

/** What governance decides for coming epochs. */
export const scheduleTasks: TaskDefinition[] = [
  ownerTask(
    ["certificate", "schedule-parameters"],
    "Change parameters from a coming epoch on; as the Timelock or by a proposal",
  )
    .addOption(optional("epoch", "The first epoch of the change: two after the one in which it is executed, or later"))
    .addOption(optional("k", "The quorum of indexes (this and the next: default as they are)"))
    .addOption(optional("m", "How many indexes are drawn"))
    .addOption(optional("phi", "A whole stake's chance to win an index"))
    .addOption(optional("minimumStake", "The votes, in tokens, that a registration needs"))
    .addOption(optional("minimumShare", "The share of the supply that has to be registered, in thousandths"))
    .addOption(REGISTRY_OPTION)
    .setAction(() => import("./parameters.js"))
    .build(),
  ownerTask(
    ["certificate", "schedule-era"],
    "Announce an era, or let an announced one begin with a coming epoch; as the Timelock or by a proposal",
  )
    .addOption(optional("name", "The era's name"))
    .addOption(optional("protocolVersion", "Announce it: the version of the protocol that its nodes speak"))
    .addOption(optional("epoch", "Activate it: its first epoch; it can be moved until it has begun"))
    .addOption(ERAS_OPTION)
    .setAction(() => import("./era.js"))
    .build(),
  readTask(["certificate", "eras"], "Show the eras, and whether this program has their rules")
    .addOption(ERAS_OPTION)
    .setAction(() => import("./eras.js"))
    .build(),
];
