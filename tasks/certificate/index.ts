import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";
import { scheduleTasks } from "./schedule/index.js";

const AGGREGATOR_OPTION = optional("aggregator", "URLs of aggregators, separated by commas; none of them is trusted");
const REGISTRY_OPTION = optional("registry", "The certificate registry's address (default: the deployed one)");

/** Tasks of deployer and stewards at the registry. */
export const certificateTasks: TaskDefinition[] = [
  task(["certificate", "deploy"], "Deploy verifier, certificate registry and era markers; run again to resume")
    .addOption(optional("parameters", "The parameter file (default: deploy/parameters/<network>.json)"))
    .addOption(optional("timelock", "Who decides about gaps, parameters and eras (default: the deployed Timelock)"))
    .addOption(optional("token", "The token whose votes are the stakes (default: the deployed governance token)"))
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./deploy.js"))
    .build(),
  task(
    ["certificate", "genesis"],
    "Let a chain of certificates begin: the first, or after a gap; as the Timelock or by a proposal",
  )
    .addOption(optional("first", "The first epoch in which it may begin"))
    .addOption(optional("last", "The last one; 0 for both withdraws the permission"))
    .addOption(REGISTRY_OPTION)
    .addOption(optional("governor", "The governor's address (default: the deployed one)"))
    .addOption(optional("description", "The proposal's description (default: what is done)"))
    .addFlag({ name: "propose", description: "Make the proposal, when the sender is not the Timelock" })
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./genesis.js"))
    .build(),
  task(["certificate", "register"], "Register the sender's key for the current epoch; it signs two epochs later")
    .addOption(optional("key", "The signing key's file; made, for its owner alone, when it is not there"))
    .addOption(REGISTRY_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./register.js"))
    .build(),
  task(["certificate", "seal"], "Derive an epoch's aggregate key on-chain; anyone may, once the epoch is over")
    .addOption(optional("epoch", "The epoch of the registrations (default: the last one that is over)"))
    .addOption(optional("page", "How many registrants go into one transaction"))
    .addOption(REGISTRY_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./seal.js"))
    .build(),
  task(["certificate", "anchor"], "Bring a certificate to the registry, which verifies it; anyone may")
    .addPositionalArgument({ name: "file", description: "The certificate, a JSON document" })
    .addOption(REGISTRY_OPTION)
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./anchor.js"))
    .build(),
  task(["certificate", "status"], "Show epoch, registrations, keys and what is certified")
    .addOption(optional("account", "A steward of whom to say whether it is registered"))
    .addOption(REGISTRY_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./status.js"))
    .build(),
  task(["certificate", "security"], "Show what parameters are worth: the registry's, or those that are given")
    .addOption(optional("k", "The quorum of indexes"))
    .addOption(optional("m", "How many indexes are drawn"))
    .addOption(optional("phi", "A whole stake's chance to win an index"))
    .addOption(REGISTRY_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./security.js"))
    .build(),
  ...scheduleTasks,
  task(["certificate", "list"], "List the newest certificates of aggregators, as they say")
    .addOption(AGGREGATOR_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./list.js"))
    .build(),
  task(["certificate", "show"], "Show a certificate; with --json as the document that other tasks read")
    .addPositionalArgument({ name: "hash", description: "The certificate's hash" })
    .addOption(AGGREGATOR_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./show.js"))
    .build(),
  task(
    ["certificate", "verify"],
    "Verify certificates back to the registry's anchors; exits with 1 when nobody has ones that verify",
  )
    .addOption(optional("hash", "The certificate to walk back from (default: everything)"))
    .addOption(AGGREGATOR_OPTION)
    .addOption(optional("file", "A file of certificates instead, or besides"))
    .addFlag({ name: "onchain", description: "Compare with what the registry holds for each epoch, too" })
    .addOption(REGISTRY_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./verify.js"))
    .build(),
  task(
    ["certificate", "prove"],
    "Prove a certified score from the certified snapshot: what anchorCertified and submitScore take",
  )
    .addPositionalArgument({ name: "folder", description: "The folder of snapshots, with stamps" })
    .addOption(optional("certificate", "The certificate's hash (default: the newest of scores)"))
    .addOption(AGGREGATOR_OPTION)
    .addOption(optional("file", "A file of certificates instead, or besides"))
    .addOption(optional("scorers", "The certified scorers, NUMBER:ID pairs such as 1:5,2:9"))
    .addOption(optional("scorer", "The scorer's id in the registry, when several are certified"))
    .addOption(optional("account", "Whose score"))
    .addOption(optional("passportRegistry", "The passport registry of these ids (default: the deployed one)"))
    .addOption(optional("maxLifetime", "The stewards' bound on a score's life, in seconds (default: 7776000)"))
    .addOption(REGISTRY_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./prove.js"))
    .build(),
];
