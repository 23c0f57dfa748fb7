import { errorResult, successfulResult } from "hardhat/utils/result";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { genesisKeyByName } from "../../src/mithril/genesis-key.js";
import { readCertificates } from "../../src/mithril/read-certificates.js";
import { describeChain, reportChain } from "../../src/mithril/report.js";
import { verifyMithrilChain } from "../../src/mithril/verify.js";
import { readText } from "../files.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { readGenesisKey } from "./genesis-key.js";

interface VerifyArguments {
  readonly file: string;
  readonly genesisKey: string | undefined;
  readonly strict: boolean;
  readonly json: boolean;
}

const verify: NewTaskActionFunction<VerifyArguments> = async ({ file, genesisKey: given, strict, json }) =>
  run(async () => {
    const certificates = readCertificates(await readText(file, "The file of certificates"), file);
    const networks = certificates.map(({ subject }) => subject.network);
    // Strict mode believes no name in a file: the key has to be given.
    const named = strict ? undefined : genesisKeyByName(networks);
    const genesisKey = given === undefined ? named : await readGenesisKey(given);
    const policy = { strict, ...(genesisKey === undefined ? {} : { genesisKey }) };
    const report = reportChain(verifyMithrilChain(certificates, policy), policy);
    printResult(json, { file, ...report }, describeChain(report, file));
    return report.ok ? successfulResult() : errorResult();
  });

export default verify;
