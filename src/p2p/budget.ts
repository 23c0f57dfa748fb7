import type { Clock } from "../shared/clock.js";

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each peer: `amount` at once, refilled evenly within `seconds`. */
export class PeerBudget {
  readonly #amount: number;
  readonly #perMillisecond: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(amount: number, seconds: number, clock: Clock) {
    this.#amount = amount;
    this.#perMillisecond = amount / (seconds * 1000);
    this.#clock = clock;
  }

  /** Whether the peer has one left, and takes it. */
  spend(peer: string): boolean {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(peer) ?? { tokens: this.#amount, at: now };
    bucket.tokens = Math.min(this.#amount, bucket.tokens + (now - bucket.at) * this.#perMillisecond);
    bucket.at = now;
    this.#buckets.set(peer, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Forgets buckets that are full again: a peer that comes back finds a full one anyway. */
  tidy(): void {
    const now = this.#clock.now();
    for (const [peer, { tokens, at }] of this.#buckets) {
      if (tokens + (now - at) * this.#perMillisecond >= this.#amount) this.#buckets.delete(peer);
    }
  }
}
