// The native scheme's byte form since 2026: 0x01 ‖ CBOR. Inner objects named *_bytes are such byte strings again.
import type { AggregateKey } from "../aggregate-key.js";
import { concat } from "../bytes.js";
import { VerificationKey } from "../keys.js";
import { checkParameters, type StmParameters } from "../parameters.js";
import type { ConcatenationProof, SingleSignature } from "../proof.js";
import { checkStake, type Party } from "../registration.js";
import type { BatchPath } from "../tree.js";
import { type Cbor, CborMap, decodeCbor, encodeCbor, Float } from "./cbor-format.js";
import { byteList, list, members, refuse, u64 } from "./fields.js";
import { aggregateKeyOf, pathOf, signatureOf } from "./native-objects.js";

/** The first byte of every object in this form. */
export const CBOR_VERSION = 1;

const pack = (entries: Readonly<Record<string, Cbor>>, open = false): Uint8Array =>
  concat(Uint8Array.of(CBOR_VERSION), encodeCbor(new CborMap(Object.entries(entries), open)));

function unpackValue(bytes: Uint8Array, what: string): unknown {
  if (bytes[0] !== CBOR_VERSION) refuse(what, `does not begin with the version byte ${CBOR_VERSION}`);
  const value = decodeCbor(bytes.subarray(1));
  if (value instanceof Float) refuse(what, "is not an object");
  return value;
}

const unpack = (bytes: Uint8Array, what: string, ...names: readonly string[]): Readonly<Record<string, unknown>> =>
  members(unpackValue(bytes, what), what, ...names);

export const parametersToCbor = ({ k, m, phiF }: StmParameters): Uint8Array => pack({ m, k, phi_f: new Float(phiF) });

export function parametersFromCbor(bytes: Uint8Array): StmParameters {
  const object = unpack(bytes, "the parameters", "m", "k", "phi_f");
  if (!(object.phi_f instanceof Float)) refuse("phi_f", "is not a double");
  const parameters = { k: u64(object.k, "k"), m: u64(object.m, "m"), phiF: (object.phi_f as Float).value };
  checkParameters(parameters);
  return parameters;
}

/** The only object written as a map with an open end. */
export const singleSignatureToCbor = ({ sigma, indexes, signerIndex }: SingleSignature): Uint8Array =>
  pack({ sigma, indexes, signer_index: signerIndex }, true);

export function singleSignatureFromCbor(bytes: Uint8Array): SingleSignature {
  return signatureOf(unpackValue(bytes, "a single signature"));
}

export const partyToCbor = ({ verificationKey, stake }: Party): Uint8Array =>
  pack({ verification_key_bytes: verificationKey.bytes, stake });

export function partyFromCbor(bytes: Uint8Array): Party {
  const object = unpack(bytes, "a registered party", "verification_key_bytes", "stake");
  const stake = u64(object.stake, "a stake");
  checkStake(stake);
  const key = byteList(object.verification_key_bytes, "a verification key", 96);
  return { verificationKey: VerificationKey.parse(key), stake };
}

export const pathToCbor = ({ values, indices }: BatchPath): Uint8Array => pack({ values, indices, hasher: null });

export function pathFromCbor(bytes: Uint8Array): BatchPath {
  return pathOf(unpackValue(bytes, "the batch path"));
}

export const proofToCbor = ({ signatures, path }: ConcatenationProof): Uint8Array =>
  pack({
    signature_bytes: signatures.map(({ signature, party }) =>
      pack({
        signature_bytes: singleSignatureToCbor(signature),
        registration_entry_bytes: partyToCbor(party),
      }),
    ),
    batch_proof_bytes: pathToCbor(path),
  });

export function proofFromCbor(bytes: Uint8Array): ConcatenationProof {
  const object = unpack(bytes, "the proof", "signature_bytes", "batch_proof_bytes");
  const signatures = list(object.signature_bytes, "the proof's signatures").map((item) => {
    const what = "a signature with its party";
    const pair = unpack(byteList(item, what), what, "signature_bytes", "registration_entry_bytes");
    return {
      signature: singleSignatureFromCbor(byteList(pair.signature_bytes, "a single signature")),
      party: partyFromCbor(byteList(pair.registration_entry_bytes, "a registered party")),
    };
  });
  return { signatures, path: pathFromCbor(byteList(object.batch_proof_bytes, "the batch path")) };
}

export const aggregateToCbor = (proof: ConcatenationProof): Uint8Array =>
  pack({ signature_type: 0, proof_bytes: proofToCbor(proof) });

export function aggregateFromCbor(bytes: Uint8Array): ConcatenationProof {
  const object = unpack(bytes, "the aggregate signature", "signature_type", "proof_bytes");
  if (object.signature_type !== 0) refuse("the aggregate signature", "is not a concatenation proof");
  return proofFromCbor(byteList(object.proof_bytes, "the proof"));
}

export const aggregateKeyToCbor = ({ root, leaves, totalStake }: AggregateKey): Uint8Array =>
  pack({
    mt_commitment: new CborMap([
      ["root", root],
      ["nr_leaves", leaves],
      ["hasher", null],
    ]),
    total_stake: totalStake,
  });

export function aggregateKeyFromCbor(bytes: Uint8Array): AggregateKey {
  return aggregateKeyOf(unpackValue(bytes, "the aggregate key"));
}
