import type { ClaimRecord } from "./claim-record.js";
import type { Claim } from "./typed-data.js";

/** What one user's request meets: the newest record, and which account the user is bound to. */
export interface IssueState {
  readonly record: ClaimRecord | undefined;
  readonly boundAccount: string | undefined;
  readonly approvedAccount: string | undefined;
}

export interface IssueTimes {
  /** The later of our clock and the chain's, in seconds: nothing is handed out that this time has passed. */
  readonly now: number;
  /** Time of the newest block that re-organisations leave alone: only what *it* has passed can never be claimed again. */
  readonly settledTime: number;
}

export type IssueDecision =
  | { readonly kind: "issue"; readonly binding: "first" | "kept" | "changed" }
  | { readonly kind: "return"; readonly record: ClaimRecord }
  | { readonly kind: "pending"; readonly record: ClaimRecord }
  | { readonly kind: "conflict"; readonly record: ClaimRecord }
  | { readonly kind: "claimed"; readonly record: ClaimRecord }
  | { readonly kind: "rebinding"; readonly boundAccount: string };

/**
 * Whether a claim may be signed. Two signatures that differ are never alive together: a different request waits until
 * the chain itself has passed the older deadline. The same request may be renewed as soon as our own clock passed it,
 * because both claims pay the same account the same way.
 */
export function decideIssue(state: IssueState, wanted: Claim, sponsored: boolean, times: IssueTimes): IssueDecision {
  const { record } = state;
  if (record !== undefined) {
    if (record.status === "confirmed") return { kind: "claimed", record };
    const same = sameClaim(record, wanted, sponsored);
    if (record.status === "broadcast") return { kind: same ? "pending" : "conflict", record };
    if (record.status === "issued" && record.kind === "signed") {
      if (same && times.now < Number(record.deadline)) return { kind: "return", record };
      if (!same && times.settledTime <= Number(record.deadline)) return { kind: "conflict", record };
    }
  }
  const { boundAccount, approvedAccount } = state;
  if (boundAccount === undefined) return { kind: "issue", binding: "first" };
  if (boundAccount === wanted.account) return { kind: "issue", binding: "kept" };
  return approvedAccount === wanted.account
    ? { kind: "issue", binding: "changed" }
    : { kind: "rebinding", boundAccount };
}

/** A sponsored claim carries the account's signature over its deadline, so there the deadline counts too. */
function sameClaim(record: ClaimRecord, wanted: Claim, sponsored: boolean): boolean {
  return (
    record.account === wanted.account &&
    record.delegatee === wanted.delegatee &&
    record.submitter === wanted.submitter &&
    record.amount === wanted.amount &&
    (!sponsored || record.deadline === wanted.deadline)
  );
}
