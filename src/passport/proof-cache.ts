import { proveHere, type Prover } from "./prover.js";
import { badProof, examineStamp, type StampCandidate, type Verification, type VerificationContext } from "./verify.js";

const SIZE = 100_000;

const keyOf = ({ stamp, signature, signer }: StampCandidate) => `${stamp.digest}${signature}${signer}`;

/**
 * Remembers which proofs held. People send the stamps they have again and again, and a signature costs a hundred times
 * everything else. The memory is keyed by all that a proof is made of; trust, bans and dates are asked every time.
 */
export class ProofCache {
  readonly #held = new Set<string>();
  readonly #size: number;
  readonly #prove: Prover;

  constructor({ size = SIZE, prove = proveHere } = {}) {
    this.#size = size;
    this.#prove = prove;
  }

  /** As `verifyStamp`, for all that somebody sent, in their order; fails as a whole where signatures cannot be checked. */
  async verify(inputs: readonly unknown[], account: string, context: VerificationContext): Promise<Verification[]> {
    const examined = inputs.map((input) => examineStamp(input, account, context));
    const unknown = new Map<string, StampCandidate>();
    for (const candidate of examined) {
      if (!("status" in candidate) && !this.#held.has(keyOf(candidate))) unknown.set(keyOf(candidate), candidate);
    }
    const held = await this.#proved(unknown);
    return examined.map((candidate) => {
      if ("status" in candidate) return candidate;
      // What was known before may have been forgotten in the meantime.
      const failed = unknown.has(keyOf(candidate)) && !held.has(keyOf(candidate));
      return failed ? badProof() : { status: "valid", stamp: candidate.stamp };
    });
  }

  async #proved(unknown: ReadonlyMap<string, StampCandidate>): Promise<Set<string>> {
    if (unknown.size === 0) return new Set();
    const claims = [...unknown.values()].map(({ stamp: { digest }, signature, signer }) => ({
      digest,
      signature,
      signer,
    }));
    const answers = await this.#prove(claims);
    const held = [...unknown.keys()].filter((_, index) => answers[index] === true);
    for (const key of held) this.#remember(key);
    return new Set(held);
  }

  #remember(key: string): void {
    if (this.#held.size >= this.#size) {
      // A set keeps its order: the first is the oldest.
      for (const oldest of this.#held) {
        this.#held.delete(oldest);
        break;
      }
    }
    this.#held.add(key);
  }
}
