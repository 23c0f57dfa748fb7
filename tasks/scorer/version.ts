import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { required } from "../options.js";
import { printResult } from "../output.js";
import { openService, scorerNumber, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";
import { describeWritten } from "./describe.js";
import { readVersion } from "./rules-file.js";

interface VersionArguments extends ServiceArguments {
  scorer: string;
  rulesFile: string;
  reason: string | undefined;
}

const version: NewTaskActionFunction<VersionArguments> = async (given, hre) =>
  run(async () => {
    const { rules, reason: proposed } = await readVersion(given.rulesFile);
    const reason = required(given.reason ?? proposed, "--reason");
    const client = await openService(hre, given);
    const changed = await client.addVersion(scorerNumber(given.scorer), { rules, reason });
    printResult(given.json, changed, [
      ...describeWritten(changed),
      `Scores stay of the version that made them until: hardhat scorer rescore ${changed.id} --reason …`,
    ]);
  });

export default version;
