import type { PassportErrorCode } from "../../passport/errors.js";
import type { SiweErrorCode } from "../../passport/siwe.js";
import type { ScoringErrorCode } from "../../scoring/rules/errors.js";
import type { PassportServiceErrorCode } from "../../scoring/service/errors.js";
import type { ProblemType } from "../problems.js";

/** Who calls, and what they may. */
export type AccessErrorCode = "access/invalid-key" | "access/invalid-session" | "access/missing-permission";

/** Of the domain's codes, those that a request can cause. */
export type PassportProblemCode =
  | AccessErrorCode
  | SiweErrorCode
  | PassportServiceErrorCode
  | Extract<PassportErrorCode, "passport/proofs-unavailable">
  | Exclude<ScoringErrorCode, "scoring/weights-malformed">;

/** The passport service's part of the table from error code to HTTP status. */
export const PASSPORT_PROBLEMS = {
  "access/invalid-key": {
    status: 401,
    title: "Invalid API Key",
    remedy: "Send a key in force as X-API-Key, or a holder's session as Authorization: Bearer.",
  },
  "access/invalid-session": {
    status: 401,
    title: "The session is not valid",
    remedy: "Sign in again with the account: sessions end, and each speaks for one account.",
  },
  "access/missing-permission": {
    status: 403,
    title: "Invalid permissions",
    remedy: "Use a key with the scope that the problem names; an account's stamps also need its holder's consent.",
  },
  "siwe/malformed": {
    status: 400,
    title: "The message is not an EIP-4361 message",
    remedy: "Build it with a library; it is read strictly, line by line.",
  },
  "siwe/wrong-domain": {
    status: 400,
    title: "The message was signed for another site",
    remedy: "Sign with the domain and URI of the site that the service is configured for.",
  },
  "siwe/wrong-chain": {
    status: 400,
    title: "The message names a chain that is not used here",
    remedy: "Choose one of the configured chains.",
  },
  "siwe/expired": {
    status: 400,
    title: "The message is not valid at this time",
    remedy: "Sign a new one; check the clock.",
  },
  "siwe/bad-signature": {
    status: 400,
    title: "Address does not match signature",
    remedy:
      "Sign the message exactly as sent with the account that it names; contract accounts answer through ERC-1271.",
  },
  "siwe/nonce": {
    status: 400,
    title: "Invalid nonce",
    remedy: "Ask for a new nonce: each lives five minutes and works once.",
  },
  "scoring/invalid-request": {
    status: 400,
    title: "The request cannot be answered",
    remedy: "Correct the field that the detail names.",
  },
  "scoring/unknown-scorer": {
    status: 404,
    title: "Unable to get score for provided scorer",
    remedy: "Check the scorer's number.",
  },
  "scoring/not-scored": {
    status: 404,
    title: "The account has no score of this scorer",
    remedy: "Submit stamps first.",
  },
  "scoring/not-your-link": {
    status: 409,
    title: "The account holds no such stamp for this scorer",
    remedy: "See the explanation of the score for what it holds.",
  },
  "scoring/not-anchored": {
    status: 404,
    title: "The score is not anchored",
    remedy: "Wait for the next root; an account with no score is in no tree.",
  },
  "scoring/not-linked": {
    status: 409,
    title: "The scorer has no id in the registry",
    remedy: "An operator creates it on-chain and links it here, once.",
  },
  "scoring/already-linked": {
    status: 409,
    title: "The link to the registry is taken",
    remedy: "A scorer is linked once, and each scorer of the registry to one of ours.",
  },
  "scoring/nothing-to-anchor": {
    status: 409,
    title: "Nobody has a score to anchor",
    remedy: "Anchor when somebody has.",
  },
  "scoring/stale-scores": {
    status: 409,
    title: "Scores of an older version of the rules are there",
    remedy: "Rescore, then anchor: a root names the rules that made it.",
  },
  "scoring/score-too-large": {
    status: 409,
    title: "A score does not fit the chain",
    remedy: "Lower the weights: the chain holds up to 429,496.7295 points.",
  },
  "scoring/rescore-under-way": {
    status: 409,
    title: "A rescore of this scorer is under way",
    remedy: "Wait for its end.",
  },
  "scoring/rules-not-approved": {
    status: 409,
    title: "Governance has not approved these rules",
    remedy: "Put them to the vote with `scorer approve`; they become a version when the Timelock has approved them.",
  },
  "scoring/unknown-ban": {
    status: 404,
    title: "There is no such ban in force",
    remedy: "See GET /v1/bans: a ban ends by its time, or once by being lifted.",
  },
  "scoring/database-unavailable": {
    status: 503,
    title: "The database does not answer",
    remedy: "Try again later.",
  },
  "passport/proofs-unavailable": {
    status: 503,
    title: "Signatures cannot be checked now",
    remedy: "Send the same stamps again: nothing was stored.",
  },
  "scoring/points": {
    status: 400,
    title: "A number of points is not a plain decimal",
    remedy: "Write points as decimal strings.",
  },
  "scoring/off-grid": {
    status: 400,
    title: "A number of points has more than four decimals",
    remedy: "Round it; weights, thresholds and scores share one grid of 1e-4.",
  },
  "scoring/rules-malformed": {
    status: 400,
    title: "The scorer's rules cannot be read",
    remedy: "Correct the member that the detail names.",
  },
  "scoring/gate-syntax": {
    status: 400,
    title: "The gate cannot be read",
    remedy: 'Write it from has(provider), sum(group) >= x and count(group) >= n with "and", "or" and brackets.',
  },
} as const satisfies Record<PassportProblemCode, ProblemType>;
