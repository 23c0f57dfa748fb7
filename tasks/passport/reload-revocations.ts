import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

const reload: NewTaskActionFunction<ServiceArguments> = async (given, hre) =>
  run(async () => {
    const report = await (await openService(hre, given)).reloadRevocations();
    const { lists, added, rescored, refused } = report;
    printResult(given.json, report, [
      `Read ${lists} list(s): ${added} new revocation(s), ${rescored} score(s) computed anew`,
      ...refused.map(({ source, message, code }) => `  refused ${source}: ${message} (${code})`),
    ]);
  });

export default reload;
