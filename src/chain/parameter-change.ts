// A change of the registry's parameters, checked before it is voted on: a proposal that the contract refuses at its execution costs
// a vote.
import { DomainError } from "../shared/errors.js";
import type { StmParameters } from "../stm/parameters.js";
import type { Step } from "./call.js";
import {
  epochAfter,
  type CertificateRegistryGateway,
  type EpochClock,
  type EpochParameters,
  type NewParameters,
} from "./certificate-registry.js";

/** As the registry has them. */
export const CHANGE_DELAY = 2n;
const MAX_M = 65_535n;
const MAX_PHI_F = 0.95;
const FULL_SHARE = 10_000;

/** `certificate/bad-parameters`: the registry would refuse them. `certificate/too-early`: their epoch is too near. */
export type ParameterChangeErrorCode = "certificate/bad-parameters" | "certificate/too-early";

/** What changes; the rest stays as it is scheduled. */
export interface ParameterChange extends Partial<StmParameters> {
  /** In units of 1e9 wei. */
  readonly minimumStake?: bigint | undefined;
  /** Of the supply, in units of 1e-4. */
  readonly minimumShare?: number | undefined;
}

/** The parameters with a change. Throws `certificate/bad-parameters` for those that the registry would refuse. */
export function changedParameters({ stm, ...held }: EpochParameters, change: ParameterChange): NewParameters {
  const { k = stm.k, m = stm.m, phiF = stm.phiF } = change;
  const { minimumStake = held.minimumStake, minimumShare = held.minimumShare } = change;
  if (k < 1n || k > m) throw bad(`k must be from 1 to m, which is ${m}, not ${k}`);
  if (m > MAX_M) throw bad(`m must be ${MAX_M} at most, not ${m}`);
  if (!(phiF > 0 && phiF <= MAX_PHI_F)) throw bad(`phi_f must be above 0 and at most ${MAX_PHI_F}, not ${phiF}`);
  if (minimumStake < 1n || minimumStake >= 2n ** 64n) {
    throw bad("the minimum stake must be above 0 and below 2^64, in units of 1e9 wei");
  }
  if (!(minimumShare >= 1 && minimumShare <= FULL_SHARE)) {
    throw bad("the minimum share must be above 0 and at most the whole supply");
  }
  return { stm: { k, m, phiF }, minimumStake, minimumShare };
}

/**
 * Governance's call that changes parameters from an epoch on, and the parameters that hold then. `seconds` is how long it takes at
 * least until the call is made. Throws `certificate/bad-parameters` and `certificate/too-early`.
 */
export async function planParameterChange(
  registry: CertificateRegistryGateway,
  epoch: bigint,
  change: ParameterChange,
  seconds = 0n,
): Promise<{ readonly step: Step; readonly parameters: NewParameters }> {
  const [clock, schedule] = await Promise.all([registry.clock(), registry.schedule()]);
  const held = schedule.findLast((entry) => entry.epoch <= epoch) ?? (await registry.parametersOf(epoch));
  const parameters = changedParameters(held, change);
  const decided = epochAfter(clock, seconds);
  const earliest = decided + CHANGE_DELAY;
  if (epoch < earliest) {
    const message = `Parameters can change from epoch ${earliest} on, not from ${epoch}: ${decidedIn(clock, decided)}, and the certificates of an epoch carry the parameters of the next.`;
    throw new DomainError<ParameterChangeErrorCode>("certificate/too-early", message, { epoch, earliest });
  }
  // A change of its own may be followed by later ones, which the same call would take away.
  const isLast = schedule.every((entry) => entry.epoch <= epoch);
  if (isLast && same(held, parameters)) {
    return { step: { done: `the parameters of epoch ${epoch} are these` }, parameters };
  }
  return { step: registry.scheduleParameters(epoch, parameters), parameters };
}

/** Why an epoch is too early, for people. */
export const decidedIn = ({ epoch }: EpochClock, decided: bigint): string =>
  decided === epoch
    ? `it is epoch ${epoch}`
    : `it is epoch ${epoch}, and a proposal that is made now is executed in epoch ${decided} at the earliest`;

const same = (a: EpochParameters, b: NewParameters): boolean =>
  a.stm.k === b.stm.k &&
  a.stm.m === b.stm.m &&
  a.stm.phiF === b.stm.phiF &&
  a.minimumStake === b.minimumStake &&
  a.minimumShare === b.minimumShare;

const bad = (problem: string) =>
  new DomainError<ParameterChangeErrorCode>("certificate/bad-parameters", `The registry refuses that: ${problem}.`);
