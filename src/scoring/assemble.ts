// Between verification, links and scoring: the same stamp in the three shapes that they ask for.
import type { Refusal, VerifiedStamp } from "../passport/verify.js";
import type { LinkOutcome } from "./rules/links/claim-link.js";
import type { DuplicateExplanation } from "./rules/links/explain.js";
import type { LinkClaim } from "./rules/links/link.js";
import type { ScorableStamp } from "./rules/score.js";

/** What a stamp wants of the links of a scope, accepted under a server sequence. */
export function claimOf(
  stamp: Pick<VerifiedStamp, "account" | "provider" | "digest" | "expiresAt" | "linkKeys">,
  scope: string,
  sequence: number,
): LinkClaim {
  const { linkKeys, account, provider, digest, expiresAt } = stamp;
  return { scope, keys: linkKeys, account, provider, digest, sequence, expiresAt };
}

export const duplicateDetail = ({ owner, since, releasesAt }: DuplicateExplanation): string =>
  `${owner} has held it since ${since}, until ${releasesAt} unless renewed`;

export const RELEASED_DETAIL = "released by its holder for this scorer";

/** A valid stamp, with what the links said about it. */
export function scorable(
  stamp: Pick<VerifiedStamp, "provider" | "digest" | "expiresAt">,
  outcome: LinkOutcome,
): ScorableStamp {
  const { provider, digest, expiresAt } = stamp;
  switch (outcome.status) {
    case "held":
    // Scoring has its own answer for what is over.
    case "expired":
      return { provider, digest, expiresAt };
    case "duplicate": {
      const { dedup } = outcome;
      return {
        provider,
        digest,
        expiresAt,
        refusal: { status: "duplicate", detail: duplicateDetail(dedup), dedup },
      };
    }
    case "released":
      return {
        provider,
        digest,
        expiresAt,
        refusal: { status: "gated", detail: RELEASED_DETAIL },
      };
  }
}

/** A stored stamp that no longer verifies: its issuer was removed, it was revoked or banned. */
export function refusedStamp(
  stamp: Pick<VerifiedStamp, "provider" | "digest" | "expiresAt">,
  { status, detail }: Refusal,
): ScorableStamp {
  const { provider, digest, expiresAt } = stamp;
  return { provider, digest, expiresAt, refusal: { status, detail } };
}
