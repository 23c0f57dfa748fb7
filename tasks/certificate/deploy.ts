import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { planCertificates, type CertificatesPlan } from "../../src/chain/deployment/certificates.js";
import { readRecord } from "../../src/chain/deployment/record.js";
import { announce, openStep, type StepArguments } from "../deploy-step.js";
import { deploymentDirectory } from "../deployment.js";
import { isoTime, printResult } from "../output.js";
import { buildRelease, CERTIFICATES_SOURCES } from "../protocol/build.js";
import { run } from "../run.js";

interface DeployArguments extends StepArguments {
  timelock: string | undefined;
  token: string | undefined;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const step = await openStep(hre, given);
    const { connection, deployer, chainId } = step;
    const timelock = await step.earlier(given.timelock, "Timelock");
    const token = await step.earlier(given.token, "GovernanceToken");
    // The record's time, not the newest block's: a rerun must plan the same epochs.
    const record = await readRecord(await deploymentDirectory(hre, connection, given.deploymentId));
    const now = record?.now ?? (await connection.ethers.provider.getBlock("latest"))!.timestamp;
    const plan = planCertificates(step.parameters.certificates, { timelock, token }, now);
    if (!announce(given, { chainId, deployer, plan }, [step.heading, ...describe(plan)])) return;
    await buildRelease(hre, CERTIFICATES_SOURCES);
    const { default: Module, certificatesParameters } = await import("../../deploy/modules/Certificates.js");
    const contracts = await connection.ignition.deploy(Module, {
      parameters: certificatesParameters(plan),
      ...step.options,
    });
    const [verifier, registry, eras] = await Promise.all([
      contracts.verifier.getAddress(),
      contracts.registry.getAddress(),
      contracts.eras.getAddress(),
    ]);
    printResult(given.json, { chainId, deployer, verifier, registry, eras, plan }, [
      `verifier  ${verifier}`,
      `registry  ${registry}`,
      `eras      ${eras}`,
    ]);
  });

const describe = (plan: CertificatesPlan): string[] => [
  ...Object.entries(plan).map(([name, value]) => `  ${name.padEnd(16)} ${value}`),
  `  epoch 1 begins ${isoTime(plan.genesis)}`,
];

export default deploy;
