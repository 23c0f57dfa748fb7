import { sql, type Kysely } from "kysely";

import { Batcher } from "../shared/batcher.js";
import { guardDatabase } from "./database-errors.js";
import type { Database } from "./schema.js";

/** One limit that a request counts against, e.g. scope "ip:192.0.2.1". */
export interface Quota {
  readonly scope: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

export interface AdmissionRequest {
  readonly keyId: string;
  readonly nonce: string | null;
  /** Seconds since the epoch; until then the nonce is remembered. */
  readonly nonceExpiresAt: number;
  readonly quotas: readonly Quota[];
  /** Seconds since the epoch. */
  readonly now: number;
}

export type Admission =
  | { readonly kind: "admitted" }
  | { readonly kind: "replayed" }
  /** `first` tells the request that crossed the limit from those that follow it in the same window. */
  | { readonly kind: "limited"; readonly quota: Quota; readonly retryAfter: number; readonly first: boolean };

interface CountedScope {
  readonly scope: string;
  readonly bucket: number;
  readonly expires_at: number;
  count: number;
}

/**
 * Remembers nonces and counts requests in the database, so that both hold for all processes on it. Requests that arrive
 * together cost one statement.
 */
export class RequestAdmission {
  readonly #db: Kysely<Database>;
  readonly #requests: Batcher<AdmissionRequest, Admission>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.#requests = new Batcher((requests) => this.#admitTogether(requests), { largest: 250 });
  }

  admit(request: AdmissionRequest): Promise<Admission> {
    return this.#requests.run(request);
  }

  /** Forgets nonces and counters that no longer matter. */
  async purge(now: number): Promise<void> {
    await guardDatabase(async () => {
      await this.#db.deleteFrom("request_nonces").where("expires_at", "<", now).execute();
      await this.#db.deleteFrom("request_counters").where("expires_at", "<", now).execute();
    });
  }

  async #admitTogether(requests: AdmissionRequest[]): Promise<Admission[]> {
    const nonces = new Map<string, { key_id: string; nonce: string; expires_at: number }>();
    for (const { keyId, nonce, nonceExpiresAt } of requests) {
      if (nonce === null) continue;
      nonces.set(nonceKey(keyId, nonce), { key_id: keyId, nonce, expires_at: nonceExpiresAt });
    }
    const counted = countScopes(requests);
    const { fresh, totals } = await guardDatabase(() => this.#store([...nonces.values()], [...counted.values()]));
    const seen = new Map(
      [...counted.values()].map(({ scope, count }) => [scope, (totals.get(scope) ?? count) - count]),
    );
    return requests.map((request) => judge(request, fresh, seen));
  }

  // Both inserts go through their keys in order, or two processes with the same keys could wait for each other.
  async #store(nonces: object[], scopes: CountedScope[]): Promise<{ fresh: Set<string>; totals: Map<string, number> }> {
    const { rows } = await sql<{ key_id: string | null; name: string; count: number | null }>`
      with fresh as (
        insert into request_nonces
        select * from json_populate_recordset(null::request_nonces, ${JSON.stringify(nonces)}::json) order by 1, 2
        on conflict do nothing
        returning key_id, nonce
      ), counted as (
        insert into request_counters as c
        select * from json_populate_recordset(null::request_counters, ${JSON.stringify(scopes)}::json) order by 1
        on conflict (scope) do update set
          count = case when c.bucket < excluded.bucket then excluded.count else c.count + excluded.count end,
          bucket = greatest(c.bucket, excluded.bucket),
          expires_at = greatest(c.expires_at, excluded.expires_at)
        returning scope, count
      )
      select key_id, nonce as name, null::bigint as count from fresh
      union all select null, scope, count from counted`.execute(this.#db);
    const fresh = new Set<string>();
    const totals = new Map<string, number>();
    for (const { key_id, name, count } of rows) {
      if (key_id === null) totals.set(name, count ?? 0);
      else fresh.add(nonceKey(key_id, name));
    }
    return { fresh, totals };
  }
}

const nonceKey = (keyId: string, nonce: string) => `${keyId} ${nonce}`;

function countScopes(requests: readonly AdmissionRequest[]): Map<string, CountedScope> {
  const counted = new Map<string, CountedScope>();
  for (const { quotas, now } of requests) {
    for (const { scope, windowSeconds } of quotas) {
      const known = counted.get(scope);
      if (known !== undefined) known.count += 1;
      else {
        const bucket = Math.floor(now / windowSeconds);
        counted.set(scope, { scope, bucket, count: 1, expires_at: (bucket + 2) * windowSeconds });
      }
    }
  }
  return counted;
}

/** `fresh` and `seen` change: two requests with one nonce in a batch are one request and its replay. */
function judge(request: AdmissionRequest, fresh: Set<string>, seen: Map<string, number>): Admission {
  let crossed: { quota: Quota; count: number } | undefined;
  for (const quota of request.quotas) {
    const count = (seen.get(quota.scope) ?? 0) + 1;
    seen.set(quota.scope, count);
    if (count > quota.limit) crossed ??= { quota, count };
  }
  if (request.nonce !== null && !fresh.delete(nonceKey(request.keyId, request.nonce))) return { kind: "replayed" };
  if (crossed === undefined) return { kind: "admitted" };
  const { quota, count } = crossed;
  const retryAfter = quota.windowSeconds - (request.now % quota.windowSeconds);
  return { kind: "limited", quota, retryAfter, first: count === quota.limit + 1 };
}
