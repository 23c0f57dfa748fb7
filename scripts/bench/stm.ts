// `npm run bench:stm`: the multisignature on one core, for k 250, m 1523, phi_f 0.2 and 2,000 parties, beside the figures that
// the native implementation publishes; and a real certificate of a public network, where the data is. Writes
// docs/benchmarks/stm.json.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";

import { parseWideJson } from "../../src/shared/wide-json.js";
import { keccak } from "../../src/shared/keccak.js";
import { aggregate } from "../../src/stm/aggregate.js";
import { utf8 } from "../../src/stm/bytes.js";
import { proofFromLegacy, proofToLegacy } from "../../src/stm/encoding/legacy.js";
import { aggregateKeyFromHex, proofFromHex } from "../../src/stm/encoding/json.js";
import { ProofOfPossession, SigningKey, VerificationKey } from "../../src/stm/keys.js";
import { verifyProofsOfPossession } from "../../src/stm/possession.js";
import { closeRegistration } from "../../src/stm/registration.js";
import { sign } from "../../src/stm/sign.js";
import { verifyProof } from "../../src/stm/verify.js";

const PARTIES = 2000;
const PARAMETERS = { k: 250n, m: 1523n, phiF: 0.2 };
const MESSAGE = keccak("touchstone stm benchmark");
/** The real certificate has to verify, from its text, within this. */
const REAL_GOAL = 60;

const root = path.resolve(import.meta.dirname, "../..");

function time<T>(work: () => T): [milliseconds: number, result: T] {
  const start = performance.now();
  const result = work();
  return [performance.now() - start, result];
}

function medianOf(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => time(work)[0]).sort((a, b) => a - b);
  return times[runs >> 1] as number;
}

const keys = Array.from({ length: PARTIES }, (_party, i) => SigningKey.fromKeyMaterial(keccak(`benchmark ${i}`)));
const wire = keys.map((key, i) => ({
  key: Uint8Array.from(key.verificationKey().bytes),
  proof: Uint8Array.from(key.prove().bytes),
  stake: BigInt(1 + ((i * 7919) % 9999)),
}));

const [registrationTime, registration] = time(() => {
  const parsed = wire.map(({ key, proof, stake }) => ({
    verificationKey: VerificationKey.parse(key),
    proof: ProofOfPossession.parse(proof),
    stake,
  }));
  verifyProofsOfPossession(parsed);
  return closeRegistration(parsed);
});

const signer = keys[PARTIES >> 1] as SigningKey;
const signatureTime = medianOf(21, () => sign(signer, MESSAGE, registration, PARAMETERS));
const signatures = keys.flatMap((key) => sign(key, MESSAGE, registration, PARAMETERS) ?? []);
const [aggregationTime, proof] = time(() => aggregate(signatures, MESSAGE, registration, PARAMETERS));
const verify = (what: typeof proof) => verifyProof(what, MESSAGE, registration.aggregateKey, PARAMETERS);
const verificationTime = medianOf(9, () => verify(proof));
const bytes = proofToLegacy(proof);
const decodedTime = medianOf(5, () => verify(proofFromLegacy(bytes)));

/** Milliseconds from a certificate's text to the verdict, or `null` without the data. */
function realCertificate(): number | null {
  const folder = path.resolve(process.env.TOUCHSTONE_DATA ?? path.join(root, "../shared/data"));
  const file = path.join(folder, "mithril/preview_real_2024_full_params.json");
  if (!existsSync(file)) return null;
  interface Certificate {
    readonly multi_signature: string;
    readonly aggregate_verification_key: string;
    readonly signed_message: string;
    readonly metadata: { readonly parameters: { k: number; m: number; phi_f: number } };
  }
  const [certificate] = Object.values(parseWideJson(readFileSync(file, "utf8")) as object) as Certificate[];
  if (certificate === undefined) return null;
  const { k, m, phi_f: phiF } = certificate.metadata.parameters;
  return medianOf(9, () =>
    verifyProof(
      proofFromHex(certificate.multi_signature),
      utf8(certificate.signed_message),
      aggregateKeyFromHex(certificate.aggregate_verification_key),
      { k: BigInt(k), m: BigInt(m), phiF },
    ),
  );
}

const real = realCertificate();
const line = (step: string, milliseconds: number, native: number | null) => ({ step, milliseconds, native });
const report = {
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  node: process.version,
  parties: PARTIES,
  parameters: { k: 250, m: 1523, phiF: 0.2 },
  native: "published figures of the native implementation, Apple M1 Pro, not run here",
  proof: { signatures: proof.signatures.length, legacyBytes: bytes.length },
  lines: [
    line("registration of all parties, from bytes", registrationTime, 2590),
    line("single signature with all draws", signatureTime, 5.9),
    line("aggregation of all signatures", aggregationTime, 191),
    line("verification of a decoded proof", verificationTime, 14),
    line("verification with decoding from bytes", decodedTime, null),
  ],
  realCertificate: real === null ? null : { milliseconds: real, goal: REAL_GOAL, indices: 2984 },
};
writeFileSync(path.join(root, "docs/benchmarks/stm.json"), `${JSON.stringify(report, null, 2)}\n`);
for (const { step, milliseconds, native } of report.lines) {
  const ratio = native === null ? "" : `, native ${native} ms, ${(milliseconds / native).toFixed(2)} times`;
  console.log(`${step}: ${milliseconds.toFixed(1)} ms${ratio}`);
}
console.log(`${proof.signatures.length} signers in a proof of ${bytes.length} bytes`);
console.log(
  real === null ? "no real certificate: no data" : `a real certificate: ${real.toFixed(1)} ms, goal ${REAL_GOAL}`,
);
