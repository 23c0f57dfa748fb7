import type { Provider } from "ethers";

import { DomainError } from "../../shared/errors.js";
import { CampaignGateway, type CampaignStatus } from "../campaign.js";
import type { RatifiedList } from "../deployment/manifest.js";
import type { ProtocolParameters } from "../deployment/parameters.js";
import { inspectCertificates, inspectEras } from "./certificates.js";
import { type CommunityAddresses, inspectPassport, inspectRules, inspectStaking } from "./community.js";
import { inspectCode, type RuntimeCode } from "./code.js";
import { type Finding, readable } from "./finding.js";
import {
  inspectDeployer,
  inspectDistributor,
  inspectGate,
  inspectGovernor,
  inspectToken,
  inspectVester,
  type ProtocolAddresses,
} from "./holdings.js";
import { ROLES, type RoleHistory } from "./roles.js";
import { inspectTimelock } from "./timelock.js";

export interface InspectionRequest {
  readonly provider: Provider;
  readonly addresses: ProtocolAddresses;
  /** The contracts of the later steps, as far as there are any. */
  readonly community?: CommunityAddresses | undefined;
  /** No contract of the deployment is older. */
  readonly fromBlock: number;
  readonly list?: RatifiedList | undefined;
  /** What was deployed with: settings are compared with it, as long as no vote has changed them. */
  readonly parameters?: ProtocolParameters | undefined;
  /** Who must have kept nothing; otherwise the Timelock's creator, as its first event tells. */
  readonly deployer?: string | undefined;
  /** Builds to compare the contracts' code with. */
  readonly builds?: Readonly<Record<keyof ProtocolAddresses, RuntimeCode>> | undefined;
  /** The same for the contracts of the later steps. */
  readonly communityBuilds?: Readonly<Partial<Record<keyof CommunityAddresses, RuntimeCode>>> | undefined;
}

export interface Inspection {
  readonly passed: boolean;
  readonly deployer: string;
  readonly findings: readonly Finding[];
  readonly distributor: CampaignStatus | undefined;
}

/** `inspection/no-contract`: nothing is deployed at an address. `inspection/no-events`: the Timelock's are missing. */
export type InspectionErrorCode = "inspection/no-contract" | "inspection/no-events";

/** Reads a live deployment and proves who owns what; trusts nothing but the chain. */
export async function inspectProtocol(request: InspectionRequest): Promise<Inspection> {
  const { provider, addresses, fromBlock, list, parameters } = request;
  const findings = await inspectContracts(request);
  const timelock = await inspectTimelock(
    provider,
    addresses.timelock,
    addresses.governor,
    fromBlock,
    parameters?.timelock.delay,
  );
  const deployer = request.deployer ?? timelock.creator;
  let distributor: CampaignStatus | undefined;
  findings.push(
    ...timelock.findings,
    ...(await readable("governor", () => inspectGovernor(provider, addresses, parameters?.governor))),
    ...(await readable("token", () => inspectToken(provider, addresses))),
    ...(await readable("distributor", async () => {
      distributor = await new CampaignGateway(addresses.distributor, provider, fromBlock).status();
      return [
        ...inspectDistributor(distributor, addresses, list, parameters?.distribution),
        ...(await inspectGate(provider, distributor.gate)),
      ];
    })),
    ...(await readable("vester", () => inspectVester(provider, addresses, parameters?.vesting))),
    ...(await readable("deployer", () =>
      inspectDeployer(provider, deployer, distributor, addresses, rolesOf(deployer, timelock.history)),
    )),
  );
  findings.push(...(await inspectCommunity(request, deployer)));
  return { passed: findings.every(({ ok }) => ok), deployer, findings, distributor };
}

async function inspectCommunity(request: InspectionRequest, deployer: string): Promise<Finding[]> {
  const { provider, addresses, fromBlock, parameters, community = {} } = request;
  const { timelock, token } = addresses;
  const { registry, decoder, staking, rules } = community;
  const findings: Finding[] = [];
  for (const [name, build] of Object.entries(request.communityBuilds ?? {})) {
    const address = community[name as keyof CommunityAddresses];
    if (address !== undefined) findings.push(inspectCode(name, await provider.getCode(address), build));
  }
  if (registry !== undefined && decoder !== undefined) {
    const own = { registry, decoder, timelock, rules };
    const passport = () => inspectPassport(provider, own, deployer, parameters?.passport ?? undefined);
    findings.push(...(await readable("registry", passport)));
  }
  if (staking !== undefined) {
    const own = { staking, timelock, token };
    const stakes = () => inspectStaking(provider, own, fromBlock, deployer, parameters?.staking ?? undefined);
    findings.push(...(await readable("stakes", stakes)));
  }
  if (rules !== undefined && registry !== undefined) {
    const own = { rules, registry, timelock };
    findings.push(...(await readable("rules", () => inspectRules(provider, own, deployer))));
  }
  findings.push(...(await inspectStewards(request)));
  return findings;
}

async function inspectStewards({ provider, addresses, fromBlock, parameters, community = {} }: InspectionRequest) {
  const { timelock, token } = addresses;
  const { certificates, verifier, eras } = community;
  const findings: Finding[] = [];
  if (certificates !== undefined && verifier !== undefined) {
    const own = { certificates, verifier, timelock, token };
    const all = () => inspectCertificates(provider, own, fromBlock, parameters?.certificates ?? undefined);
    findings.push(...(await readable("stewards", all)));
  }
  if (eras !== undefined && certificates !== undefined) {
    findings.push(...(await readable("markers", () => inspectEras(provider, { eras, certificates }))));
  }
  return findings;
}

/** That there is code at every address and, when builds were given, that it is theirs. */
async function inspectContracts({ provider, addresses, builds }: InspectionRequest): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, address] of Object.entries(addresses) as [keyof ProtocolAddresses, string][]) {
    const code = await provider.getCode(address);
    if (code === "0x") {
      const message = `There is no contract at ${address}, where the ${name} should be.`;
      throw new DomainError<InspectionErrorCode>("inspection/no-contract", message, { name, address });
    }
    if (builds !== undefined) findings.push(inspectCode(name, code, builds[name]));
  }
  return findings;
}

function rolesOf(account: string, { holders }: RoleHistory): string[] {
  return Object.entries(ROLES)
    .filter(([, role]) => holders.get(role)?.has(account))
    .map(([name]) => name);
}
