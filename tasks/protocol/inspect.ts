import type { NewTaskActionFunction } from "hardhat/types/tasks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { errorResult, successfulResult } from "hardhat/utils/result";

import { parseParameters } from "../../src/chain/deployment/parameters.js";
import { inspectProtocol } from "../../src/chain/inspection/inspect.js";
import { deployedIfAny, givenOrDeployed } from "../deployment.js";
import { readList, readText } from "../files.js";
import { firstBlock } from "../governance/open.js";
import { checkedAddress } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { buildRelease, PASSPORT_SOURCES, STAKING_SOURCES } from "./build.js";

interface InspectArguments {
  timelock: string | undefined;
  token: string | undefined;
  distributor: string | undefined;
  governor: string | undefined;
  vester: string | undefined;
  deployer: string | undefined;
  list: string | undefined;
  parameters: string | undefined;
  fromBlock: string | undefined;
  deploymentId: string | undefined;
  code: boolean;
  json: boolean;
}

const inspect: NewTaskActionFunction<InspectArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const find = (address: string | undefined, contract: string) =>
      givenOrDeployed(address, hre, connection, contract, given.deploymentId);
    const addresses = {
      timelock: await find(given.timelock, "Timelock"),
      token: await find(given.token, "GovernanceToken"),
      distributor: await find(given.distributor, "TokenDistributor"),
      governor: await find(given.governor, "TokenGovernor"),
      vester: await find(given.vester, "TreasuryVester"),
    };
    const later = (contract: string) => deployedIfAny(hre, connection, contract, given.deploymentId);
    const inspection = await inspectProtocol({
      community: {
        registry: await later("PassportRegistry"),
        decoder: await later("PassportDecoder"),
        staking: await later("IdentityStaking"),
      },
      provider: connection.ethers.provider,
      addresses,
      fromBlock: await firstBlock(hre, connection, given.fromBlock, given.deploymentId),
      list: given.list === undefined ? undefined : await readList(given.list),
      parameters: await readParameters(given.parameters),
      deployer: given.deployer === undefined ? undefined : checkedAddress(given.deployer),
      ...(given.code ? await readBuilds(hre) : {}),
    });
    const { findings, passed, deployer } = inspection;
    const lines = findings.map(({ id, ok, expected, actual }) =>
      ok ? `ok    ${id}: ${actual || "nothing"}` : `FAIL  ${id}: expected ${expected || "nothing"}, found ${actual}`,
    );
    const verdict = passed ? `Sound: the deployer ${deployer} kept nothing.` : "NOT sound: see the lines marked FAIL.";
    printResult(given.json, { addresses, ...inspection }, [...lines, verdict]);
    return passed ? successfulResult() : errorResult();
  });

async function readParameters(file: string | undefined) {
  return file === undefined ? undefined : parseParameters(await readText(file, "The parameter file"));
}

/** Each step's contracts were compiled apart from the others', and are again. */
async function readBuilds(hre: HardhatRuntimeEnvironment) {
  await buildRelease(hre);
  const builds = {
    timelock: await hre.artifacts.readArtifact("Timelock"),
    token: await hre.artifacts.readArtifact("GovernanceToken"),
    distributor: await hre.artifacts.readArtifact("TokenDistributor"),
    governor: await hre.artifacts.readArtifact("TokenGovernor"),
    vester: await hre.artifacts.readArtifact("TreasuryVester"),
  };
  await buildRelease(hre, PASSPORT_SOURCES);
  const passport = {
    registry: await hre.artifacts.readArtifact("PassportRegistry"),
    decoder: await hre.artifacts.readArtifact("PassportDecoder"),
  };
  await buildRelease(hre, STAKING_SOURCES);
  const staking = await hre.artifacts.readArtifact("IdentityStaking");
  return { builds, communityBuilds: { ...passport, staking } };
}

export default inspect;
