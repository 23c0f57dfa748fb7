import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { checkedAddress } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

interface ConsentArguments extends ServiceArguments {
  account: string;
  key: string;
  withdraw: boolean;
}

const consent: NewTaskActionFunction<ConsentArguments> = async (given, hre) =>
  run(async () => {
    const [account, key] = [checkedAddress(given.account), given.key];
    const answer = await (await openService(hre, given)).setConsent(account, key, !given.withdraw);
    const may = answer.consent ? "may" : "may not";
    printResult(given.json, { account, key, ...answer }, [`The key ${key} ${may} read the stamps of ${account}`]);
  });

export default consent;
