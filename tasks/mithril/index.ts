import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, DRY_RUN_FLAG, FROM_OPTION, JSON_FLAG, optional } from "../options.js";

/** Real Mithril certificates, off-chain and on-chain. */
export const mithrilTasks: TaskDefinition[] = [
  task(["mithril", "verify"], "Verify Mithril certificates and their chain; fails if any check does")
    .addPositionalArgument({ name: "file", description: "Certificates: a JSON object by hash, a list, or one" })
    .addOption(optional("genesisKey", "The genesis key: hex, a .vkey file, or mainnet, preprod, preview, devnet"))
    .addFlag({ name: "strict", description: "Refuse what older formats lack, and chains without their genesis" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./verify.js"))
    .build(),
  task(["mithril", "verify-onchain"], "Send each multisignature to the verifier contract and print its gas")
    .addPositionalArgument({ name: "file", description: "Certificates: a JSON object by hash, a list, or one" })
    .addOption(optional("verifier", "The verifier's address (default: the deployed one; in-process, a new one)"))
    .addOption(FROM_OPTION)
    .addOption(DEPLOYMENT_OPTION)
    .addFlag(DRY_RUN_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./verify-onchain.js"))
    .build(),
  task(["mithril", "distribution"], "Verify stake distributions against the certificates that sign them")
    .addPositionalArgument({ name: "file", description: "Stake distributions: a JSON object by hash, a list, or one" })
    .addOption(optional("certificates", "The file with their certificates (required)"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./distribution.js"))
    .build(),
];
