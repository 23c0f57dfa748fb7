import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { BAN_KINDS } from "../../src/passport/bans.js";
import { oneOf, parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

interface BanArguments extends ServiceArguments {
  kind: string;
  subject: string;
  provider: string | undefined;
  until: string | undefined;
  reason: string | undefined;
}

const ban: NewTaskActionFunction<BanArguments> = async (given, hre) =>
  run(async () => {
    const { subject, provider, until } = given;
    const made = await (
      await openService(hre, given)
    ).ban({
      ...{ kind: oneOf(BAN_KINDS, given.kind, "kind"), subject, reason: required(given.reason, "--reason") },
      ...(provider === undefined ? {} : { provider }),
      ...(until === undefined ? {} : { until: Number(parseNumber(until, "--until")) }),
    });
    printResult(given.json, made, [`Ban ${made.id}: ${made.rescored} score(s) computed anew`]);
  });

export default ban;
