import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { required } from "../options.js";
import { printResult } from "../output.js";
import { openService, scorerNumber, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";

interface RescoreArguments extends ServiceArguments {
  scorer: string;
  reason: string | undefined;
}

const rescore: NewTaskActionFunction<RescoreArguments> = async (given, hre) =>
  run(async () => {
    const reason = required(given.reason, "--reason");
    const scorer = scorerNumber(given.scorer);
    const state = await (await openService(hre, given)).rescore(scorer, reason);
    printResult(given.json, state, [`Rescore ${state.id} of scorer ${scorer} goes on in the background`]);
  });

export default rescore;
