import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseIssuers } from "../../src/passport/issuers.js";
import type { VerificationSource } from "../../src/scoring/service/ports.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { STREAMS } from "../../src/snapshots/record.js";
import { verifySnapshot } from "../../src/snapshots/verify-snapshot.js";
import { readText } from "../files.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface VerifyArguments {
  folder: string;
  digest: string | undefined;
  replay: boolean;
  issuers: string | undefined;
  scoresOnly: boolean;
  json: boolean;
}

const verify: NewTaskActionFunction<VerifyArguments> = async ({ folder, digest, replay, issuers, scoresOnly, json }) =>
  run(async () => {
    const trust = issuers === undefined ? undefined : await readTrust(issuers);
    const { manifest, entries, replayed } = await verifySnapshot(new SnapshotFolder(folder), {
      streams: scoresOnly ? ["scores"] : STREAMS,
      replay,
      progress: terminalProgress(),
      ...(digest === undefined ? {} : { digest }),
      ...(trust === undefined ? {} : { trust }),
    });
    const result = { digest: manifest.digest, sequence: manifest.sequence, entries, replayed };
    printResult(json, result, [
      `Snapshot ${manifest.digest}: ${entries} entries, every chunk and the root are right`,
      ...(replayed === null
        ? ["Scores were not computed again: --replay does"]
        : [`${replayed.scores} scores follow from the log, ${replayed.failedRuns} of them runs that failed`]),
      ...(trust === undefined || replayed === null ? [] : [`${replayed.credentials} credentials verified`]),
    ]);
  });

/** The issuers of a file, at whatever time. */
async function readTrust(file: string): Promise<VerificationSource> {
  const issuers = parseIssuers(JSON.parse(await readText(file, "The file of issuers")));
  return (now) => ({ now, issuers });
}

export default verify;
