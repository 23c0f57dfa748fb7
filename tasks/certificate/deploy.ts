import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { planCertificates, type CertificatesPlan } from "../../src/chain/deployment/certificates.js";
import { readRecord } from "../../src/chain/deployment/record.js";
import { sendingAccount } from "../accounts.js";
import { laterStep } from "../deploy-step.js";
import { deploymentDirectory, givenOrDeployed } from "../deployment.js";
import { isoTime, printResult } from "../output.js";
import { buildRelease, CERTIFICATES_SOURCES } from "../protocol/build.js";
import { readParameters } from "../protocol/parameters.js";
import { run } from "../run.js";

interface DeployArguments {
  parameters: string | undefined;
  timelock: string | undefined;
  token: string | undefined;
  from: string | undefined;
  deploymentId: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const { certificates } = await readParameters(hre, connection.networkName, given.parameters);
    const { address: deployer } = await sendingAccount(connection, given.from);
    const { chainId, deploymentId } = await laterStep(hre, connection, given.deploymentId);
    const timelock = await givenOrDeployed(given.timelock, hre, connection, "Timelock", given.deploymentId);
    const token = await givenOrDeployed(given.token, hre, connection, "GovernanceToken", given.deploymentId);
    // The record's time, not the newest block's: a rerun must plan the same epochs.
    const record = await readRecord(await deploymentDirectory(hre, connection, given.deploymentId));
    const now = record?.now ?? (await connection.ethers.provider.getBlock("latest"))!.timestamp;
    const plan = planCertificates(certificates, { timelock, token }, now);
    const announcement = [`${deployer} deploys to ${connection.networkName} (${chainId})`, ...describe(plan)];
    if (given.dryRun) {
      printResult(given.json, { dryRun: true, chainId, deployer, plan }, [
        ...announcement,
        "Dry run: nothing was sent.",
      ]);
      return;
    }
    if (!given.json) console.log(announcement.join("\n"));
    await buildRelease(hre, CERTIFICATES_SOURCES);
    const { default: Module, certificatesParameters } = await import("../../deploy/modules/Certificates.js");
    const contracts = await connection.ignition.deploy(Module, {
      parameters: certificatesParameters(plan),
      defaultSender: deployer,
      deploymentId,
      displayUi: !given.json && process.stdout.isTTY,
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
