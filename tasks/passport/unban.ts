import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

interface UnbanArguments extends ServiceArguments {
  ban: string;
  reason: string | undefined;
}

const unban: NewTaskActionFunction<UnbanArguments> = async (given, hre) =>
  run(async () => {
    const reason = required(given.reason, "--reason");
    const lifted = await (await openService(hre, given)).liftBan(Number(parseNumber(given.ban, "The ban")), reason);
    printResult(given.json, lifted, [`Ban ${lifted.id} is lifted: ${lifted.rescored} score(s) computed anew`]);
  });

export default unban;
