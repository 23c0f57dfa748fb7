import { messageWithRoot } from "./aggregate-key.js";
import { StmError } from "./errors.js";
import type { SigningKey } from "./keys.js";
import { Draws, Lottery } from "./lottery.js";
import { checkParameters, type StmParameters } from "./parameters.js";
import type { SingleSignature } from "./proof.js";
import type { Registration } from "./registration.js";

/**
 * Signs a message as a registered party and draws all m lotteries. `undefined` if none is won: then there is nothing to
 * send. Throws `stm/unknown-signer` for a key that is not registered.
 */
export function sign(
  key: SigningKey,
  message: Uint8Array,
  registration: Registration,
  parameters: StmParameters,
): SingleSignature | undefined {
  checkParameters(parameters);
  const own = key.verificationKey();
  const signerIndex = registration.parties.findIndex(({ verificationKey }) => verificationKey.equals(own));
  const party = registration.parties[signerIndex];
  if (party === undefined) throw new StmError("stm/unknown-signer", "this key is not registered for the epoch");
  const signed = messageWithRoot(message, registration.aggregateKey);
  const sigma = key.sign(signed);
  const indexes = wonIndexes(signed, sigma, party.stake, registration.totalStake, parameters);
  return indexes.length === 0 ? undefined : { sigma, indexes, signerIndex };
}

/** The indices that a signature wins, ascending. `signed` is the message with the root. */
export function wonIndexes(
  signed: Uint8Array,
  sigma: Uint8Array,
  stake: bigint,
  totalStake: bigint,
  parameters: StmParameters,
): number[] {
  const lottery = new Lottery(parameters, stake, totalStake);
  const draws = new Draws(signed, sigma);
  const indexes: number[] = [];
  for (let index = 0; index < Number(parameters.m); index++) if (lottery.wins(draws.at(index))) indexes.push(index);
  return indexes;
}
