// Who signs in an epoch, rebuilt from the chain and compared with what the contract sealed.
import { sameAggregateKey } from "../../certificates/link.js";
import type { AggregateKey } from "../../stm/aggregate-key.js";
import { VerificationKey } from "../../stm/keys.js";
import { closeRegistration, type Registration } from "../../stm/registration.js";
import type { EpochParameters, StewardChain } from "./chain.js";
import { registrationEpochOf } from "./epochs.js";
import { NodeError } from "./errors.js";
import type { StewardStake } from "./stake-distribution.js";

/** The stewards of an epoch: position in `registration.parties` is the signer's index, and the place in `stewards` too. */
export interface EpochKeys {
  readonly epoch: bigint;
  readonly registration: Registration;
  readonly stewards: readonly StewardStake[];
}

/** What a node has to know of an epoch to sign, aggregate or verify in it. */
export interface EpochView {
  readonly epoch: bigint;
  readonly parameters: EpochParameters;
  readonly keys: EpochKeys;
  readonly nextParameters: EpochParameters;
  /** The stewards of the next epoch; undefined where too few registered, and then nothing can be signed in it. */
  readonly next: EpochKeys | undefined;
}

/** Why nothing can be signed in an epoch yet, or at all. */
export interface NotSignable {
  readonly epoch: bigint;
  /**
   * `too-early`: nobody could register two epochs before. `blocked`: too few did. `unsealed`: the key of this epoch, or the next
   * one that every certificate carries, waits for somebody to seal it; `pending` says which registrations. `unknown-era`: this
   * program does not have the rules of the epoch's era.
   */
  readonly reason: "too-early" | "blocked" | "unsealed" | "unknown-era";
  readonly pending: readonly bigint[];
}

/**
 * Reads the stewards that sign in `epoch` and in the next one. Throws `nodes/wrong-registry` when the keys and votes on the chain
 * do not give the aggregate key that the contract sealed: then this node and the contract disagree about the scheme.
 */
export async function readEpoch(chain: StewardChain, epoch: bigint): Promise<EpochView | NotSignable> {
  const registered = registrationEpochOf(epoch);
  if (registered < 1n) return { epoch, reason: "too-early", pending: [] };
  const [seal, nextSeal] = await Promise.all([chain.sealOf(registered), chain.sealOf(registered + 1n)]);
  if (seal.status === "blocked") return { epoch, reason: "blocked", pending: [] };
  const pending = [
    ...(seal.status === "open" ? [registered] : []),
    ...(nextSeal.status === "open" ? [registered + 1n] : []),
  ];
  if (seal.status === "open" || nextSeal.status === "open") return { epoch, reason: "unsealed", pending };
  const [parameters, nextParameters] = await Promise.all([chain.parametersOf(epoch), chain.parametersOf(epoch + 1n)]);
  const keys = await readSealedKeys(chain, epoch, parameters.minimumStake, seal.key);
  const next =
    nextSeal.status === "blocked"
      ? undefined
      : await readSealedKeys(chain, epoch + 1n, nextParameters.minimumStake, nextSeal.key);
  return { epoch, parameters, keys, nextParameters, next };
}

/** All keys registered for `signing`, with their stakes, in the order in which they are sealed: those without stake too. */
async function readRegistrants(chain: StewardChain, signing: bigint): Promise<StewardStake[]> {
  const registered = registrationEpochOf(signing);
  const keys = await chain.registrationsOf(registered);
  const stakes = await chain.stakesOf(
    registered,
    keys.map(({ steward }) => steward),
  );
  const all = keys.map((key, place) => ({ ...key, stake: stakes[place] as bigint }));
  return all.sort((a, b) =>
    a.stake === b.stake ? Buffer.compare(a.verificationKey, b.verificationKey) : a.stake < b.stake ? -1 : 1,
  );
}

/** The stewards that sign in an epoch. Throws `nodes/wrong-registry` when they do not give the aggregate key that was sealed. */
export async function readSealedKeys(
  chain: StewardChain,
  epoch: bigint,
  minimumStake: bigint,
  sealed: AggregateKey,
): Promise<EpochKeys> {
  const stewards = (await readRegistrants(chain, epoch)).filter(({ stake }) => stake >= minimumStake && stake > 0n);
  const parties = stewards.map(({ verificationKey, stake }) => ({
    verificationKey: VerificationKey.parse(verificationKey),
    stake,
  }));
  const registration = parties.length === 0 ? undefined : closeRegistration(parties);
  if (registration === undefined || !sameAggregateKey(registration.aggregateKey, sealed)) {
    const message = `The registry sealed another key for epoch ${epoch} than its registrations and votes give`;
    throw new NodeError("nodes/wrong-registry", message, { fate: "stop" });
  }
  return { epoch, registration, stewards };
}
