import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { HttpMirror } from "../../src/http/snapshots/http-mirror.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { downloadSnapshot } from "../../src/snapshots/files/download.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { STREAMS } from "../../src/snapshots/record.js";
import { aggregatorUrls } from "../certificate/sources.js";
import { parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface DownloadArguments {
  from: string;
  folder: string | undefined;
  digest: string | undefined;
  parallel: string | undefined;
  scoresOnly: boolean;
  json: boolean;
}

const download: NewTaskActionFunction<DownloadArguments> = async ({
  from,
  digest,
  parallel,
  scoresOnly,
  json,
  ...given
}) =>
  run(async () => {
    const folder = required(given.folder, "--folder");
    const mirrors = aggregatorUrls(from).map((url) => new HttpMirror({ url }));
    const manifest = await downloadSnapshot(mirrors, new SnapshotFolder(folder), {
      streams: scoresOnly ? ["scores"] : STREAMS,
      progress: terminalProgress(),
      ...(digest === undefined ? {} : { digest }),
      ...(parallel === undefined ? {} : { parallel: Number(parseNumber(parallel, "--parallel")) }),
    });
    printResult(json, { digest: manifest.digest, sequence: manifest.sequence, folder }, [
      `Snapshot ${manifest.digest}, the log up to entry ${manifest.sequence}, is in ${folder}`,
      digest === undefined
        ? "No digest was given: compare this one with the certificate's before you rely on it"
        : "It is the snapshot that was asked for",
    ]);
  });

export default download;
