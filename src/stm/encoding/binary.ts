// Reads either byte form: the first byte tells them apart, since no sound legacy object begins with 0x01.
import type { AggregateKey } from "../aggregate-key.js";
import type { StmParameters } from "../parameters.js";
import type { ConcatenationProof, SingleSignature } from "../proof.js";
import type { Party } from "../registration.js";
import type { BatchPath } from "../tree.js";
import {
  aggregateFromCbor,
  aggregateKeyFromCbor,
  CBOR_VERSION,
  parametersFromCbor,
  partyFromCbor,
  pathFromCbor,
  proofFromCbor,
  singleSignatureFromCbor,
} from "./cbor.js";
import {
  aggregateFromLegacy,
  aggregateKeyFromLegacy,
  parametersFromLegacy,
  partyFromLegacy,
  pathFromLegacy,
  proofFromLegacy,
  singleSignatureFromLegacy,
} from "./legacy.js";

type Read<T> = (bytes: Uint8Array) => T;

function either<T>(cbor: Read<T>, legacy: Read<T>): Read<T> {
  return (bytes) => (bytes[0] === CBOR_VERSION ? cbor(bytes) : legacy(bytes));
}

export const parametersFromBytes: Read<StmParameters> = either(parametersFromCbor, parametersFromLegacy);
export const singleSignatureFromBytes: Read<SingleSignature> = either(
  singleSignatureFromCbor,
  singleSignatureFromLegacy,
);
export const partyFromBytes: Read<Party> = either(partyFromCbor, partyFromLegacy);
export const pathFromBytes: Read<BatchPath> = either(pathFromCbor, pathFromLegacy);
export const proofFromBytes: Read<ConcatenationProof> = either(proofFromCbor, proofFromLegacy);
export const aggregateFromBytes: Read<ConcatenationProof> = either(aggregateFromCbor, aggregateFromLegacy);
export const aggregateKeyFromBytes: Read<AggregateKey> = either(aggregateKeyFromCbor, aggregateKeyFromLegacy);
