import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parsePassportFile } from "../../src/passport/passport-file.js";
import { DomainError } from "../../src/shared/errors.js";
import { readText } from "../files.js";
import { checkedAddress } from "../options.js";
import { run } from "../run.js";
import { openService, scorerNumber, type ServiceArguments } from "./open-service.js";
import { submitCredentials } from "./submit-credentials.js";

interface ImportArguments extends ServiceArguments {
  scorer: string;
  account: string;
  file: string;
}

const importPassport: NewTaskActionFunction<ImportArguments> = async (given, hre) =>
  run(async () => {
    const [scorer, account] = [scorerNumber(given.scorer), checkedAddress(given.account)];
    const passport = parsePassportFile(await readText(given.file, "The exported passport"));
    if (passport.account.toLowerCase() !== account.toLowerCase()) {
      const message = `The file is the passport of ${passport.account}: its credentials name that account.`;
      throw new DomainError("passport/other-account", message, { account: passport.account });
    }
    await submitCredentials(await openService(hre, given), { ...passport, scorer, account }, given.json);
  });

export default importPassport;
