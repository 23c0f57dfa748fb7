import type { ClaimErrorCode } from "../claims/errors.js";
import { AGGREGATOR_PROBLEMS, type AggregatorProblemCode } from "./aggregator/problems.js";
import { PASSPORT_PROBLEMS, type PassportProblemCode } from "./passport/problems.js";
import { SNAPSHOT_PROBLEMS, type SnapshotProblemCode } from "./snapshots/problems.js";

/** Codes of the HTTP edge itself. */
export type HttpErrorCode =
  | "http/unauthorized"
  | "http/forbidden"
  | "http/invalid-request"
  | "http/not-found"
  | "http/rate-limited"
  | "http/bad-connection"
  | "http/internal";

export interface ProblemType {
  readonly status: number;
  readonly title: string;
  /** What the caller can do; docs/errors.md is generated from this table. */
  readonly remedy: string;
}

/** The one table from error code to HTTP status. */
export const PROBLEMS = {
  "http/unauthorized": {
    status: 401,
    title: "The request is not authenticated",
    remedy:
      "Sign method, path, timestamp, nonce, client address and raw body with the shared secret; use each nonce once; keep the clock right (compare the answer's Date); call from an allowed address; keep bodies within the limit. The answer is the same for each of these, so that it tells nothing to strangers; the service's log names the cause.",
  },
  "http/forbidden": {
    status: 403,
    title: "The key may not do this",
    remedy: "Operator routes need the operator's key, the others the front end's.",
  },
  "http/invalid-request": {
    status: 400,
    title: "The request does not have the documented form",
    remedy:
      "See /docs. Numbers are plain decimal digits without sign, point or exponent, amounts are decimal strings in wei, addresses carry their EIP-55 checksum, unknown fields are refused.",
  },
  "http/not-found": { status: 404, title: "There is no such route", remedy: "See /docs for the routes." },
  "http/rate-limited": {
    status: 429,
    title: "Too many requests",
    remedy: "Wait for the number of seconds in the Retry-After header. The scope tells which limit it was.",
  },
  "http/bad-connection": {
    status: 400,
    title: "The connection does not speak HTTP",
    remedy: "Check proxies between front end and service; headers are limited to 16 KiB.",
  },
  "http/internal": {
    status: 500,
    title: "The service failed",
    remedy:
      "A fault of ours: report it with the request id. The claim, if one was recorded, is returned by asking again.",
  },
  "claims/invalid-request": {
    status: 400,
    title: "The claim cannot be asked for like this",
    remedy: "Correct the field that the detail names.",
  },
  "claims/user-not-listed": {
    status: 404,
    title: "The user is not on the list",
    remedy: "Check the user id against the published list; appeals lead to a corrective list.",
  },
  "claims/bound-to-another-account": {
    status: 403,
    title: "The list binds this user to another account",
    remedy: "Claim from the account on the published list.",
  },
  "claims/amount-mismatch": {
    status: 409,
    title: "The amount is not the list's",
    remedy: "The front end's data differ from the ratified list: compare their SHA-256. Operators are alerted.",
  },
  "claims/account-signature-missing": {
    status: 400,
    title: "A sponsored claim needs the account's own signature",
    remedy: "Let the account sign the Claim struct with the named submitter and deadline.",
  },
  "claims/account-signature-invalid": {
    status: 403,
    title: "The account did not sign this claim",
    remedy:
      "Sign exactly the struct that is asked for, amount included, for the right chain and distributor; contract accounts answer through ERC-1271.",
  },
  "claims/deadline-invalid": {
    status: 400,
    title: "The deadline is too near or too far",
    remedy: "Choose one between the two times in the problem, and let the account sign again.",
  },
  "claims/already-claimed": {
    status: 409,
    title: "The user has claimed",
    remedy: "Nothing to do: the tokens were paid. The problem names the transaction when it is known.",
  },
  "claims/pending": {
    status: 409,
    title: "The claim is pending in a transaction",
    remedy: "Wait for the transaction that the problem names, or replace it from the same account with the same nonce.",
  },
  "claims/conflict": {
    status: 409,
    title: "Another claim of this user is alive",
    remedy: "Use the claim that was given, or wait until its deadline has passed on-chain. Operators are alerted.",
  },
  "claims/rebinding-needs-approval": {
    status: 403,
    title: "The user is bound to another account",
    remedy: "An operator must verify the person and approve the change; the approval is recorded.",
  },
  "claims/not-found": {
    status: 404,
    title: "No claim was given to this user",
    remedy: "Ask for a claim first.",
  },
  "claims/expired": {
    status: 409,
    title: "The claim has expired",
    remedy: "Ask for a new one.",
  },
  "claims/transaction-unrelated": {
    status: 409,
    title: "The transaction carries no claim of this user",
    remedy: "Report the hash that the wallet returned for the claim.",
  },
  "claims/transaction-conflict": {
    status: 409,
    title: "The claim is pending in another transaction",
    remedy: "Wait for it; a replacement has the same sender and nonce.",
  },
  "claims/window-not-open": {
    status: 409,
    title: "The claim window is not open yet",
    remedy: "Wait until the time in the problem.",
  },
  "claims/window-closed": {
    status: 409,
    title: "The claim window is closed",
    remedy: "Unclaimed tokens go back to the treasury.",
  },
  "claims/paused-on-chain": {
    status: 503,
    title: "Signed claims are paused on-chain",
    remedy: "Wait. Users whose address is on the list can claim with their proof alone.",
  },
  "claims/below-gate": {
    status: 403,
    title: "The account's score is below the distributor's gate",
    remedy:
      "Bring a high enough score of the account on-chain (passport submit), then ask again; the problem names both scores, in units of 1e-4.",
  },
  "claims/gate-passed-before": {
    status: 409,
    title: "The account has claimed through the distributor's gate",
    remedy: "Claim to another account: through a gate each account claims once.",
  },
  "claims/suspended": {
    status: 503,
    title: "Claims are suspended",
    remedy:
      "Wait for the operators, who were alerted. Users whose address is on the list can claim without this service.",
  },
  "claims/signer-refused": {
    status: 500,
    title: "The signer refused the claim",
    remedy: "Service and signer disagree about the list: operators must compare both.",
  },
  "claims/chain-unavailable": {
    status: 503,
    title: "The chain cannot be read",
    remedy: "Try again later: nothing is signed without asking the chain first.",
  },
  "claims/database-unavailable": {
    status: 503,
    title: "The database does not answer",
    remedy: "Try again later, with a new nonce.",
  },
  "claims/invalid-file": {
    status: 400,
    title: "The file is no claim",
    remedy: "Give a claim in the touchstone-claim-v1 format, or in the original distribution's.",
  },
  "claims/signature-mismatch": {
    status: 409,
    title: "The claim's contents and signature do not belong together",
    remedy: "Do not send it; ask for a new one.",
  },
  "claims/domain-mismatch": {
    status: 500,
    title: "The distributor's EIP-712 domain is not the configured one",
    remedy: "Check chain id and distributor address in the configuration.",
  },
  "claims/campaign-mismatch": {
    status: 503,
    title: "The distributor has another root, list or signer",
    remedy: "Check list folder, distributor address and signing key in the configuration.",
  },
  "claims/invalid-key": {
    status: 500,
    title: "The signing key cannot be used",
    remedy: "Check the keystore's password, or the 32 bytes of hex.",
  },
  ...PASSPORT_PROBLEMS,
  ...SNAPSHOT_PROBLEMS,
  ...AGGREGATOR_PROBLEMS,
} as const satisfies Record<
  ClaimErrorCode | HttpErrorCode | PassportProblemCode | SnapshotProblemCode | AggregatorProblemCode,
  ProblemType
>;

export type ProblemCode = keyof typeof PROBLEMS;

/** RFC 9457. `type` is a relative reference into docs/errors.md. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** Absent from "unauthorized", whose body is always the same. */
  readonly requestId?: string;
  readonly [extension: string]: unknown;
}

export const PROBLEM_MEDIA_TYPE = "application/problem+json; charset=utf-8";

export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === "string" && Object.hasOwn(PROBLEMS, code);
}

export function problem(
  code: ProblemCode,
  requestId: string,
  detail?: string,
  details: Readonly<Record<string, unknown>> = {},
): Problem {
  const { status, title } = PROBLEMS[code];
  const type = `/errors#${code.replace("/", "-")}`;
  const answer = { ...details, type, title, status, detail: detail ?? title, code };
  return code === "http/unauthorized" ? answer : { ...answer, requestId };
}
