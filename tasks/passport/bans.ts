import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { WireBan } from "../../src/http/passport/passport-client.js";
import { checkedAddress } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

interface BansArguments extends ServiceArguments {
  account: string | undefined;
}

const bans: NewTaskActionFunction<BansArguments> = async (given, hre) =>
  run(async () => {
    const account = given.account === undefined ? undefined : checkedAddress(given.account);
    const found = await (await openService(hre, given)).bans(account);
    printResult(given.json, { bans: found }, found.length === 0 ? ["No ban is in force."] : found.map(line));
  });

function line({ id, kind, subject, provider, until, reason, author }: WireBan): string {
  const end = until === null ? "for good" : `until ${isoTime(until)}`;
  return `${id}: ${kind} ${subject}${provider === null ? "" : ` ${provider}`}, ${end}, by ${author}: ${reason}`;
}

export default bans;
