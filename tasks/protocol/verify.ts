import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { revivePlan } from "../../src/chain/deployment/plan.js";
import { readRecord } from "../../src/chain/deployment/record.js";
import { certificatesVerification, rulesVerification } from "../../src/chain/deployment/certificates-verification.js";
import { passportVerification, stakingVerification } from "../../src/chain/deployment/later-verification.js";
import { verificationRequests } from "../../src/chain/deployment/verification.js";
import { DomainError } from "../../src/shared/errors.js";
import { toJson } from "../../src/shared/json.js";
import { type ChainConnection, deployedAddress, deployedIfAny, deploymentDirectory } from "../deployment.js";
import { oneOf } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import {
  buildRelease,
  CERTIFICATES_SOURCES,
  PASSPORT_SOURCES,
  RELEASE_SOURCES,
  RULES_SOURCES,
  STAKING_SOURCES,
} from "./build.js";

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
    const launched = verificationRequests(revivePlan(record.plan), record.deployer, {
      timelock: await find("Timelock"),
      vester: await find("TreasuryVester"),
      launch: await find("TokenLaunch"),
      token: await find("GovernanceToken"),
      distributor: await find("TokenDistributor"),
      governor: await find("TokenGovernor"),
    });
    const steps = [
      { sources: RELEASE_SOURCES, requests: launched },
      ...(await laterSteps(hre, connection, record.fromBlock, given.deploymentId)),
    ];
    if (!given.dryRun) {
      await logToStderr(async () => {
        for (const { sources, requests } of steps) {
          await buildRelease(hre, sources); // the plugin compares with the artifacts, so they must be the deployed ones
          for (const { address, contract, constructorArgs } of requests) {
            await verifyContract({ address, contract, constructorArgs: [...constructorArgs], provider }, hre);
          }
        }
      });
    }
    const requests = steps.flatMap((step) => step.requests);
    const lines = requests.map((item) => `${item.contract} ${item.address}\n  ${toJson(item.constructorArgs, 0)}`);
    printResult(given.json, { provider, dryRun: given.dryRun, requests }, lines);
  });

/** The contracts that came after the protocol, as far as there are any in its folder. */
async function laterSteps(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  fromBlock: number,
  deploymentId: string | undefined,
) {
  const find = (contract: string) => deployedIfAny(hre, connection, contract, deploymentId);
  const { provider } = connection.ethers;
  const [registry, decoder, staking] = [
    await find("PassportRegistry"),
    await find("PassportDecoder"),
    await find("IdentityStaking"),
  ];
  const rules = await find("RulesAuthority");
  const [verifier, certificates, eras] = [
    await find("StmVerifier"),
    await find("CertificateRegistry"),
    await find("EraMarkers"),
  ];
  return [
    ...(registry === undefined || decoder === undefined
      ? []
      : [{ sources: PASSPORT_SOURCES, requests: await passportVerification(provider, { registry, decoder }) }]),
    ...(staking === undefined
      ? []
      : [{ sources: STAKING_SOURCES, requests: await stakingVerification(provider, staking, fromBlock) }]),
    ...(rules === undefined
      ? []
      : [{ sources: RULES_SOURCES, requests: await rulesVerification(provider, rules, fromBlock) }]),
    ...(verifier === undefined || certificates === undefined || eras === undefined
      ? []
      : [
          {
            sources: CERTIFICATES_SOURCES,
            requests: await certificatesVerification(provider, { verifier, registry: certificates, eras }, fromBlock),
          },
        ]),
  ];
}

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
