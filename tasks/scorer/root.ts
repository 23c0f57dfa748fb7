import { writeFile } from "node:fs/promises";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { toJson } from "../../src/shared/json.js";
import { parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { openService, scorerNumber, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";

interface RootArguments extends ServiceArguments {
  scorer: string;
  number: string | undefined;
  out: string | undefined;
}

const root: NewTaskActionFunction<RootArguments> = async (given, hre) =>
  run(async () => {
    const out = required(given.out, "--out");
    const number = given.number === undefined ? undefined : Number(parseNumber(given.number, "--number"));
    const anchor = await (await openService(hre, given)).prepareAnchor(scorerNumber(given.scorer), number);
    await writeFile(out, `${toJson(anchor)}\n`);
    printResult(given.json, { file: out, ...anchor }, [
      `Wrote ${out}: root ${anchor.number} of ${anchor.count} scores. Anyone sends it with: passport anchor ${out}`,
    ]);
  });

export default root;
