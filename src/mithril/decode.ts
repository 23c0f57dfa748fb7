import { DomainError } from "../shared/errors.js";
import type { AggregateKey } from "../stm/aggregate-key.js";
import { fromHex } from "../stm/bytes.js";
import { aggregateFromBytes, aggregateKeyFromBytes } from "../stm/encoding/binary.js";
import { aggregateKeyFromHex, keyWithProofFromHex, proofFromHex } from "../stm/encoding/json.js";
import type { KeyWithProof } from "../stm/keys.js";
import type { ConcatenationProof } from "../stm/proof.js";
import { read } from "./fields.js";

/** How every hex(JSON) object begins; the byte encodings begin with 0x00 or 0x01. */
const isJson = (hex: string): boolean => hex.startsWith("7b");
const bytesOf = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array();

/** An aggregate key in hex, of JSON or of bytes; what does not decode is the fault of the field at `path`. */
export const decodeAggregateKey = (hex: string, path: string): AggregateKey =>
  decode(() => (isJson(hex) ? aggregateKeyFromHex(hex) : aggregateKeyFromBytes(bytesOf(hex))), path);

/** A verification key with its proof of possession in hex(JSON). The proof is parsed, not checked. */
export const decodeKeyWithProof = (hex: string, path: string): KeyWithProof =>
  decode(() => keyWithProofFromHex(hex), path);

/** A multisignature in hex, of JSON or of bytes. Throws the `StmError` that says what does not decode. */
export const decodeProof = (hex: string): ConcatenationProof =>
  isJson(hex) ? proofFromHex(hex) : aggregateFromBytes(bytesOf(hex));

function decode<T>(body: () => T, path: string): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return read.fail(path, error.message);
  }
}
