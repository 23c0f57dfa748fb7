import { writeFile } from "node:fs/promises";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { toJson } from "../../src/shared/json.js";
import { checkedAddress, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, scorerNumber, type ServiceArguments } from "./open-service.js";

interface ProveArguments extends ServiceArguments {
  scorer: string;
  account: string;
  out: string | undefined;
}

const prove: NewTaskActionFunction<ProveArguments> = async (given, hre) =>
  run(async () => {
    const [scorer, account] = [scorerNumber(given.scorer), checkedAddress(given.account)];
    const out = required(given.out, "--out");
    const answer = await (await openService(hre, given)).requestAnchor(scorer, account);
    if (answer.status === "anchored") await writeFile(out, `${toJson(answer.proof)}\n`);
    const lines =
      answer.status === "anchored"
        ? [`Wrote ${out}: the score is in root ${answer.number}. Send it with: passport submit --proof ${out}`]
        : [`The score as it is now will be in root ${answer.number}: ask again when it is built. Nothing was written.`];
    printResult(given.json, { ...answer, file: answer.status === "anchored" ? out : null }, lines);
  });

export default prove;
