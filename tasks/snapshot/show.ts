import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { HttpMirror } from "../../src/http/snapshots/http-mirror.js";
import { SnapshotError } from "../../src/snapshots/errors.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { STREAMS } from "../../src/snapshots/record.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { isRemote, mebibytes } from "./place.js";

interface ShowArguments {
  from: string;
  digest: string | undefined;
  json: boolean;
}

const show: NewTaskActionFunction<ShowArguments> = async ({ from, digest, json }) =>
  run(async () => {
    const place = isRemote(from) ? new HttpMirror({ url: from }) : new SnapshotFolder(from);
    const manifest = await place.manifest(digest);
    if (manifest === undefined || (digest !== undefined && manifest.digest !== digest)) {
      throw new SnapshotError("snapshots/unknown-snapshot", `There is no snapshot ${digest ?? ""} in ${from}`, {
        from,
      });
    }
    const { chunks, scorers, sequence, epoch, block } = manifest;
    const streams = STREAMS.map((stream) => {
      const own = chunks.filter((chunk) => chunk.stream === stream);
      const sum = (size: "entries" | "bytes" | "compressed") => own.reduce((total, chunk) => total + chunk[size], 0);
      return {
        stream,
        chunks: own.length,
        entries: sum("entries"),
        bytes: sum("bytes"),
        compressed: sum("compressed"),
      };
    });
    printResult(json, { digest: manifest.digest, sequence, epoch, block, scorers, streams }, [
      `Snapshot ${manifest.digest} of ${from}: the log up to entry ${sequence}`,
      ...(block === null ? [] : [`taken at block ${block}${epoch === null ? "" : ` of epoch ${epoch}`}, as it says`]),
      ...scorers.map(({ id, version, registryId }) => {
        return `scorer ${id}, version ${version}${registryId === null ? "" : `, ${registryId} in the registry`}`;
      }),
      ...streams.map(({ stream, chunks: count, entries, bytes, compressed }) => {
        return `${stream}: ${count} chunks, ${entries} entries, ${mebibytes(compressed)} (${mebibytes(bytes)} unpacked)`;
      }),
    ]);
  });

export default show;
