import type { Clock } from "../shared/clock.js";

/** How long a fault is remembered, and a peer kept away. */
const MEMORY = 600_000;
/** One may be an accident of versions. */
const FAULTS = 3;
/** Identities cost nothing: an attacker's must not fill the memory. */
const MAX_REMEMBERED = 4_096;

/** Counts who sends what can never be valid, and says who is to be avoided. */
export class Offenders {
  readonly #clock: Clock;
  readonly #faults = new Map<string, { count: number; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a fault; true when the peer is to be sent away from now on. */
  note(peer: string): boolean {
    const now = this.#clock.now();
    const before = this.#faults.get(peer);
    const count = before !== undefined && before.until > now ? before.count + 1 : 1;
    this.#faults.delete(peer);
    this.#faults.set(peer, { count, until: now + MEMORY });
    for (const oldest of this.#faults.keys()) {
      if (this.#faults.size <= MAX_REMEMBERED) break;
      this.#faults.delete(oldest);
    }
    return count === FAULTS;
  }

  isBanned(peer: string): boolean {
    const known = this.#faults.get(peer);
    return known !== undefined && known.count >= FAULTS && known.until > this.#clock.now();
  }
}
