import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { checkedAddress } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { describeScore } from "./describe.js";
import { openService, scorerNumber, type ServiceArguments } from "./open-service.js";

interface ScoreArguments extends ServiceArguments {
  scorer: string;
  account: string;
}

const score: NewTaskActionFunction<ScoreArguments> = async (given, hre) =>
  run(async () => {
    const [scorer, account] = [scorerNumber(given.scorer), checkedAddress(given.account)];
    const found = await (await openService(hre, given)).score(scorer, account);
    printResult(given.json, found, describeScore(found));
  });

export default score;
