import { writeFile } from "node:fs/promises";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { passportFile } from "../../src/passport/passport-file.js";
import { checkedAddress, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

interface ExportArguments extends ServiceArguments {
  account: string;
  out: string | undefined;
}

const exportPassport: NewTaskActionFunction<ExportArguments> = async (given, hre) =>
  run(async () => {
    const account = checkedAddress(given.account);
    const file = required(given.out, "--out");
    const credentials = await (await openService(hre, given)).credentials(account);
    await writeFile(file, passportFile({ account, credentials }));
    printResult(given.json, { file, account, credentials: credentials.length }, [
      `Wrote ${file}: ${credentials.length} credential(s) of ${account}`,
    ]);
  });

export default exportPassport;
