import type { TaskDefinition } from "hardhat/types/tasks";

import { readTask, sendTask } from "../declare.js";
import { optional, REGISTRY_OPTION } from "../options.js";

/** Work on a passport registry that is, or shall be, on a chain. */
export const passportChainTasks: TaskDefinition[] = [
  sendTask(["passport", "deploy"], "Deploy registry, default scorer and decoder; run again to resume")
    .addOption(optional("parameters", "The parameter file (default: deploy/parameters/<network>.json)"))
    .addOption(optional("timelock", "Who administers certified scorers (default: the deployed Timelock)"))
    .setAction(() => import("./deploy.js"))
    .build(),
  sendTask(["passport", "anchor"], "Anchor a root that the scorer's operator signed; anyone may")
    .addPositionalArgument({ name: "file", description: "The signed anchor, a JSON file" })
    .addOption(REGISTRY_OPTION)
    .setAction(() => import("./anchor.js"))
    .build(),
  sendTask(["passport", "submit"], "Bring scores into the registry with their proofs; anyone may")
    .addOption(optional("proof", "A JSON file with one leaf and its proof"))
    .addOption(optional("drops", "A file with many, or with all scores of a root: then those that people lost"))
    .addOption(optional("scorer", "The scorer of a root's scores (default: 1)"))
    .addOption(optional("root", "The number of that root (default: the current one)"))
    .addOption(optional("batch", "How many leaves one transaction brings (default: 100)"))
    .addOption(REGISTRY_OPTION)
    .setAction(() => import("./submit.js"))
    .build(),
  readTask(["passport", "show"], "Show a scorer on-chain and an account's score, with its freshness")
    .addOption(optional("account", "Whose score (default: only the scorer)"))
    .addOption(optional("scorer", "The scorer's id (default: 1)"))
    .addOption(REGISTRY_OPTION)
    .setAction(() => import("./show.js"))
    .build(),
];
