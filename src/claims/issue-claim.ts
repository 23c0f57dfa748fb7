import type { ClaimEvent, ClaimRecord } from "./claim-record.js";
import { decideIssue, type IssueTimes } from "./decide-issue.js";
import type { IssuedWindow, LedgerChange, LedgerView, Suspension } from "./ports.js";
import type { Claim } from "./typed-data.js";

/** How much may be issued in one window before the service suspends itself. */
export interface BreakerLimits {
  readonly windowSeconds: number;
  readonly claims: number;
  /** Wei. */
  readonly amount: bigint;
}

export type IssueOutcome =
  | { readonly kind: "issued" | "repeated" | "claimed" | "pending" | "conflict"; readonly record: ClaimRecord }
  | { readonly kind: "rebinding" }
  | { readonly kind: "suspended"; readonly suspension: Suspension; readonly byBreaker: boolean };

/**
 * Decides about one claim inside the ledger's transaction: the switch first, then the user's own state, then the
 * breaker, which trips before the claim that would cross it is issued. `at` is our clock, for the log.
 */
export function issueClaim(
  view: LedgerView,
  claim: Claim,
  sponsored: boolean,
  times: IssueTimes & { readonly at: number },
  breaker: BreakerLimits,
): { change?: LedgerChange; result: IssueOutcome } {
  const { userId } = claim;
  const { at } = times;
  if (view.suspension !== null) {
    return { result: { kind: "suspended", suspension: view.suspension, byBreaker: false } };
  }
  const state = {
    record: view.record(userId),
    boundAccount: view.boundAccount(userId),
    approvedAccount: view.approvedAccount(userId),
  };
  const decision = decideIssue(state, claim, sponsored, times);
  switch (decision.kind) {
    case "return":
      return { result: { kind: "repeated", record: decision.record } };
    case "claimed":
    case "pending":
      return { result: decision };
    case "conflict":
      return { change: { events: [refusal(claim, at, "conflict")] }, result: decision };
    case "rebinding":
      return { change: { events: [refusal(claim, at, "rebinding")] }, result: { kind: "rebinding" } };
    case "issue":
      break;
  }

  const issued = countIssued(view.issued, claim.amount, at, breaker.windowSeconds);
  const crossed = crossedLimit(issued, breaker);
  if (crossed !== undefined) {
    const suspension = { reason: crossed, by: "breaker", since: at };
    const event = { type: "suspended", userId: null, at, data: { by: "breaker", reason: crossed } } as const;
    return { change: { suspension, events: [event] }, result: { kind: "suspended", suspension, byBreaker: true } };
  }
  const record: ClaimRecord = {
    ...claim,
    kind: "signed",
    status: "issued",
    transaction: null,
    inclusion: null,
    issuedAt: at,
  };
  const { account, delegatee, submitter } = claim;
  const amount = claim.amount.toString();
  const deadline = Number(claim.deadline);
  const events: ClaimEvent[] = [
    { type: "issued", userId, at, data: { account, amount, delegatee, submitter, deadline } },
  ];
  const change: LedgerChange = { records: [record], issued, events };
  if (decision.binding === "kept") return { change, result: { kind: "issued", record } };
  const changed = decision.binding === "changed";
  events.unshift({
    type: changed ? "rebound" : "bound",
    userId,
    at,
    data: { account, previous: state.boundAccount ?? null },
  });
  const approvals = changed ? { approvals: [{ userId, account: null }] } : {};
  return { change: { ...change, bindings: [{ userId, account }], ...approvals }, result: { kind: "issued", record } };
}

function refusal({ userId, account, delegatee, submitter }: Claim, at: number, reason: string): ClaimEvent {
  return { type: "conflict-refused", userId, at, data: { reason, account, delegatee, submitter } };
}

function countIssued(issued: IssuedWindow, amount: bigint, at: number, windowSeconds: number): IssuedWindow {
  return at >= issued.startedAt + windowSeconds
    ? { startedAt: at, claims: 1, amount }
    : { ...issued, claims: issued.claims + 1, amount: issued.amount + amount };
}

function crossedLimit(issued: IssuedWindow, { claims, amount, windowSeconds }: BreakerLimits): string | undefined {
  if (issued.claims > claims) return `more than ${claims} claims in ${windowSeconds} seconds`;
  if (issued.amount > amount) return `more than ${amount} wei in ${windowSeconds} seconds`;
  return undefined;
}
