import { blake2b128, blake2b512 } from "./blake2b.js";
import { concat, u64be } from "./bytes.js";
import {
  add,
  G1_GENERATOR,
  multiScalar,
  multiply,
  NEGATIVE_G2,
  pairingsAreOne,
  scalarFromLittleEndian,
} from "./curve/group.js";
import { hashToG1 } from "./curve/hash-to-curve.js";
import { StmError } from "./errors.js";
import { type KeyWithProof, POP_MESSAGE } from "./keys.js";

const possession = hashToG1(POP_MESSAGE);

/**
 * Checks e(k1, g2) = e(HG("PoP"), vk) and e(g1, vk) = e(k2, g2); throws `stm/bad-proof-of-possession`. It shows that the
 * registrant holds the key's secret, or that of a key it was derived from: see `binding.ts`.
 */
export function verifyProofOfPossession({ verificationKey, proof }: KeyWithProof): void {
  const signed = pairingsAreOne([
    [proof.k1, NEGATIVE_G2],
    [possession, verificationKey.point],
  ]);
  const same = pairingsAreOne([
    [proof.k2, NEGATIVE_G2],
    [G1_GENERATOR, verificationKey.point],
  ]);
  if (!signed || !same) {
    throw new StmError(
      "stm/bad-proof-of-possession",
      "the proof of possession does not belong to the verification key",
    );
  }
}

/**
 * The same for many keys at once: e(Σ aᵢ(k1ᵢ + ρ·k2ᵢ), g2) = e(HG("PoP") + ρ·g1, Σ aᵢ·vkᵢ). The 128-bit weights are
 * hashed from all keys and proofs, so nobody can choose a proof after its weight. Throws `stm/bad-proof-of-possession`
 * whose `details.positions` names every bad one.
 */
export function verifyProofsOfPossession(keys: readonly KeyWithProof[]): void {
  if (keys.length === 0) return;
  const seed = blake2b512(concat(...keys.flatMap((key) => [key.verificationKey.bytes, key.proof.bytes])));
  const weight = (i: number) => scalarFromLittleEndian(blake2b128(concat(seed, u64be(i))));
  const shared = weight(keys.length);
  const weights = keys.map((_key, i) => weight(i));
  const k1 = multiScalar(
    keys.map((key) => key.proof.k1),
    weights,
  );
  const k2 = multiScalar(
    keys.map((key) => key.proof.k2),
    weights,
  );
  const key = multiScalar(
    keys.map(({ verificationKey }) => verificationKey.point),
    weights,
  );
  const holds = pairingsAreOne([
    [add(k1, multiply(k2, shared)), NEGATIVE_G2],
    [add(possession, multiply(G1_GENERATOR, shared)), key],
  ]);
  if (holds) return;
  const positions = keys.flatMap((each, i) => (isProven(each) ? [] : [i]));
  throw new StmError(
    "stm/bad-proof-of-possession",
    `the proofs of possession at ${positions.join(", ")} do not belong to their verification keys`,
    { positions },
  );
}

function isProven(key: KeyWithProof): boolean {
  try {
    verifyProofOfPossession(key);
    return true;
  } catch (error) {
    if (error instanceof StmError) return false;
    throw error;
  }
}
