import { sign } from "../../../src/stm/sign.js";
import { SigningKey } from "../../../src/stm/keys.js";
import type { StmParameters } from "../../../src/stm/parameters.js";
import type { SingleSignature } from "../../../src/stm/proof.js";
import { closeRegistration, type Registration } from "../../../src/stm/registration.js";
import { keccak } from "../../../src/shared/keccak.js";

const cache = new Map<string, SigningKey>();

/** The same key for the same label in every test. */
export function keyOf(label: string | number): SigningKey {
  const name = `touchstone stm test ${label}`;
  const key = cache.get(name) ?? SigningKey.fromKeyMaterial(keccak(name));
  cache.set(name, key);
  return key;
}

export interface Community {
  readonly registration: Registration;
  /** In the registration's order. */
  readonly signers: readonly SigningKey[];
}

/** Parties with these stakes, keys by number. */
export function community(stakes: readonly bigint[], label = ""): Community {
  const keys = stakes.map((_stake, i) => keyOf(`${label}${i}`));
  const verificationKeys = keys.map((key) => key.verificationKey());
  const registration = closeRegistration(
    verificationKeys.map((verificationKey, i) => ({ verificationKey, stake: stakes[i] as bigint })),
  );
  const signers = registration.parties.map(
    ({ verificationKey }) => keys[verificationKeys.findIndex((each) => each.equals(verificationKey))] as SigningKey,
  );
  return { registration, signers };
}

/** What all parties sign, without those that win nothing. */
export function signatures(
  { registration, signers }: Community,
  message: Uint8Array,
  parameters: StmParameters,
): SingleSignature[] {
  return signers.flatMap((signer) => sign(signer, message, registration, parameters) ?? []);
}
