import { type Provider, ZeroAddress } from "ethers";

import {
  GovernanceToken__factory,
  TokenGovernor__factory,
  TreasuryVester__factory,
} from "../../../typechain-types/index.js";
import { gateWarnings } from "../gate-warnings.js";
import type { CampaignStatus } from "../campaign.js";
import type { RatifiedList } from "../deployment/manifest.js";
import type { GateParameters, ProtocolParameters } from "../deployment/parameters.js";
import { equal, type Finding, holds, setting } from "./finding.js";

/** Where the protocol's contracts are. */
export interface ProtocolAddresses {
  readonly timelock: string;
  readonly token: string;
  readonly distributor: string;
  readonly governor: string;
  readonly vester: string;
}

export async function inspectToken(provider: Provider, addresses: ProtocolAddresses): Promise<Finding[]> {
  const token = GovernanceToken__factory.connect(addresses.token, provider);
  return [
    equal("token/minter", addresses.timelock, await token.minter()),
    equal("token/distributor", addresses.distributor, await token.distributor()),
    equal("token/clock", "mode=timestamp", await token.CLOCK_MODE()),
  ];
}

export async function inspectGovernor(
  provider: Provider,
  addresses: ProtocolAddresses,
  expected: ProtocolParameters["governor"] | undefined,
): Promise<Finding[]> {
  const governor = TokenGovernor__factory.connect(addresses.governor, provider);
  const [token, timelock, clock, quorum, threshold, delay, period, extension] = await Promise.all([
    governor.token(),
    governor.timelock(),
    governor.CLOCK_MODE(),
    governor["quorumNumerator()"](),
    governor.proposalThreshold(),
    governor.votingDelay(),
    governor.votingPeriod(),
    governor.lateQuorumVoteExtension(),
  ]);
  const supply = await GovernanceToken__factory.connect(addresses.token, provider).totalSupply();
  return [
    equal("governor/token", addresses.token, token),
    equal("governor/timelock", addresses.timelock, timelock),
    equal("governor/clock", "mode=timestamp", clock),
    setting("governor/quorum", quorum, expected?.quorumPermille, quorum > 0n && quorum <= 1000n),
    setting("governor/threshold", threshold, expected?.proposalThreshold, threshold <= supply),
    setting("governor/voting-delay", delay, expected?.votingDelay, true),
    setting("governor/voting-period", period, expected?.votingPeriod, period > 0n),
    setting("governor/vote-extension", extension, expected?.voteExtension, extension <= period),
  ];
}

export async function inspectVester(
  provider: Provider,
  addresses: ProtocolAddresses,
  expected: ProtocolParameters["vesting"] | undefined,
): Promise<Finding[]> {
  const vester = TreasuryVester__factory.connect(addresses.vester, provider);
  const [owner, start, duration, cliff] = await Promise.all([
    vester.owner(),
    vester.start(),
    vester.duration(),
    vester.cliff(),
  ]);
  return [
    equal("vester/beneficiary", addresses.timelock, owner),
    setting("vester/duration", duration, expected?.duration, duration > 0n),
    setting("vester/cliff", cliff - start, expected?.cliff, cliff >= start),
  ];
}

/** The launch distributor's powers and, when the ratified list is at hand, that it pays exactly this list. */
export function inspectDistributor(
  status: CampaignStatus,
  addresses: ProtocolAddresses,
  list: RatifiedList | undefined,
  campaign: ProtocolParameters["distribution"] | undefined,
): Finding[] {
  const findings = [
    ...(campaign === undefined ? [] : [equal("distributor/gate", spellGate(campaign.gate), spellGate(status.gate))]),
    equal("distributor/token", addresses.token, status.token),
    equal("distributor/owner", addresses.timelock, status.owner),
    equal("distributor/pending-owner", ZeroAddress, status.pendingOwner),
    equal("distributor/treasury", addresses.timelock, status.treasury),
    holds("distributor/window", status.start < status.end, "a start before an end", `${status.start} to ${status.end}`),
    holds("distributor/launch", status.launch, "the launch distributor", status.launch ? "it is" : "it is not"),
  ];
  if (list === undefined) return findings;
  const accounted = status.balance + status.claimed + status.swept;
  return [
    ...findings,
    equal("distributor/root", list.root, status.merkleRoot),
    equal("distributor/list-hash", list.listHash, status.listHash),
    holds(
      "distributor/funded",
      accounted >= list.total,
      `at least ${list.total} held, claimed and swept`,
      `${accounted}`,
    ),
  ];
}

/** That the gate asks a scorer that exists and has scores; nothing where there is no gate. */
export async function inspectGate(provider: Provider, gate: CampaignStatus["gate"]): Promise<Finding[]> {
  if (gate === undefined) return [];
  const [warning] = await gateWarnings(provider, gate);
  return [holds("distributor/gate-scorer", warning === undefined, "a scorer with a root", warning ?? spellGate(gate))];
}

const spellGate = (gate: CampaignStatus["gate"] | GateParameters | null): string =>
  gate ? `${gate.minimum} with scorer ${gate.scorerId} of ${gate.registry}` : "none";

/** What the deployer must not have: tokens, and each single power that the others do not already exclude. */
export async function inspectDeployer(
  provider: Provider,
  deployer: string,
  status: CampaignStatus | undefined,
  addresses: ProtocolAddresses,
  roles: readonly string[],
): Promise<Finding[]> {
  const balance = await GovernanceToken__factory.connect(addresses.token, provider).balanceOf(deployer);
  const findings = [equal("deployer/tokens", 0n, balance), equal("deployer/roles", "none", roles.join(", ") || "none")];
  if (status === undefined) return findings;
  return [
    ...findings,
    holds("deployer/signer", status.signer !== deployer, "another account", status.signer),
    holds("deployer/guardian", status.guardian !== deployer, "another account", status.guardian),
  ];
}
