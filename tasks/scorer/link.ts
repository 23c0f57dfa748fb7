import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseNumber } from "../options.js";
import { printResult } from "../output.js";
import { openService, scorerNumber, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";
import { describeScorer } from "./describe.js";

interface LinkArguments extends ServiceArguments {
  scorer: string;
  registryId: string;
}

const link: NewTaskActionFunction<LinkArguments> = async (given, hre) =>
  run(async () => {
    const registryId = parseNumber(given.registryId, "The registry's id");
    const linked = await (await openService(hre, given)).linkRegistry(scorerNumber(given.scorer), registryId);
    printResult(given.json, linked, describeScorer(linked));
  });

export default link;
