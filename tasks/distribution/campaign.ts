import type { TaskDefinition } from "hardhat/types/tasks";

import { ownerTask, readTask, sendTask } from "../declare.js";
import { optional } from "../options.js";

const DISTRIBUTOR_OPTION = optional("distributor", "The distributor's address (default: the launch distributor)");
const CAMPAIGN_OPTION = optional("campaign", "The name that a later campaign was deployed under");

/** Work on a distributor that is, or shall be, on a chain. */
export const campaignTasks: TaskDefinition[] = [
  sendTask(["distribution", "deploy"], "Deploy a further distribution, of any ERC-20 token")
    .addOption(optional("list", "The folder that `distribution build` wrote"))
    .addOption(optional("parameters", "A file with a `distribution` section"))
    .addOption(CAMPAIGN_OPTION)
    .addOption(optional("token", "The token that is paid (default: the deployed governance token)"))
    .addOption(optional("treasury", "Owner, and receiver of the unclaimed (default: the deployed Timelock)"))
    .setAction(() => import("./deploy.js"))
    .build(),
  readTask(["distribution", "status"], "Show a distribution: window, powers, what is claimed and what is left")
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .setAction(() => import("./status.js"))
    .build(),
  sendTask(["distribution", "sweep"], "Send what nobody claimed to the treasury, after the window; anyone may")
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .setAction(() => import("./sweep.js"))
    .build(),
  ownerTask(["distribution", "pause"], "Pause signed claims, as guardian, owner, or by a proposal")
    .addOption(optional("duration", "The guardian's pause in seconds (default: the longest, 7 days)"))
    .addFlag({ name: "resume", description: "End a pause instead; the owner's right" })
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .setAction(() => import("./pause.js"))
    .build(),
  ownerTask(["distribution", "rotate-signer"], "Appoint another claim signer, as owner or by a proposal")
    .addPositionalArgument({ name: "signer", description: "The new claim signer" })
    .addOption(optional("kind", "key or contract (default: key)"))
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .setAction(() => import("./rotate-signer.js"))
    .build(),
];
