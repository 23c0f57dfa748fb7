import { existsSync } from "node:fs";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { SybilError } from "../../src/sybil/errors.js";
import { reviewRound } from "../../src/sybil/review/review-round.js";
import { readRoundFolder } from "../../src/sybil/round/read-round.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { roundPassports } from "./database.js";

interface ReviewArguments {
  dir: string;
  out: string | undefined;
  count: string | undefined;
  seed: string | undefined;
  json: boolean;
}

const review: NewTaskActionFunction<ReviewArguments> = async ({ dir, out, count: given, seed, json }, hre) =>
  run(async () => {
    const target = required(out, "--out");
    if (existsSync(target)) {
      const message = `--out ${target} is there already, and may hold judgements: choose a file that does not exist`;
      throw new SybilError("sybil/output-exists", message);
    }
    const settings = { count: whole(given ?? "50", "--count"), seed: whole(seed ?? "1", "--seed") };
    const round = await readRoundFolder(dir, roundPassports(hre));
    const { sample, probabilities, judged, assessment } = reviewRound(round, settings);
    await writeTable(
      target,
      ["donor", "rater", "label"],
      sample.map((donor) => [donor, "", ""]),
    );
    const { agreement, labels, model, modelRefused } = assessment;
    const known = (value: number) => (Number.isNaN(value) ? null : value);
    const asked = sample.map((donor, at) => ({ donor, probability: known(probabilities[at] as number) }));
    const facts = { asked, judged, alpha: known(agreement.alpha), raters: agreement.raters, labels: labels.source };
    printResult(json, { ...facts, modelRefused: modelRefused ?? null, out: target }, [
      `${sample.length} donors to judge are in ${target}: fill in rater and label (human, sybil or unsure)`,
      "Judge them by what you see of the accounts, not by what this analysis says of them",
      `${judged} donors are judged so far${raters(agreement.raters, agreement.alpha)}`,
      model === undefined
        ? `There is no model yet: ${modelRefused}`
        : `The model learnt from ${labels.source === "people" ? "people" : "strong rules"}; AUC ${model.quality.auc.toFixed(3)} on clusters that it had not seen`,
    ]);
  });

function raters(count: number, alpha: number): string {
  if (Number.isNaN(alpha)) return "";
  return `; ${count} raters agree with an alpha of ${alpha.toFixed(3)} (Krippendorff; 1 is full agreement, 0 is chance)`;
}

function whole(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new SybilError("sybil/bad-setting", `${option} is "${text}": it must be a whole number`);
}

export default review;
