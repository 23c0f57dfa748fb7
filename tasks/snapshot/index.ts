import { emptyTask, task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

import { DEPLOYMENT_OPTION, JSON_FLAG, optional } from "../options.js";

const FOLDER_ARGUMENT = { name: "folder", description: "The folder of snapshots" } as const;
const DIGEST_OPTION = optional("digest", "The snapshot's digest, as a certificate names it (default: the newest)");
const DATA_OPTION = optional("data", "The database's folder (default: DATABASE_URL, else PASSPORT_DATA)");
const SCORES_ONLY_FLAG = { name: "scoresOnly", description: "Scores and scorers, without stamps" } as const;

/** Sealing the passport log, and bringing it back. */
export const snapshotTasks: TaskDefinition[] = [
  emptyTask("snapshot", "Seal the passport log, verify, serve and restore it").build(),
  task(["snapshot", "create"], "Seal the log of a passport database into a folder; closed chunks are kept")
    .addPositionalArgument(FOLDER_ARGUMENT)
    .addOption(DATA_OPTION)
    .addOption(optional("cut", "The last sequence to take (default: the log's newest)"))
    .addOption(optional("epoch", "The epoch that the snapshot is for"))
    .addOption(optional("block", "The chain's block that the cut belongs to"))
    .addFlag(JSON_FLAG)
    .setAction(() => import("./create.js"))
    .build(),
  task(["snapshot", "list"], "List the snapshots of a folder, or of a mirror")
    .addPositionalArgument({ name: "folder", description: "The folder of snapshots, or a mirror's URL" })
    .addFlag(JSON_FLAG)
    .setAction(() => import("./list.js"))
    .build(),
  task(["snapshot", "show"], "Show what a snapshot consists of")
    .addPositionalArgument({ name: "from", description: "A folder, or a mirror's URL" })
    .addOption(DIGEST_OPTION)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./show.js"))
    .build(),
  task(["snapshot", "download"], "Download a snapshot into a folder; what is there already is kept")
    .addPositionalArgument({ name: "from", description: "URLs of mirrors, separated by commas" })
    .addOption(optional("folder", "The folder of snapshots to download into"))
    .addOption(DIGEST_OPTION)
    .addOption(optional("parallel", "How many chunks are downloaded at a time (default: 4)"))
    .addFlag(SCORES_ONLY_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./download.js"))
    .build(),
  task(["snapshot", "verify"], "Check a snapshot: manifest, root and chunks; on request scores and signatures too")
    .addPositionalArgument(FOLDER_ARGUMENT)
    .addOption(DIGEST_OPTION)
    .addFlag({ name: "replay", description: "Compute every score again" })
    .addOption(optional("issuers", "The file of trusted issuers: verifies every credential and computes every score"))
    .addFlag(SCORES_ONLY_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./verify.js"))
    .build(),
  task(["snapshot", "restore"], "Restore a snapshot into an empty database, from a folder or from mirrors")
    .addPositionalArgument(
      optional("from", "A folder, or URLs of mirrors separated by commas (default: the aggregators)"),
    )
    .addOption(DATA_OPTION)
    .addOption(DIGEST_OPTION)
    .addOption(
      optional("certificate", "A certificate's hash, or latest: restores what it certifies, after verifying it"),
    )
    .addOption(optional("aggregator", "URLs of aggregators that have it, separated by commas; none is trusted"))
    .addOption(optional("file", "A file of certificates instead, or besides"))
    .addOption(optional("registry", "The certificate registry's address (default: the deployed one)"))
    .addOption(DEPLOYMENT_OPTION)
    .addOption(optional("chunks", "Where downloaded chunks are kept (default: the database's folder with .chunks)"))
    .addOption(optional("parallel", "How many chunks are downloaded at a time (default: 4)"))
    .addFlag(SCORES_ONLY_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./restore.js"))
    .build(),
  task(["snapshot", "serve"], "Run a mirror: serve a folder of snapshots")
    .addPositionalArgument(FOLDER_ARGUMENT)
    .addOption(optional("host", "The address to listen at (default: 127.0.0.1)"))
    .addOption(optional("port", "The port to listen at (default: 8790)"))
    .addFlag(SCORES_ONLY_FLAG)
    .addFlag(JSON_FLAG)
    .setAction(() => import("./serve.js"))
    .build(),
];
