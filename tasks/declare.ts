// The kinds of tasks. Each brings the options that all tasks of its kind have, so that a declaration shows what is its own.
import { task } from "hardhat/config";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, GOVERNOR_OPTION, JSON_FLAG, optional } from "./options.js";

/** Looks at contracts of a deployment. */
export const readTask = (name: string[], description: string) =>
  task(name, description).addOption(DEPLOYMENT_OPTION).addFlag(JSON_FLAG);

/** Sends a transaction, or says what it would send. */
export const sendTask = (name: string[], description: string) =>
  task(name, description).addOption(FROM_OPTION).addOption(DEPLOYMENT_OPTION).addFlag(DRY_RUN_FLAG).addFlag(JSON_FLAG);

/** What a task that sends is given. */
export interface SendArguments {
  from: string | undefined;
  deploymentId: string | undefined;
  dryRun: boolean;
  json: boolean;
}

/** Makes a call that is an owner's alone: sent by the owner, or put to the vote. */
export const ownerTask = (name: string[], description: string) =>
  sendTask(name, description)
    .addOption(GOVERNOR_OPTION)
    .addOption(optional("description", "The proposal's description (default: what is done)"))
    .addFlag({ name: "propose", description: "Make the proposal, when the sender may not do it alone" });

/** What a task of an owner's is given. */
export interface OwnerArguments extends SendArguments {
  governor: string | undefined;
  description: string | undefined;
  propose: boolean;
}

export const SERVICE_OPTION = optional(
  "service",
  "The passport service's URL (required); the key is the variable PASSPORT_API_KEY, or a holder's PASSPORT_SESSION",
);

/** Asks a running passport service. */
export const serviceTask = (name: string[], description: string) =>
  task(name, description).addOption(SERVICE_OPTION).addFlag(JSON_FLAG);
