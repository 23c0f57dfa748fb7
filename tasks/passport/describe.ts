import type { WireScore, WireStampResult } from "../../src/http/passport/passport-client.js";
import { isoTime } from "../output.js";

/** A score as people read it. */
export function describeScore(score: WireScore): string[] {
  const until = score.expiresAt === null ? "" : `, until ${isoTime(score.expiresAt)}`;
  const verdict = score.passing ? "passes" : score.expired ? "has expired" : "does not pass";
  return [
    `${score.address} ${verdict}: ${score.sum} of ${score.threshold} points${until}`,
    `  scorer ${score.scorer}, version ${score.version}, scored ${isoTime(score.scoredAt)}`,
    ...(score.error === null ? [] : [`  the newest run failed: ${score.error}`]),
  ];
}

type StampLine = Pick<WireStampResult, "provider" | "status" | "points"> & {
  readonly detail?: string | null;
  readonly dedup?: WireStampResult["dedup"];
};

/** What became of one stamp, with what its holder can do about it. */
export function describeStamp({ provider, status, points, detail, dedup }: StampLine): string {
  const reason = detail === undefined || detail === null ? "" : `: ${detail}`;
  const owner =
    dedup === undefined || dedup === null
      ? ""
      : `; ${dedup.owner} holds it since ${isoTime(dedup.since)}, until ${isoTime(dedup.releasesAt)}`;
  return `  ${(provider ?? "unknown provider").padEnd(36)} ${status.padEnd(16)} ${points}${reason}${owner}`;
}
