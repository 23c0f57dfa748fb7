// The native scheme's JSON: compact, members in this order, byte strings as lists of integers, 64-bit numbers plain. In
// certificates it travels as hex of its UTF-8 bytes.
import { DomainError } from "../../shared/errors.js";
import { parseWideJson, type WideJson, writeWideJson } from "../../shared/wide-json.js";
import type { AggregateKey } from "../aggregate-key.js";
import { fromHex, toHex, utf8 } from "../bytes.js";
import { StmError } from "../errors.js";
import { type KeyWithProof, ProofOfPossession, SigningKey, VerificationKey } from "../keys.js";
import { checkParameters, type StmParameters } from "../parameters.js";
import type { ConcatenationProof, SingleSignature } from "../proof.js";
import { checkStake, type Party } from "../registration.js";
import { byteList, list, members, refuse, u64 } from "./fields.js";
import { aggregateKeyOf, pathOf, signatureOf } from "./native-objects.js";

function parse(text: string): WideJson {
  try {
    return parseWideJson(text);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new StmError("stm/malformed", cause.message, cause.details, { cause });
  }
}

/** The text behind hex(JSON). Throws `stm/malformed` for anything but hex of UTF-8. */
function textFromHex(hex: string): string {
  const bytes = fromHex(hex);
  if (bytes === undefined) refuse("the hex of a JSON document", "has an odd length or other characters");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new StmError("stm/malformed", "the hex of a JSON document is not UTF-8", {}, { cause });
  }
}

export const textToHex = (text: string): string => toHex(utf8(text));

const bytes = (value: Uint8Array): WideJson => [...value];

const signatureValue = ({ sigma, indexes, signerIndex }: SingleSignature): WideJson => ({
  sigma: bytes(sigma),
  indexes: [...indexes],
  signer_index: signerIndex,
});

function partyFrom(value: unknown): Party {
  const items = list(value, "a registered party");
  if (items.length !== 2) refuse("a registered party", "is not a key and a stake");
  const stake = u64(items[1], "a stake");
  checkStake(stake);
  return { verificationKey: VerificationKey.parse(byteList(items[0], "a verification key", 96)), stake };
}

/** Reads `{"signatures":[[signature,[vk,stake]],…],"batch_proof":{…}}`. Points are checked, the proof is not. */
export function proofFromJson(text: string): ConcatenationProof {
  const object = members(parse(text), "the proof", "signatures", "batch_proof");
  const signatures = list(object.signatures, "the proof's signatures").map((item) => {
    const pair = list(item, "a signature with its party");
    if (pair.length !== 2) refuse("a signature with its party", "is not a pair");
    return { signature: signatureOf(pair[0]), party: partyFrom(pair[1]) };
  });
  return { signatures, path: pathOf(object.batch_proof) };
}

export function proofToJson({ signatures, path }: ConcatenationProof): string {
  return writeWideJson({
    signatures: signatures.map(({ signature, party }) => [
      signatureValue(signature),
      [bytes(party.verificationKey.bytes), party.stake],
    ]),
    batch_proof: { values: path.values.map(bytes), indices: [...path.indices], hasher: null },
  });
}

/** Reads `{"sigma":[48],"indexes":[…],"signer_index":n}`. */
export const singleSignatureFromJson = (text: string): SingleSignature => signatureOf(parse(text));
export const singleSignatureToJson = (signature: SingleSignature): string => writeWideJson(signatureValue(signature));

/** Reads `{"mt_commitment":{"root":[32],"nr_leaves":n,"hasher":null},"total_stake":n}`. */
export function aggregateKeyFromJson(text: string): AggregateKey {
  return aggregateKeyOf(parse(text));
}

export function aggregateKeyToJson({ root, leaves, totalStake }: AggregateKey): string {
  return writeWideJson({
    mt_commitment: { root: bytes(root), nr_leaves: leaves, hasher: null },
    total_stake: totalStake,
  });
}

/** Reads `{"m":…,"k":…,"phi_f":…}`, members in any order. */
export function parametersFromJson(text: string): StmParameters {
  const object = members(parse(text), "the parameters", "m", "k", "phi_f");
  if (typeof object.phi_f !== "number") refuse("phi_f", "is not a number");
  const parameters = { k: u64(object.k, "k"), m: u64(object.m, "m"), phiF: object.phi_f as number };
  checkParameters(parameters);
  return parameters;
}

/** A whole phi_f is written with a point, as the native scheme writes floats. */
export function parametersToJson({ k, m, phiF }: StmParameters): string {
  return `{"m":${m},"k":${k},"phi_f":${Number.isInteger(phiF) ? `${phiF}.0` : phiF}}`;
}

/** Reads `{"vk":[96],"pop":[96]}`. The points are checked, the proof of possession is not. */
export function keyWithProofFromJson(text: string): KeyWithProof {
  const object = members(parse(text), "the key with its proof", "vk", "pop");
  return {
    verificationKey: VerificationKey.parse(byteList(object.vk, "the verification key", 96)),
    proof: ProofOfPossession.parse(byteList(object.pop, "the proof of possession", 96)),
  };
}

export const keyWithProofToJson = ({ verificationKey, proof }: KeyWithProof): string =>
  writeWideJson({ vk: bytes(verificationKey.bytes), pop: bytes(proof.bytes) });

/** Reads a signing key: a list of 32 bytes. */
export const signingKeyFromJson = (text: string): SigningKey =>
  SigningKey.fromBytes(byteList(parse(text), "the signing key", 32));
export const signingKeyToJson = (key: SigningKey): string => writeWideJson(bytes(key.toBytes()));

export const proofFromHex = (hex: string): ConcatenationProof => proofFromJson(textFromHex(hex));
export const proofToHex = (proof: ConcatenationProof): string => textToHex(proofToJson(proof));
export const singleSignatureFromHex = (hex: string): SingleSignature => singleSignatureFromJson(textFromHex(hex));
export const singleSignatureToHex = (signature: SingleSignature): string => textToHex(singleSignatureToJson(signature));
export const aggregateKeyFromHex = (hex: string): AggregateKey => aggregateKeyFromJson(textFromHex(hex));
export const aggregateKeyToHex = (key: AggregateKey): string => textToHex(aggregateKeyToJson(key));
export const keyWithProofFromHex = (hex: string): KeyWithProof => keyWithProofFromJson(textFromHex(hex));
export const keyWithProofToHex = (key: KeyWithProof): string => textToHex(keyWithProofToJson(key));
