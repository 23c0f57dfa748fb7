import { errorResult, successfulResult } from "hardhat/utils/result";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { describeReport } from "../../src/nodes/client/report.js";
import { trustedChain, verifyFromAny } from "../../src/nodes/client/verify-source.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import type { RegistryArguments } from "./open.js";
import { openChain, openSources, type SourceArguments } from "./sources.js";

interface VerifyArguments extends SourceArguments, RegistryArguments {
  hash: string | undefined;
  onchain: boolean;
  json: boolean;
}

const verify: NewTaskActionFunction<VerifyArguments> = async (given, hre) =>
  run(async () => {
    const { hash, onchain, json } = given;
    const sources = await openSources(given);
    const connection = await hre.network.create();
    const chain = await openChain(hre, connection, given);
    const { good, rejected } = await verifyFromAny(sources, await trustedChain(chain), {
      progress: terminalProgress(),
      ...(hash === undefined ? {} : { hash }),
      ...(onchain ? { registry: chain } : {}),
    });
    const lines = [
      ...rejected.flatMap(({ source, reason, report }) => [
        ...(report === undefined ? [] : describeReport(report)),
        `${source} is passed over: ${reason}`,
      ]),
      ...(good === undefined
        ? ["verdict: FAILED, nobody gives certificates that verify"]
        : describeReport(good.report)),
    ];
    const ok = good !== undefined;
    printResult(json, { ok, registry: chain.registry, ...good?.report, rejected }, lines);
    return ok ? successfulResult() : errorResult();
  });

export default verify;
