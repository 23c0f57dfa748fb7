import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { gateWarnings } from "../../src/chain/gate-warnings.js";
import { parseCampaignParameters } from "../../src/chain/deployment/parameters.js";
import { planCampaign } from "../../src/chain/deployment/plan.js";
import { startDeployment } from "../../src/chain/deployment/start.js";
import { sendingAccount } from "../accounts.js";
import type { SendArguments } from "../declare.js";
import { announce } from "../deploy-step.js";
import { givenOrDeployed, journalDirectory } from "../deployment.js";
import { readList, readText } from "../files.js";
import { required } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { buildRelease } from "../protocol/build.js";
import { run } from "../run.js";
import { campaignId } from "./open.js";

interface DeployArguments extends SendArguments {
  list: string | undefined;
  parameters: string | undefined;
  campaign: string | undefined;
  token: string | undefined;
  treasury: string | undefined;
}

const deploy: NewTaskActionFunction<DeployArguments> = async (given, hre) =>
  run(async () => {
    const campaign = required(given.campaign, "--campaign");
    const list = await readList(required(given.list, "--list"));
    const file = await readText(required(given.parameters, "--parameters"), "The parameter file");
    const connection = await hre.network.create();
    const token = await givenOrDeployed(given.token, hre, connection, "GovernanceToken", given.deploymentId);
    const treasury = await givenOrDeployed(given.treasury, hre, connection, "Timelock", given.deploymentId);
    const { address: deployer } = await sendingAccount(connection, given.from);
    const id = await campaignId(connection, { campaign, deploymentId: given.deploymentId });
    const directory = await journalDirectory(hre, connection, id);
    const start = await startDeployment(connection.ethers.provider, deployer, directory);
    const plan = { token, treasury, ...planCampaign(parseCampaignParameters(file), list, start.context) };
    const warnings = await gateWarnings(connection.ethers.provider, plan.gate);
    const announcement = [
      `${deployer} deploys campaign ${campaign} to ${connection.networkName} (${start.chainId})`,
      `  pays      ${plan.total} units of ${token} to ${plan.count} people, list ${plan.listHash}`,
      `  claims    ${isoTime(plan.start)} to ${isoTime(plan.end)}, signer ${plan.signer}`,
      `  the rest  to ${treasury}, which owns it`,
      ...warnings.map((warning) => `  warning: ${warning}`),
    ];
    if (!announce(given, { deployer, plan, warnings }, announcement)) return;
    await buildRelease(hre);
    await start.keep(plan);
    const { default: Campaign, campaignParameters } = await import("../../deploy/modules/Campaign.js");
    const { distributor } = await connection.ignition.deploy(Campaign, {
      parameters: campaignParameters(plan, token, treasury),
      defaultSender: deployer,
      ...(id === undefined ? {} : { deploymentId: id }),
    });
    const address = await distributor.getAddress();
    printResult(given.json, { deployer, distributor: address, plan }, [
      `distributor  ${address}`,
      `Fund it by transferring ${plan.total} units of ${token} to it.`,
    ]);
  });

export default deploy;
