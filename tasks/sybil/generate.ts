import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseFarms } from "../../src/sybil/generate/farms/parse-farms.js";
import { DEFAULT_FARMS, generateRound } from "../../src/sybil/generate/generate-round.js";
import { refuseFilledFolder, writeGeneratedRound } from "../../src/sybil/generate/write-round.js";
import { parseNumber } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface GenerateArguments {
  directory: string;
  donors: string | undefined;
  projects: string | undefined;
  farms: string | undefined;
  adaptive: boolean;
  seed: string | undefined;
  labels: string | undefined;
  json: boolean;
}

const generate: NewTaskActionFunction<GenerateArguments> = async ({ directory, adaptive, json, ...given }) =>
  run(async () => {
    const number = (text: string | undefined, option: string, otherwise: number) =>
      text === undefined ? otherwise : Number(parseNumber(text, option));
    await refuseFilledFolder(directory);
    const generated = generateRound({
      seed: number(given.seed, "--seed", 1),
      donors: number(given.donors, "--donors", 2_000),
      projects: number(given.projects, "--projects", 60),
      labels: number(given.labels, "--labels", 0),
      farms: parseFarms(given.farms ?? DEFAULT_FARMS, adaptive),
    });
    await writeGeneratedRound(directory, generated);
    const farms = generated.farms.map(({ id, accounts, targets }) => ({
      farm: id,
      accounts: accounts.length,
      targets: targets.map((at) => generated.projects.names[at] as string),
    }));
    const { seed, donors, projects } = generated.settings;
    printResult(json, { directory, seed, donors, projects, farms }, [
      `${donors} invented donors to ${projects} projects, seed ${seed}, are in ${directory}`,
      ...farms.map(({ farm, accounts, targets }) => `  ${farm}: ${accounts} accounts for ${targets.join(" and ")}`),
      "truth.csv says who is who: it is for judging an analysis, which never reads it",
    ]);
  });

export default generate;
