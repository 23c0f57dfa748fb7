import { setTimeout } from "node:timers/promises";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { followRescore } from "../../src/http/passport/follow-rescore.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { openService, scorerNumber, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";

interface RescoreArguments extends ServiceArguments {
  scorer: string;
  reason: string | undefined;
  wait: boolean;
}

const POLL_MILLISECONDS = 500;

const rescore: NewTaskActionFunction<RescoreArguments> = async (given, hre) =>
  run(async () => {
    const reason = required(given.reason, "--reason");
    const scorer = scorerNumber(given.scorer);
    const client = await openService(hre, given);
    const begun = await client.rescore(scorer, reason);
    if (!given.wait) {
      return printResult(given.json, begun, [`Rescore ${begun.id} of scorer ${scorer} goes on in the background`]);
    }
    const pause = () => setTimeout(POLL_MILLISECONDS);
    const done = await followRescore(client, begun, { pause, progress: terminalProgress() });
    const { id, scored, changed, flipped } = done;
    const turned = `${changed} changed, ${flipped} verdicts turned`;
    printResult(given.json, done, [`Rescore ${id} of scorer ${scorer} is done: ${scored} scored, ${turned}`]);
  });

export default rescore;
