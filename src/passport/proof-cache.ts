import {
  examineStamp,
  proveStamp,
  type StampCandidate,
  type Verification,
  type VerificationContext,
} from "./verify.js";

const SIZE = 100_000;

/**
 * Remembers which proofs held. People send the stamps they have again and again, and a signature costs a hundred times
 * everything else. The memory is keyed by all that a proof is made of; trust, bans and dates are asked every time.
 */
export class ProofCache {
  readonly #held = new Set<string>();
  readonly #size: number;
  readonly #prove: typeof proveStamp;

  constructor({ size = SIZE, prove = proveStamp } = {}) {
    this.#size = size;
    this.#prove = prove;
  }

  /** As `verifyStamp`. */
  verify(input: unknown, account: string, context: VerificationContext): Verification {
    const candidate = examineStamp(input, account, context);
    return "status" in candidate ? candidate : this.#proved(candidate);
  }

  #proved(candidate: StampCandidate): Verification {
    const { stamp, signature, signer } = candidate;
    const key = `${stamp.digest}${signature}${signer}`;
    if (this.#held.has(key)) return { status: "valid", stamp };
    const result = this.#prove(candidate);
    if (result.status !== "valid") return result;
    if (this.#held.size >= this.#size) {
      // A set keeps its order: the first is the oldest.
      for (const oldest of this.#held) {
        this.#held.delete(oldest);
        break;
      }
    }
    this.#held.add(key);
    return result;
  }
}
