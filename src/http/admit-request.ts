import type { Alerts } from "../claims/ports.js";
import type { Admission, AdmissionRequest, Quota } from "../database/request-admission.js";
import { unixSeconds, type Clock } from "../shared/clock.js";
import type { Caller } from "./authentication.js";
import { HttpError } from "./http-error.js";
import { rateLimitGroup } from "./peers.js";

export interface RateLimit {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** Limits on authenticated requests; each holds across all processes on one database. */
export interface RateLimits {
  readonly user: RateLimit;
  readonly address: RateLimit;
  readonly global: RateLimit;
}

export interface AdmissionPorts {
  readonly admit: (request: AdmissionRequest) => Promise<Admission>;
  readonly alerts: Alerts;
  readonly clock: Clock;
}

/**
 * Spends the request's nonce and counts it. Operators are not limited: they must be able to suspend a service that is
 * being flooded. `refuse` answers a replay like any other failure of authentication.
 */
export async function admitRequest(
  caller: Caller,
  userId: number | undefined,
  limits: RateLimits,
  { admit, alerts, clock }: AdmissionPorts,
  refuse: (cause: "replay") => never,
): Promise<void> {
  const quotas = caller.role === "operator" ? [] : quotasOf(caller, userId, limits);
  const { role: keyId, nonce, nonceExpiresAt } = caller;
  const admission = await admit({ keyId, nonce, nonceExpiresAt, quotas, now: unixSeconds(clock) });
  if (admission.kind === "replayed") refuse("replay");
  if (admission.kind !== "limited") return;
  const { quota, retryAfter, first } = admission;
  const kind = quota.scope.split(":")[0] as string;
  if (first) {
    alerts.raise({
      pattern: "limit-crossed",
      severity: kind === "global" ? "critical" : "warning",
      message: "A rate limit was crossed",
      details: { scope: quota.scope, limit: quota.limit, windowSeconds: quota.windowSeconds },
    });
  }
  throw new HttpError("http/rate-limited", `More than ${quota.limit} requests in ${quota.windowSeconds} seconds`, {
    scope: kind,
    retryAfter,
  });
}

function quotasOf({ clientAddress }: Caller, userId: number | undefined, limits: RateLimits): Quota[] {
  const quota = (scope: string, { requests: limit, windowSeconds }: RateLimit) => ({ scope, limit, windowSeconds });
  const group = rateLimitGroup(clientAddress) ?? "unknown";
  const quotas = [quota("global", limits.global), quota(`address:${group}`, limits.address)];
  return userId === undefined ? quotas : [...quotas, quota(`user:${userId}`, limits.user)];
}
