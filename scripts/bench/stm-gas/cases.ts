// What is measured: real certificates where the data is, and registrations made up like those of the prototype's measurements
// (full participation, gas order, stakes spread over a factor of 11 unless said otherwise).
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { id } from "ethers";

import { aggregate } from "../../../src/stm/aggregate.js";
import { fromHex, utf8 } from "../../../src/stm/bytes.js";
import { aggregateKeyFromHex, proofFromHex } from "../../../src/stm/encoding/json.js";
import { SigningKey } from "../../../src/stm/keys.js";
import type { StmParameters } from "../../../src/stm/parameters.js";
import type { SingleSignature } from "../../../src/stm/proof.js";
import { closeRegistration } from "../../../src/stm/registration.js";
import { sign } from "../../../src/stm/sign.js";
import type { Case } from "./measure.js";

interface CertificateJson {
  readonly signed_message: string;
  readonly aggregate_verification_key: string;
  readonly multi_signature: string;
  readonly metadata: { readonly parameters: { readonly k: number; readonly m: number; readonly phi_f: number } };
}

const folder = path.resolve(process.env.TOUCHSTONE_DATA ?? path.join("..", "shared", "data"), "mithril");

/** The first real certificate of a file with that many signers; nothing where the data is not. */
export function realCase(name: string, file: string, signers: number): Case | undefined {
  const location = path.join(folder, file);
  if (!existsSync(location)) return undefined;
  const certificates = Object.values(JSON.parse(readFileSync(location, "utf8")) as Record<string, CertificateJson>);
  for (const certificate of certificates) {
    if (certificate.multi_signature === "") continue;
    const proof = proofFromHex(certificate.multi_signature);
    if (proof.signatures.length !== signers) continue;
    const { k, m, phi_f: phiF } = certificate.metadata.parameters;
    return {
      name,
      proof,
      message: utf8(certificate.signed_message),
      key: aggregateKeyFromHex(certificate.aggregate_verification_key),
      parameters: { k: BigInt(k), m: BigInt(m), phiF },
    };
  }
  return undefined;
}

/** A registration of `leaves` parties whose largest stake is `spread` times the smallest, signed in gas order. */
export function syntheticCase(name: string, leaves: number, parameters: StmParameters, spread: number): Case {
  const parties = Array.from({ length: leaves }, (_, i) => {
    const signer = SigningKey.fromKeyMaterial(fromHex(id(`touchstone bench party ${i}`).slice(2)) ?? new Uint8Array());
    const stake =
      10n ** 15n + (10n ** 15n * BigInt(Math.round((spread - 1) * 1000 * i))) / BigInt(1000 * Math.max(1, leaves - 1));
    return { signer, stake, verificationKey: signer.verificationKey() };
  });
  const registration = closeRegistration(parties);
  const message = utf8(id(`touchstone bench ${name}`).slice(2));
  // The largest stakes come first in gas order: nobody else needs to sign.
  const signatures: SingleSignature[] = [];
  const won = new Set<number>();
  for (const { signer } of [...parties].reverse()) {
    if (won.size >= parameters.k) break;
    const signature = sign(signer, message, registration, parameters);
    if (signature === undefined) continue;
    signatures.push(signature);
    for (const index of signature.indexes) won.add(index);
  }
  const proof = aggregate(signatures, message, registration, parameters, "gas");
  return { name, proof, message, key: registration.aggregateKey, parameters };
}
