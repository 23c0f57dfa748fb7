import { id } from "ethers";

import { fromHex } from "../../../src/stm/bytes.js";
import { SigningKey } from "../../../src/stm/keys.js";
import type { StmParameters } from "../../../src/stm/parameters.js";
import type { SingleSignature } from "../../../src/stm/proof.js";
import { closeRegistration, type Registration } from "../../../src/stm/registration.js";
import { sign } from "../../../src/stm/sign.js";

const keys = new Map<string, SigningKey>();

/** The same key for the same name in every run. */
export function keyNamed(name: string): SigningKey {
  const key = keys.get(name) ?? SigningKey.fromKeyMaterial(fromHex(id(`touchstone test party ${name}`).slice(2))!);
  keys.set(name, key);
  return key;
}

export interface Parties {
  readonly registration: Registration;
  /** In the registration's order. */
  readonly signers: readonly SigningKey[];
}

/** A closed registration of parties with these stakes. */
export function registered(stakes: readonly bigint[], name: string): Parties {
  const parties = stakes.map((stake, i) => {
    const signer = keyNamed(`${name} ${i}`);
    return { signer, stake, verificationKey: signer.verificationKey() };
  });
  const registration = closeRegistration(parties);
  const signers = registration.parties.map(
    ({ verificationKey }) => parties.find((party) => party.verificationKey.equals(verificationKey))!.signer,
  );
  return { registration, signers };
}

/** The signatures of all parties that win an index. */
export const signedByAll = (
  { registration, signers }: Parties,
  message: Uint8Array,
  parameters: StmParameters,
): SingleSignature[] => signers.flatMap((signer) => sign(signer, message, registration, parameters) ?? []);
