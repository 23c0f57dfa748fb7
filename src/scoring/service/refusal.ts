import { recheckStamp } from "../../passport/recheck.js";
import type { Refusal, VerifiedStamp } from "../../passport/verify.js";
import type { VerificationSource } from "./ports.js";
import type { PassportWorkspace } from "./workspace.js";

/**
 * Why a stamp whose signature holds does not count at a time (seconds), by what the log knows and whom we trust at the time of the
 * run; null where it does.
 */
export function refusalOf(
  workspace: PassportWorkspace,
  stamp: VerifiedStamp,
  trust: ReturnType<VerificationSource>,
  time: number,
): Refusal | null {
  const revoked = workspace.revocation(stamp.digest);
  if (revoked !== undefined) return { status: "banned", detail: `credential revoked: ${revoked}` };
  const { bans, revocations } = workspace;
  return recheckStamp(stamp, { ...trust, now: time, bans, revocations });
}
