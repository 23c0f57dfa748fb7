import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { WireExplanation } from "../../src/http/passport/passport-client.js";
import { checkedAddress } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { describeScore, describeStamp } from "./describe.js";
import { openService, scorerNumber, type ServiceArguments } from "./open-service.js";

interface ExplainArguments extends ServiceArguments {
  scorer: string;
  account: string;
}

const explain: NewTaskActionFunction<ExplainArguments> = async (given, hre) =>
  run(async () => {
    const [scorer, account] = [scorerNumber(given.scorer), checkedAddress(given.account)];
    const found = await (await openService(hre, given)).explain(scorer, account);
    const lines = [...describeScore(found), ...found.stamps.map(describeStamp), "events", ...found.events.map(line)];
    printResult(given.json, found, lines);
  });

function line({ at, type, provider, status, detail }: WireExplanation["events"][number]): string {
  const words = [provider, status, detail].filter((word) => typeof word === "string");
  return `  ${isoTime(at)} ${[type, ...words].join(", ")}`;
}

export default explain;
