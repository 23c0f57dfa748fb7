import type { Quota } from "../../database/request-admission.js";

const MAX_SCOPES = 10_000;
/** How much of a limit one process gives while it cannot count with the others. */
const SHARE = 0.1;

/**
 * Counts requests in memory while the database cannot: a limit that opens when its store fails protects nothing on the day it
 * is needed. Each process allows a tenth, at least one, of what all of them allow together.
 */
export class LocalBuckets {
  readonly #counts = new Map<string, { bucket: number; count: number }>();

  /** Seconds to wait when a quota is used up, else null. */
  take(quotas: readonly Quota[], now: number): { readonly quota: Quota; readonly retryAfter: number } | null {
    for (const quota of quotas) {
      const { scope, limit, windowSeconds } = quota;
      const bucket = Math.floor(now / windowSeconds);
      const known = this.#counts.get(scope);
      const count = known?.bucket === bucket ? known.count + 1 : 1;
      if (known === undefined && this.#counts.size >= MAX_SCOPES) this.#counts.clear();
      this.#counts.set(scope, { bucket, count });
      if (count > Math.max(1, Math.floor(limit * SHARE))) {
        return { quota, retryAfter: windowSeconds - (now % windowSeconds) };
      }
    }
    return null;
  }
}
