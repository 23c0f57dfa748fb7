import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { required } from "../options.js";
import { printResult } from "../output.js";
import { openService, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";
import { describeWritten } from "./describe.js";
import { readRules } from "./rules-file.js";

interface CreateArguments extends ServiceArguments {
  rulesFile: string;
  name: string | undefined;
  description: string | undefined;
  reason: string | undefined;
}

const create: NewTaskActionFunction<CreateArguments> = async (given, hre) =>
  run(async () => {
    const [name, reason] = [required(given.name, "--name"), required(given.reason, "--reason")];
    const { description } = given;
    const rules = await readRules(given.rulesFile);
    const client = await openService(hre, given);
    const made = await client.createScorer({
      name,
      reason,
      rules,
      ...(description === undefined ? {} : { description }),
    });
    printResult(given.json, made, describeWritten(made));
  });

export default create;
