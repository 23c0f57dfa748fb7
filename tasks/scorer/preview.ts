import { open } from "node:fs/promises";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { WireFlip } from "../../src/http/passport/passport-client.js";
import type { PreviewSummary } from "../../src/scoring/service/preview.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { openService, scorerNumber, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";
import { readRules } from "./rules-file.js";

interface PreviewArguments extends ServiceArguments {
  scorer: string;
  rulesFile: string;
  out: string | undefined;
}

const preview: NewTaskActionFunction<PreviewArguments> = async (given, hre) =>
  run(async () => {
    const out = required(given.out, "--out");
    const rules = await readRules(given.rulesFile);
    const client = await openService(hre, given);
    const file = (await open(out, "w")).createWriteStream();
    const write = (flip: WireFlip) => void file.write(`${JSON.stringify(flip)}\n`);
    const summary = await client.preview(scorerNumber(given.scorer), rules, write);
    await new Promise<void>((resolve, reject) => file.on("error", reject).end(resolve));
    printResult(given.json, { file: out, ...summary }, [
      ...describe(summary),
      `Wrote ${out}: every flip with its sums`,
    ]);
  });

function describe(summary: PreviewSummary): string[] {
  const { version, accounts, passingBefore, passingAfter, gained, lost, changed, otherScope } = summary;
  return [
    `Version ${version} passes ${passingBefore} of ${accounts} accounts, the proposed rules ${passingAfter}`,
    `  ${gained} would pass, ${lost} would pass no more, ${changed} sums would change`,
    ...(otherScope ? ["  the proposed rules de-duplicate elsewhere: who would hold what there is not foreseen"] : []),
  ];
}

export default preview;
