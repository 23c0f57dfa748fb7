import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { sharePool } from "../../src/funding/pool.js";
import { readDonations, readFlagged } from "../../src/funding/read-donations.js";
import { countFlagged, DEFAULT_TAX, taxProjects } from "../../src/funding/tax.js";
import { requireDonors } from "../../src/funding/unlisted.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { parseAmount } from "./amount.js";

interface TaxArguments extends Record<"out" | "flagged" | "k" | "cap" | "pool", string | undefined> {
  file: string;
  json: boolean;
}

const tax: NewTaskActionFunction<TaxArguments> = async (given) =>
  run(async () => {
    const target = await outputFile(required(given.out, "--out"), [given.file, given.flagged]);
    const settings = {
      k: given.k === undefined ? DEFAULT_TAX.k : parseAmount(given.k, "--k"),
      cap: given.cap === undefined ? DEFAULT_TAX.cap : parseAmount(given.cap, "--cap"),
    };
    const pool = given.pool === undefined ? undefined : parseAmount(given.pool, "--pool");
    const flagged = await readFlagged(required(given.flagged, "--flagged"));
    const round = await readDonations(given.file);
    requireDonors(round, flagged, "--flagged");
    const counted = countFlagged(round, flagged);
    const figures = Float64Array.from(counted, ({ matching }) => matching);
    const matching = pool === undefined ? figures : sharePool(figures, pool);
    const projects = counted.map((project, p) => ({ ...project, matching: matching[p] as number }));
    const { taxes, payouts, toNextPool } = taxProjects(projects, settings);
    const rows = projects.map((project, p) => [
      project.project,
      project.matching,
      project.flagged,
      project.others,
      taxes[p] as number,
      payouts[p] as number,
    ]);
    await writeTable(target, ["project", "matching", "flagged", "others", "tax", "payout"], rows);
    const sum = taxes.reduce((total, figure) => total + figure, 0);
    const taxed = taxes.filter((figure) => figure > 0).length;
    printResult(given.json, { projects: projects.length, taxed, tax: sum, toNextPool, ...settings, out: target }, [
      `${taxed} of ${projects.length} projects are taxed, ${sum} in all; ${toNextPool} goes to the next pool`,
      `The figures are in ${target}`,
    ]);
  });

export default tax;
