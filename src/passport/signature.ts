// secp256k1 by WebAssembly, six times as fast as the pure JavaScript ones (scripts/bench/stamps.ts). Recovery, not
// verification under a cached key: the latter is a third faster but does not look at v, and would accept altered copies.
import { DomainError } from "../shared/errors.js";
import { keccakHex } from "../shared/keccak.js";
import { isPrivate, pointFromScalar, recover, signRecoverable, type RecoveryIdType } from "tiny-secp256k1";

/** Half the group's order: a larger s is the twin of a smaller one, and one of the two must not exist. */
const HALF_ORDER = Buffer.from("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", "hex");

const addressOf = (publicKey: Uint8Array): string => `0x${keccakHex(publicKey.subarray(1)).slice(26)}`;

/**
 * The lower-case address that signed a 32-byte digest; `undefined` when nobody did. The signature is 65 bytes in lower-case
 * hex, v 27 or 28, s in the lower half.
 */
export function recoverSigner(digest: Uint8Array, signature: string): string | undefined {
  const bytes = Buffer.from(signature.slice(2), "hex");
  if (bytes.length !== 65) return undefined;
  const v = bytes[64] as number;
  if (v !== 27 && v !== 28) return undefined;
  if (Buffer.compare(bytes.subarray(32, 64), HALF_ORDER) > 0) return undefined;
  try {
    const publicKey = recover(digest, bytes.subarray(0, 64), (v - 27) as RecoveryIdType, false);
    return publicKey === null ? undefined : addressOf(publicKey);
  } catch {
    // r or s out of range: the library throws where others answer nothing.
    return undefined;
  }
}

/** Signs digests with one key; a vault or a signing service can stand behind it. */
export interface DigestSigner {
  /** Lower-case. */
  readonly address: string;
  /** 65 bytes, r, s, v, as 0x-prefixed lower-case hex. */
  sign(digest: Uint8Array): Promise<string>;
}

/** A signer that holds its key in memory. */
export function memorySigner(key: Uint8Array): DigestSigner {
  const publicKey = isPrivate(key) ? pointFromScalar(key, false) : null;
  if (publicKey === null)
    throw new DomainError("passport/signing-key", "a signing key is 32 bytes below the group's order");
  return {
    address: addressOf(publicKey),
    sign: (digest) => {
      const { signature, recoveryId } = signRecoverable(digest, key);
      const v = (27 + recoveryId).toString(16);
      return Promise.resolve(`0x${Buffer.from(signature).toString("hex")}${v}`);
    },
  };
}
