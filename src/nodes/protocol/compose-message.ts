import type { CertificateMessage, RegistryDomain } from "../../certificates/certificate-message.js";
import type { EpochView } from "./epoch-keys.js";
import { stakeDistribution } from "./stake-distribution.js";

/** What a node computed from its own copy of the log, at a block. */
export interface ComputedScores {
  /** 0x-prefixed lower-case hex. */
  readonly scoresRoot: string;
  readonly snapshotDigest: string;
  readonly snapshotBlock: bigint;
}

/** The message that the stewards of an epoch sign, from what this node knows itself. Without scores: the stakes alone. */
export function composeMessage(registry: RegistryDomain, view: EpochView, scores?: ComputedScores): CertificateMessage {
  const { epoch, next, nextParameters } = view;
  return {
    ...(scores === undefined ? {} : { scores }),
    stakeDistributionRoot: stakeDistribution(epoch + 1n, next?.stewards ?? []).root,
    ...(next === undefined ? {} : { nextAggregateKey: next.registration.aggregateKey }),
    nextParametersHash: nextParameters.hash,
    currentEpoch: epoch,
    registry,
  };
}
