/** After the first refusal, and at most, in milliseconds. */
const FIRST = 5_000;
const LONGEST = 300_000;

/**
 * When a certificate that the registry does not take yet is brought again: after five seconds, and then after twice as long each time, up
 * to five minutes. It ends with the epoch, whose certificates nobody wants any more. Not kept: a process that begins anew tries at once.
 */
export class ResendSchedule {
  readonly #delayed = new Map<string, { readonly delay: number; readonly at: number }>();

  /** `now` in milliseconds. */
  isDue(hash: string, now: number): boolean {
    return now >= (this.#delayed.get(hash)?.at ?? now);
  }

  /** Returns the delay in milliseconds. */
  postpone(hash: string, now: number): number {
    const before = this.#delayed.get(hash)?.delay;
    const delay = before === undefined ? FIRST : Math.min(2 * before, LONGEST);
    this.#delayed.set(hash, { delay, at: now + delay });
    return delay;
  }

  forget(hash: string): void {
    this.#delayed.delete(hash);
  }
}
