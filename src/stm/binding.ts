// A proof of possession can be copied and, since it does not name its key, derived for a key nobody chose alone. The binding
// is a second signature, of the steward, registry and epoch, that only the secret's holder can make. Touchstone's addition;
// the native scheme has none.
import { keccak } from "../shared/keccak.js";
import { bigEndian, concat, fromBigEndian, fromHex } from "./bytes.js";
import {
  add,
  G1_GENERATOR,
  type G1Point,
  multiScalar,
  NEGATIVE_G2,
  pairingsAreOne,
  parseG1,
  scalar,
} from "./curve/group.js";
import { hashToG1 } from "./curve/hash-to-curve.js";
import { StmError } from "./errors.js";
import { type KeyWithProof, POP_MESSAGE, type SigningKey, type VerificationKey } from "./keys.js";

/** Domain separation tag of the binding's hash to curve. */
export const BINDING_TAG = "TOUCHSTONE_STM_BIND_V1";
export const BINDING_TYPE =
  "StmKeyBinding(uint256 chainId,address registry,uint64 epoch,address steward,bytes32 keyHash)";
const TYPE_HASH = keccak(BINDING_TYPE);

/** Where and for whom a key is registered. Addresses are 0x-prefixed hex. */
export interface BindingContext {
  readonly chainId: bigint;
  readonly registry: string;
  readonly epoch: bigint;
  readonly steward: string;
}

function addressWord(address: string, what: string): Uint8Array {
  const bytes = address.startsWith("0x") ? fromHex(address.slice(2)) : undefined;
  if (bytes?.length !== 20) throw new StmError("stm/bad-binding", `the ${what} ${address} is no address`);
  return concat(new Uint8Array(12), bytes);
}

function word(value: bigint, bits: bigint, what: string): Uint8Array {
  if (value < 0n || value >> bits !== 0n) throw new StmError("stm/bad-binding", `the ${what} ${value} is out of range`);
  return bigEndian(value, 32);
}

/** D = abi.encode(type hash, chain id, registry, epoch, steward, keccak256(vk)): 192 bytes. */
export function bindingMessage(key: VerificationKey, context: BindingContext): Uint8Array {
  return concat(
    TYPE_HASH,
    word(context.chainId, 256n, "chain id"),
    addressWord(context.registry, "registry"),
    word(context.epoch, 64n, "epoch"),
    addressWord(context.steward, "steward"),
    keccak(key.bytes),
  );
}

/** bind = sk · HG'(D), 48 compressed bytes. */
export function signBinding(key: SigningKey, context: BindingContext): Uint8Array {
  return key.sign(bindingMessage(key.verificationKey(), context), BINDING_TAG);
}

const possession = hashToG1(POP_MESSAGE);

/** ρ and τ: low and high 128 bits of keccak256(vk ‖ k1 ‖ k2 ‖ bind ‖ D). */
export function bindingWeights(
  { verificationKey, proof }: KeyWithProof,
  binding: Uint8Array,
  context: BindingContext,
): { readonly rho: bigint; readonly tau: bigint } {
  const message = bindingMessage(verificationKey, context);
  const seed = fromBigEndian(keccak(concat(verificationKey.bytes, proof.bytes, binding, message)));
  return { rho: seed & ((1n << 128n) - 1n), tau: seed >> 128n };
}

/**
 * Checks the proof of possession and the binding of a key together, as the registry does, with one product of pairings:
 * e(k1 + ρ·k2 + τ·bind, −g2) · e(HG("PoP") + ρ·g1 + τ·HG'(D), vk) = 1. Throws `stm/bad-point` or `stm/bad-binding`.
 */
export function verifyBoundKey(key: KeyWithProof, binding: Uint8Array, context: BindingContext): void {
  const { verificationKey, proof } = key;
  const bound = parseG1(binding, "the binding");
  const { rho, tau } = bindingWeights(key, binding, context);
  const weighted = (first: G1Point, second: G1Point, third: G1Point) =>
    add(first, multiScalar([second, third], [scalar(rho), scalar(tau)]));
  const holds = pairingsAreOne([
    [weighted(proof.k1, proof.k2, bound), NEGATIVE_G2],
    [
      weighted(possession, G1_GENERATOR, hashToG1(bindingMessage(verificationKey, context), BINDING_TAG)),
      verificationKey.point,
    ],
  ]);
  if (!holds) {
    throw new StmError("stm/bad-binding", "proof of possession and binding do not belong to this key and steward");
  }
}
