import type { NewTaskActionFunction } from "hardhat/types/tasks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { errorResult, successfulResult } from "hardhat/utils/result";

import { parseParameters } from "../../src/chain/deployment/parameters.js";
import type { RuntimeCode } from "../../src/chain/inspection/code.js";
import type { CommunityAddresses } from "../../src/chain/inspection/community.js";
import { inspectProtocol } from "../../src/chain/inspection/inspect.js";
import { deployedIfAny, givenOrDeployed } from "../deployment.js";
import { readList, readText } from "../files.js";
import { firstBlock } from "../governance/open.js";
import { checkedAddress } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { buildRelease, CERTIFICATES_SOURCES, PASSPORT_SOURCES, RULES_SOURCES, STAKING_SOURCES } from "./build.js";

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
    const community = {
      registry: await later("PassportRegistry"),
      decoder: await later("PassportDecoder"),
      staking: await later("IdentityStaking"),
      rules: await later("RulesAuthority"),
      certificates: await later("CertificateRegistry"),
      verifier: await later("StmVerifier"),
      eras: await later("EraMarkers"),
    };
    const inspection = await inspectProtocol({
      community,
      provider: connection.ethers.provider,
      addresses,
      fromBlock: await firstBlock(hre, connection, given.fromBlock, given.deploymentId),
      list: given.list === undefined ? undefined : await readList(given.list),
      parameters: await readParameters(given.parameters),
      deployer: given.deployer === undefined ? undefined : checkedAddress(given.deployer),
      ...(given.code ? await readBuilds(hre, community) : {}),
    });
    const { findings, passed, deployer } = inspection;
    const lines = findings.map(({ id, ok, expected, actual }) =>
      ok ? `ok    ${id}: ${actual || "nothing"}` : `FAIL  ${id}: expected ${expected || "nothing"}, found ${actual}`,
    );
    const verdict = passed ? `Sound: the deployer ${deployer} kept nothing.` : "NOT sound: see the lines marked FAIL.";
    printResult(given.json, { addresses, community, ...inspection }, [...lines, verdict]);
    return passed ? successfulResult() : errorResult();
  });

async function readParameters(file: string | undefined) {
  return file === undefined ? undefined : parseParameters(await readText(file, "The parameter file"));
}

/** Each step's contracts were compiled apart from the others', and are again. */
async function readBuilds(hre: HardhatRuntimeEnvironment, community: CommunityAddresses) {
  await buildRelease(hre);
  const builds = {
    timelock: await hre.artifacts.readArtifact("Timelock"),
    token: await hre.artifacts.readArtifact("GovernanceToken"),
    distributor: await hre.artifacts.readArtifact("TokenDistributor"),
    governor: await hre.artifacts.readArtifact("TokenGovernor"),
    vester: await hre.artifacts.readArtifact("TreasuryVester"),
  };
  const communityBuilds: Partial<Record<keyof CommunityAddresses, RuntimeCode>> = {};
  for (const { sources, contracts } of LATER_STEPS) {
    const deployed = Object.entries(contracts).filter(([name]) => community[name as keyof CommunityAddresses]);
    if (deployed.length > 0) await buildRelease(hre, sources);
    for (const [name, contract] of deployed) {
      communityBuilds[name as keyof CommunityAddresses] = await hre.artifacts.readArtifact(contract);
    }
  }
  return { builds, communityBuilds };
}

const LATER_STEPS = [
  { sources: PASSPORT_SOURCES, contracts: { registry: "PassportRegistry", decoder: "PassportDecoder" } },
  { sources: STAKING_SOURCES, contracts: { staking: "IdentityStaking" } },
  { sources: RULES_SOURCES, contracts: { rules: "RulesAuthority" } },
  {
    sources: CERTIFICATES_SOURCES,
    contracts: { certificates: "CertificateRegistry", verifier: "StmVerifier", eras: "EraMarkers" },
  },
];

export default inspect;
