import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

interface RevokeArguments extends ServiceArguments {
  digest: string;
  reason: string | undefined;
}

const revoke: NewTaskActionFunction<RevokeArguments> = async (given, hre) =>
  run(async () => {
    const reason = required(given.reason, "--reason");
    const { rescored } = await (await openService(hre, given)).revoke(given.digest, reason);
    printResult(given.json, { digest: given.digest, rescored }, [
      `Revoked ${given.digest} for all scorers: ${rescored} score(s) computed anew`,
    ]);
  });

export default revoke;
