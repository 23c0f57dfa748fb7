// BLS with signatures in G1 and keys in G2, the native scheme's choice. Key generation is that of draft-irtf-cfrg-bls-signature
// with empty key_info. Secret scalars go through WebAssembly that does not promise constant time (docs/stm.md).
import { extract, expand } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { bigEndian, concat, equalBytes, fromBigEndian, utf8 } from "./bytes.js";
import {
  compress,
  G1_GENERATOR,
  type G1Point,
  G2_GENERATOR,
  type G2Point,
  GROUP_ORDER,
  multiply,
  parseG1,
  parseG2,
  scalar,
} from "./curve/group.js";
import { hashToG1 } from "./curve/hash-to-curve.js";
import { StmError } from "./errors.js";

/** The string that a proof of possession signs. The key is not part of it: that is why a binding is needed too. */
export const POP_MESSAGE = utf8("PoP");

/** The public key of a party: a point of G2, valid by construction. */
export class VerificationKey {
  readonly point: G2Point;
  readonly #bytes: Uint8Array;

  private constructor(point: G2Point, bytes: Uint8Array) {
    this.point = point;
    this.#bytes = bytes;
  }

  /** From 96 compressed bytes; anything but a canonical point of the subgroup is `stm/bad-point`. */
  static parse(bytes: Uint8Array): VerificationKey {
    return new VerificationKey(parseG2(bytes, "the verification key"), Uint8Array.from(bytes));
  }

  static ofPoint(point: G2Point): VerificationKey {
    return VerificationKey.parse(compress(point));
  }

  /** The 96 compressed bytes. A shared array: not to be written to. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  equals(other: VerificationKey): boolean {
    return equalBytes(this.#bytes, other.#bytes);
  }
}

/** k1 = sk · HG("PoP") and k2 = sk · g1. Parsed only; `verifyProofOfPossession` checks it against a key. */
export class ProofOfPossession {
  readonly k1: G1Point;
  readonly k2: G1Point;
  readonly bytes: Uint8Array;

  private constructor(k1: G1Point, k2: G1Point, bytes: Uint8Array) {
    this.k1 = k1;
    this.k2 = k2;
    this.bytes = bytes;
  }

  /** From k1 ‖ k2, 48 bytes each. Both are subgroup-checked, which the native scheme omits. */
  static parse(bytes: Uint8Array): ProofOfPossession {
    if (bytes.length !== 96) {
      throw new StmError("stm/bad-point", `the proof of possession has ${bytes.length} bytes instead of 96`);
    }
    const k1 = parseG1(bytes.subarray(0, 48), "the proof of possession's k1");
    const k2 = parseG1(bytes.subarray(48), "the proof of possession's k2");
    return new ProofOfPossession(k1, k2, Uint8Array.from(bytes));
  }
}

/** A verification key with the proof that its owner holds the secret. */
export interface KeyWithProof {
  readonly verificationKey: VerificationKey;
  readonly proof: ProofOfPossession;
}

/** A secret key. It stays out of logs and JSON: only {@link toBytes} gives it. */
export class SigningKey {
  readonly #secret: bigint;

  private constructor(secret: bigint) {
    this.#secret = secret;
  }

  /** KeyGen from 32 random bytes. */
  static fromKeyMaterial(material: Uint8Array): SigningKey {
    if (material.length !== 32) {
      throw new StmError("stm/bad-signing-key", `the key material has ${material.length} bytes instead of 32`);
    }
    let salt = utf8("BLS-SIG-KEYGEN-SALT-");
    for (;;) {
      salt = sha256(salt);
      const key = extract(sha256, concat(material, Uint8Array.of(0)), salt);
      const secret = fromBigEndian(expand(sha256, key, Uint8Array.of(0, 48), 48)) % GROUP_ORDER;
      if (secret !== 0n) return new SigningKey(secret);
    }
  }

  /** From its 32 big-endian bytes, a number in [1, r). */
  static fromBytes(bytes: Uint8Array): SigningKey {
    const secret = fromBigEndian(bytes);
    if (bytes.length !== 32 || secret === 0n || secret >= GROUP_ORDER) {
      throw new StmError(
        "stm/bad-signing-key",
        "a signing key is 32 bytes, a number between one and the group's order",
      );
    }
    return new SigningKey(secret);
  }

  toBytes(): Uint8Array {
    return bigEndian(this.#secret, 32);
  }

  verificationKey(): VerificationKey {
    return VerificationKey.ofPoint(multiply(G2_GENERATOR, scalar(this.#secret)));
  }

  /** The proof of possession for {@link verificationKey}. */
  prove(): ProofOfPossession {
    const k2 = compress(multiply(G1_GENERATOR, scalar(this.#secret)));
    return ProofOfPossession.parse(concat(this.sign(POP_MESSAGE), k2));
  }

  /** σ = sk · HG(message), 48 compressed bytes; `tag` is the domain separation tag, empty in the native scheme. */
  sign(message: Uint8Array, tag = ""): Uint8Array {
    return compress(multiply(hashToG1(message, tag), scalar(this.#secret)));
  }

  toJSON(): string {
    return "[secret]";
  }
}
