import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { printResult } from "../output.js";
import { openService, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";
import { describeScorer } from "./describe.js";

const list: NewTaskActionFunction<ServiceArguments> = async (given, hre) =>
  run(async () => {
    const scorers = await (await openService(hre, given)).scorers();
    const lines = scorers.length === 0 ? ["There are no scorers yet."] : scorers.flatMap(describeScorer);
    printResult(given.json, { scorers }, lines);
  });

export default list;
