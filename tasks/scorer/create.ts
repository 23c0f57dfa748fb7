import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { PassportClient, WrittenScorer } from "../../src/http/passport/passport-client.js";
import { DEFAULT_RULES, DEFAULT_RULES_DATE } from "../../src/scoring/rules/default-rules.js";
import { rulesDocument } from "../../src/scoring/rules/scorer-rules.js";
import { DomainError } from "../../src/shared/errors.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { openService, type ServiceArguments } from "../passport/open-service.js";
import { run } from "../run.js";
import { describeWritten } from "./describe.js";
import { readHistory, readVersion, type RulesVersion } from "./rules-file.js";

interface CreateArguments extends ServiceArguments {
  rulesFile: string | undefined;
  history: string | undefined;
  default: boolean;
  name: string | undefined;
  description: string | undefined;
  reason: string | undefined;
}

const create: NewTaskActionFunction<CreateArguments> = async (given, hre) =>
  run(async () => {
    const name = required(given.name, "--name");
    const { description } = given;
    const [first, ...later] = await versionsOf(given);
    const client = await openService(hre, given);
    const { rules, reason } = first;
    const scorer = { name, rules, reason, ...(description === undefined ? {} : { description }) };
    const made = await addAll(client, await client.createScorer(scorer), later);
    const notices = [first, ...later].flatMap((version) =>
      version.notices.map((notice) => `  ${version.reason}: ${notice}`),
    );
    printResult(given.json, { ...made, notices }, [...describeWritten(made), ...notices]);
  });

/** One version from a file or ours, or many from a history. */
async function versionsOf(given: CreateArguments): Promise<[RulesVersion, ...RulesVersion[]]> {
  const { rulesFile, history } = given;
  const sources = [rulesFile !== undefined, history !== undefined, given.default].filter(Boolean);
  if (sources.length !== 1) {
    throw new DomainError("tasks/bad-choice", "Give one of: a file of rules, --history FILE, --default.");
  }
  if (history !== undefined) return readHistory(history);
  if (rulesFile !== undefined) {
    const { rules, reason } = await readVersion(rulesFile);
    return [{ rules, reason: required(given.reason ?? reason, "--reason"), notices: [] }];
  }
  const reason = given.reason ?? `the ecosystem's table of ${DEFAULT_RULES_DATE}`;
  return [{ rules: rulesDocument(DEFAULT_RULES), reason, notices: [] }];
}

async function addAll(
  client: PassportClient,
  made: WrittenScorer,
  later: readonly RulesVersion[],
): Promise<WrittenScorer> {
  let newest = made;
  for (const { rules, reason } of later) newest = await client.addVersion(made.id, { rules, reason });
  return newest;
}

export default create;
