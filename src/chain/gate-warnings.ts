import { type Provider, ZeroAddress } from "ethers";

import { PassportRegistry__factory } from "../../typechain-types/index.js";
import { isContractsFault } from "./contract-fault.js";

/** What a distributor's gate asks; the minimum is in units of 1e-4. */
export interface GateQuestion {
  readonly registry: string;
  readonly scorerId: bigint | string;
  readonly minimum: bigint | number;
}

/**
 * What whoever deploys with a gate should know before it is for ever. The distributor itself only asks that something answers:
 * a scorer that nobody made has no scores, and so nobody could make a signed claim.
 */
export async function gateWarnings(provider: Provider, gate: GateQuestion | null | undefined): Promise<string[]> {
  if (!gate || gate.registry === ZeroAddress) return [];
  const { registry } = gate;
  const scorerId = BigInt(gate.scorerId);
  if ((await provider.getCode(registry)) === "0x") return [`There is no contract at the gate's registry ${registry}.`];
  try {
    const { authority, number } = await PassportRegistry__factory.connect(registry, provider).scorer(scorerId);
    if (authority === ZeroAddress) {
      return [`The gate's registry ${registry} has no scorer ${scorerId}: nobody could make a signed claim.`];
    }
    if (number === 0n) return [`Scorer ${scorerId} has no root yet: until it has, nobody can make a signed claim.`];
    return [];
  } catch (error) {
    if (!isContractsFault(error)) throw error;
    return [
      `The gate's registry ${registry} does not say whether it has a scorer ${scorerId}: it is no registry of ours.`,
    ];
  }
}
