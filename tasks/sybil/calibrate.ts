import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { SybilError } from "../../src/sybil/errors.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { PUBLISHED_EDGES, publishedRows, trustBands } from "../../src/sybil/trust-bands.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface CalibrateArguments {
  file: string;
  out: string | undefined;
  edges: string | undefined;
  flagFrom: string | undefined;
  json: boolean;
}

const calibrate: NewTaskActionFunction<CalibrateArguments> = async ({ file, out, edges, flagFrom, json }) =>
  run(async () => {
    if (out !== undefined) await outputFile(out, [file]);
    const list = edges === undefined ? PUBLISHED_EDGES : edges.split(",").map((edge) => decimal(edge, "--edges"));
    const result = await trustBands(file, list, probability(flagFrom ?? "0.5", "--flag-from"));
    if (out !== undefined) await writeTable(out, ["b", "n", "sybil", "share"], publishedRows(result));
    printResult(json, result, [
      ...result.bands.map(({ from, to, count, flagged, share, low, high }) => {
        const interval = `${percent(low)} to ${percent(high)}`;
        return `${from} to ${to}: ${flagged} of ${count} flagged, ${percent(share)} (${interval})`;
      }),
      `${result.accounts} accounts, ${result.incomplete} left out for a missing score`,
      `Correlation of score and flag: ${result.pearson.toFixed(6)} (Pearson), ${result.spearman.toFixed(6)} (Spearman)`,
      ...(result.inverted ? ["Inverted: higher scores go with more flags"] : []),
      ...(out === undefined ? [] : [`The bands are in ${out}`]),
    ]);
  });

const percent = (share: number) => (Number.isNaN(share) ? "none" : `${(100 * share).toFixed(2)} %`);

function decimal(text: string, option: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new SybilError("sybil/bad-setting", `${option} has "${text}": it must be a number`);
}

function probability(text: string, option: string): number {
  const value = decimal(text, option);
  if (value >= 0 && value <= 1) return value;
  throw new SybilError("sybil/bad-setting", `${option} is ${text}: sad is a probability, from 0 to 1`);
}

export default calibrate;
