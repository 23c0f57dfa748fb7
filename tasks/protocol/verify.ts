import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { revivePlan } from "../../src/chain/deployment/plan.js";
import { readRecord } from "../../src/chain/deployment/record.js";
import { verificationRequests } from "../../src/chain/deployment/verification.js";
import { DomainError } from "../../src/shared/errors.js";
import { toJson } from "../../src/shared/json.js";
import { deployedAddress, deploymentDirectory } from "../deployment.js";
import { oneOf } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { buildRelease } from "./build.js";

interface VerifyArguments {
  provider: string | undefined;
  deploymentId: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const verify: NewTaskActionFunction<VerifyArguments> = async (given, hre) =>
  run(async () => {
    const provider = oneOf(["etherscan", "blockscout", "sourcify"], given.provider ?? "etherscan", "--provider");
    const connection = await hre.network.create();
    const directory = await deploymentDirectory(hre, connection, given.deploymentId);
    const record = await readRecord(directory);
    if (record === undefined) throw new DomainError("deployment/not-deployed", `No deployment in ${directory}.`);
    const find = (contract: string) => deployedAddress(hre, connection, contract, given.deploymentId);
    const requests = verificationRequests(revivePlan(record.plan), record.deployer, {
      timelock: await find("Timelock"),
      vester: await find("TreasuryVester"),
      launch: await find("TokenLaunch"),
      token: await find("GovernanceToken"),
      distributor: await find("TokenDistributor"),
      governor: await find("TokenGovernor"),
    });
    if (!given.dryRun) {
      await buildRelease(hre); // the plugin compares with the artifacts, so they must be the deployed ones
      await logToStderr(async () => {
        for (const { address, contract, constructorArgs } of requests) {
          await verifyContract({ address, contract, constructorArgs: [...constructorArgs], provider }, hre);
        }
      });
    }
    const lines = requests.map((item) => `${item.contract} ${item.address}\n  ${toJson(item.constructorArgs, 0)}`);
    printResult(given.json, { provider, dryRun: given.dryRun, requests }, lines);
  });

/** The plugin reports with `console.log`; standard output is for the task's one result. */
async function logToStderr(work: () => Promise<void>): Promise<void> {
  const { log } = console;
  console.log = console.error;
  try {
    await work();
  } finally {
    console.log = log;
  }
}

export default verify;
