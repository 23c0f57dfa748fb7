import type {
  CertificateRegistryGateway,
  CertifiedEpoch,
  ChainState,
  EpochClock,
  EpochParameters,
  EpochSeal,
} from "./certificate-registry.js";
import type { ScheduledParameters } from "./parameter-schedule.js";

/** What is going on at a registry: the next steps of stewards and aggregators follow from it. */
export interface CertificateStatus {
  readonly clock: EpochClock;
  /** When the next epoch begins, in seconds since 1970. */
  readonly nextEpochAt: bigint;
  readonly chain: ChainState;
  readonly parameters: EpochParameters;
  /** Changes that governance decided for coming epochs, by epoch. */
  readonly scheduled: readonly ScheduledParameters[];
  /** Keys that are registered in this epoch, and whether the account's is among them. */
  readonly registered: number;
  readonly accountRegistered: boolean | undefined;
  /** The key of this epoch, and the next one, which certificates carry; undefined before there could be one. */
  readonly signing: EpochSeal | undefined;
  readonly next: EpochSeal | undefined;
  readonly certified: CertifiedEpoch | undefined;
}

/** Reads a registry's state; `account` is a steward, or undefined. */
export async function certificateStatus(
  registry: CertificateRegistryGateway,
  account: string | undefined,
): Promise<CertificateStatus> {
  const clock = await registry.clock();
  const { genesis, epochLength, epoch } = clock;
  const sealed = (of: bigint) => (of < 1n ? Promise.resolve(undefined) : registry.sealOf(of));
  const [chain, parameters, schedule, registrations, signing, next, certified] = await Promise.all([
    registry.chain(),
    registry.parametersOf(epoch),
    registry.schedule(),
    registry.registrations(epoch),
    sealed(epoch - 2n),
    sealed(epoch - 1n),
    registry.certifiedEpoch(epoch),
  ]);
  return {
    ...{ clock, nextEpochAt: genesis + epoch * epochLength, chain, parameters, signing, next, certified },
    scheduled: schedule.filter((entry) => entry.epoch > epoch),
    registered: registrations.length,
    accountRegistered: account === undefined ? undefined : registrations.some(({ steward }) => steward === account),
  };
}
