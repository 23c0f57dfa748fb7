// The parameters of a registry over its epochs, as its events tell them.
import type { Provider } from "ethers";

import { CertificateRegistry__factory } from "../../typechain-types/index.js";
import type { EpochParameters } from "./certificate-registry.js";
import { readLogs } from "./event-log.js";
import { fromFixedPhi } from "./phi.js";

/** Parameters with the first epoch in which they hold. */
export interface ScheduledParameters extends EpochParameters {
  readonly epoch: bigint;
}

/** `ProtocolParameters` as the contract gives them. */
export type OnChainParameters = Record<"k" | "m" | "phiF" | "c120" | "minimumStake" | "minimumShare", bigint>;

/** Throws `certificate/unknown-phi`. */
export function rulesOf(parameters: OnChainParameters, hash: string): EpochParameters {
  // Named one by one: what ethers gives has no members of its own to take together.
  const { k, m, phiF, c120, minimumStake, minimumShare } = parameters;
  return {
    stm: { k, m, phiF: fromFixedPhi(Number(phiF), c120) },
    hash,
    minimumStake,
    minimumShare: Number(minimumShare),
  };
}

/**
 * What governance scheduled, by epoch: the first entry holds from the beginning, each further one from its epoch on. A decision
 * takes away what was scheduled for its epoch and later. Throws `certificate/unknown-phi`.
 */
export async function readSchedule(
  provider: Provider,
  address: string,
  fromBlock: number,
): Promise<ScheduledParameters[]> {
  const registry = CertificateRegistry__factory.createInterface();
  const topics = registry.encodeFilterTopics("ParametersScheduled", []);
  const schedule: ScheduledParameters[] = [];
  for (const { data, topics: indexed } of await readLogs(provider, { address, topics, fromBlock })) {
    const { epoch, parameters, parametersHash } = registry.decodeEventLog(
      "ParametersScheduled",
      data,
      indexed,
    ) as unknown as { epoch: bigint; parameters: OnChainParameters; parametersHash: string };
    while ((schedule.at(-1)?.epoch ?? -1n) >= epoch) schedule.pop();
    schedule.push({ epoch, ...rulesOf(parameters, parametersHash) });
  }
  return schedule;
}
