// A steward's key as `CertificateRegistry.register` takes it: affine points without padding, coordinates of 48 bytes,
// big-endian. A point of G2 is x.c0, x.c1, y.c0, y.c1.
import { hexlify } from "ethers";

import { type BindingContext, signBinding } from "../stm/binding.js";
import { bigEndian, concat } from "../stm/bytes.js";
import { affineG1, affineG2, type G1Point, parseG1 } from "../stm/curve/group.js";
import type { ProofOfPossession, SigningKey, VerificationKey } from "../stm/keys.js";

/** The arguments of `register`, as hex. */
export interface KeyRegistration {
  readonly verificationKey: string;
  /** k1, k2 and the binding. */
  readonly proof: string;
}

const coordinate = (value: bigint): Uint8Array => bigEndian(value, 48);

function encodeG1(point: G1Point): Uint8Array {
  const { x, y } = affineG1(point);
  return concat(coordinate(x), coordinate(y));
}

/** Encodes a key, its proof of possession and its binding (48 compressed bytes). Throws `stm/bad-point`. */
export function encodeRegistration(
  { point }: VerificationKey,
  { k1, k2 }: ProofOfPossession,
  binding: Uint8Array,
): KeyRegistration {
  const { x, y } = affineG2(point);
  return {
    verificationKey: hexlify(concat(...[...x, ...y].map(coordinate))),
    proof: hexlify(concat(encodeG1(k1), encodeG1(k2), encodeG1(parseG1(binding, "the binding")))),
  };
}

/** All that a steward needs to register: the proof of possession and the binding are made here. */
export function registrationOf(key: SigningKey, context: BindingContext): KeyRegistration {
  return encodeRegistration(key.verificationKey(), key.prove(), signBinding(key, context));
}
