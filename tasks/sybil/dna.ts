import { availableParallelism } from "node:os";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { nearestDistancesQueued } from "../../src/bin/sybil/nearest-queued.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { nearestDistancesInThreads } from "../../src/sybil/dna/donor-dna.js";
import { grantFingerprints } from "../../src/sybil/dna/grant-dna.js";
import { readDonors } from "../../src/sybil/dna/read-donors.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { oneOf, parseNumber, required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { serverUrl } from "./database.js";

interface DnaArguments {
  file: string;
  out: string | undefined;
  metric: string | undefined;
  grants: boolean;
  database: string | undefined;
  blocks: string | undefined;
  json: boolean;
}

const dna: NewTaskActionFunction<DnaArguments> = async (given) =>
  run(async () => {
    const { file, out, grants, database, json } = given;
    const target = await outputFile(required(out, "--out"), [file]);
    const metric = oneOf(["jaccard", "hamming"], given.metric ?? "jaccard", "--metric");
    const url = database === undefined ? undefined : serverUrl(database, "--database");
    if (url === undefined && given.blocks !== undefined) required(undefined, "--database");
    const blocks = given.blocks === undefined ? undefined : Number(parseNumber(given.blocks, "--blocks"));
    const progress = terminalProgress();
    const donors = await readDonors(file);
    const transposed = grants ? grantFingerprints(donors) : undefined;
    const [what, names, sets] =
      transposed === undefined ? ["donor", donors.donors, donors] : ["grant", transposed.grants, transposed];
    const show = (done: number) => progress.update(`distinct ${what}s`, done);
    const queued = { progress: show, ...(blocks === undefined ? {} : { blocks }) };
    const distances =
      url === undefined
        ? await nearestDistancesInThreads(sets, metric, availableParallelism(), show)
        : await nearestDistancesQueued(sets, metric, { database: url, ...queued });
    progress.finish();
    // One alone has no neighbour: its cell is empty.
    const rows = names.map((name, at) => [name, Number.isNaN(distances[at]) ? "" : (distances[at] as number)]);
    await writeTable(target, [what, "nearest_distance"], rows);
    const same = distances.filter((value) => value === 0).length;
    const facts = { [`${what}s`]: names.length, bits: sets.tokenCount, same, out: target };
    printResult(json, facts, [
      `${names.length} ${what}s over ${sets.tokenCount} bits; ${same} are exactly as another is`,
      `The distances are in ${target}`,
    ]);
  });

export default dna;
