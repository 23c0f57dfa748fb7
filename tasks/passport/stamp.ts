import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseCredentialFile } from "../../src/passport/passport-file.js";
import { readText } from "../files.js";
import { checkedAddress } from "../options.js";
import { run } from "../run.js";
import { openService, scorerNumber, type ServiceArguments } from "./open-service.js";
import { submitCredentials } from "./submit-credentials.js";

interface StampArguments extends ServiceArguments {
  scorer: string;
  account: string;
  file: string;
}

const stamp: NewTaskActionFunction<StampArguments> = async (given, hre) =>
  run(async () => {
    const credentials = parseCredentialFile(await readText(given.file, "The file with credentials"));
    const [scorer, account] = [scorerNumber(given.scorer), checkedAddress(given.account)];
    await submitCredentials(await openService(hre, given), { scorer, account, credentials }, given.json);
  });

export default stamp;
