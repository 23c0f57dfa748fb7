import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";

const DISTRIBUTOR_OPTION = optional("distributor", "The distributor's address (default: the launch distributor)");
const CAMPAIGN_OPTION = optional("campaign", "The name that a later campaign was deployed under");
const GOVERNOR_OPTION = optional("governor", "The governor's address (default: the deployed one)");
const DESCRIPTION_OPTION = optional("description", "The proposal's description (default: what is done)");
const PROPOSE_FLAG = { name: "propose", description: "Make the proposal, when the sender is not the owner" } as const;

/** Work on a distributor that is, or shall be, on a chain. */
export const campaignTasks: TaskDefinition[] = [
  task(["distribution", "deploy"], "Deploy a further distribution, of any ERC-20 token")
    .addOption(optional("list", "The folder that `distribution build` wrote"))
    .addOption(optional("parameters", "A file with a `distribution` section"))
    .addOption(CAMPAIGN_OPTION)
    .addOption(optional("token", "The token that is paid (default: the deployed governance token)"))
    .addOption(optional("treasury", "Owner, and receiver of the unclaimed (default: the deployed Timelock)"))
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./deploy.js"))
    .build(),
  task(["distribution", "status"], "Show a distribution: window, powers, what is claimed and what is left")
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./status.js"))
    .build(),
  task(["distribution", "sweep"], "Send what nobody claimed to the treasury, after the window; anyone may")
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./sweep.js"))
    .build(),
  task(["distribution", "pause"], "Pause signed claims, as guardian, owner, or by a proposal")
    .addOption(optional("duration", "The guardian's pause in seconds (default: the longest, 7 days)"))
    .addFlag({ name: "resume", description: "End a pause instead; the owner's right" })
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .addOption(GOVERNOR_OPTION)
    .addOption(DESCRIPTION_OPTION)
    .addFlag(PROPOSE_FLAG)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./pause.js"))
    .build(),
  task(["distribution", "rotate-signer"], "Appoint another claim signer, as owner or by a proposal")
    .addPositionalArgument({ name: "signer", description: "The new claim signer" })
    .addOption(optional("kind", "key or contract (default: key)"))
    .addOption(DISTRIBUTOR_OPTION)
    .addOption(CAMPAIGN_OPTION)
    .addOption(GOVERNOR_OPTION)
    .addOption(DESCRIPTION_OPTION)
    .addFlag(PROPOSE_FLAG)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./rotate-signer.js"))
    .build(),
];
