import { expect } from "chai";

import { issueClaim, type IssueOutcome } from "../../../src/claims/issue-claim.js";
import type { Claim } from "../../../src/claims/typed-data.js";
import { aClaim, ALICE, aRecord, BOB, CAROL, MemoryView } from "../../support/claims.js";

const WIDE = { windowSeconds: 3600, claims: 1000, amount: 10n ** 30n };
const TRANSACTION = { hash: `0x${"aa".repeat(32)}`, from: null, nonce: null, reportedAt: 1000 };

interface Attempt {
  readonly claim?: Claim;
  readonly sponsored?: boolean;
  readonly now?: number;
  readonly settledTime?: number;
  readonly breaker?: typeof WIDE;
}

function issue(view: MemoryView, attempt: Attempt = {}): IssueOutcome & { events: string[] } {
  const { claim = aClaim(), sponsored = false, now = 1000, settledTime = now - 60, breaker = WIDE } = attempt;
  const { change, result } = issueClaim(view, claim, sponsored, { now, settledTime, at: now }, breaker);
  view.apply(change);
  return { ...result, events: (change?.events ?? []).map(({ type }) => type) };
}

function viewOf(record = aRecord()): MemoryView {
  const view = new MemoryView();
  view.records.set(record.userId, record);
  view.bindings.set(record.userId, record.account);
  return view;
}

describe("issueClaim", () => {
  it("binds a user to the account of the first claim", () => {
    const view = new MemoryView();
    expect(issue(view)).to.deep.include({ kind: "issued", events: ["bound", "issued"] });
    expect(view.bindings.get(1)).to.equal(ALICE);
  });

  it("gives the same request the same claim while it is valid", () => {
    const view = viewOf();
    const later = aClaim({ deadline: 2500n });
    const again = issue(view, { claim: later, now: 1500 });
    expect(again.kind).to.equal("repeated");
    expect("record" in again && again.record.deadline).to.equal(2000n);
  });

  it("renews the same request when our clock has passed the deadline", () => {
    const again = issue(viewOf(), { claim: aClaim({ deadline: 5600n }), now: 2000, settledTime: 1900 });
    expect(again).to.deep.include({ kind: "issued", events: ["issued"] });
  });

  it("refuses another delegate, submitter or account while the older claim could still be sent", () => {
    const others = [{ delegatee: CAROL }, { submitter: CAROL }, { account: CAROL, submitter: CAROL }];
    for (const other of others) {
      const attempt = { claim: aClaim(other), now: 2100, settledTime: 2000 };
      expect(issue(viewOf(), attempt), JSON.stringify(other)).to.deep.include({
        kind: "conflict",
        events: ["conflict-refused"],
      });
    }
  });

  it("gives another claim once the settled chain has passed the deadline", () => {
    const attempt = { claim: aClaim({ delegatee: CAROL, deadline: 5600n }), now: 2100, settledTime: 2001 };
    expect(issue(viewOf(), attempt).kind).to.equal("issued");
  });

  it("takes a sponsored claim's deadline as part of the request", () => {
    const attempt = { claim: aClaim({ deadline: 2001n }), sponsored: true };
    expect(issue(viewOf(), attempt).kind).to.equal("conflict");
    expect(issue(viewOf(), { claim: aClaim(), sponsored: true }).kind).to.equal("repeated");
  });

  it("signs nothing while a transaction is pending or after it was confirmed", () => {
    const broadcast = aRecord({ status: "broadcast", transaction: TRANSACTION });
    expect(issue(viewOf(broadcast)).kind).to.equal("pending");
    expect(issue(viewOf(broadcast), { claim: aClaim({ delegatee: CAROL }) }).kind).to.equal("conflict");
    const inclusion = { transactionHash: TRANSACTION.hash, blockNumber: 5, blockHash: "0x01" };
    expect(issue(viewOf(aRecord({ status: "confirmed", inclusion }))).kind).to.equal("claimed");
  });

  it("issues again after expiry, to the bound account only", () => {
    const view = viewOf(aRecord({ status: "expired" }));
    const moved = aClaim({ account: CAROL, submitter: CAROL });
    expect(issue(view, { claim: moved })).to.deep.include({ kind: "rebinding", events: ["conflict-refused"] });
    expect(issue(view).kind).to.equal("issued");
  });

  it("uses an operator's approval once, for the approved account", () => {
    const view = viewOf(aRecord({ status: "expired" }));
    view.approvals.set(1, CAROL);
    expect(issue(view, { claim: aClaim({ account: BOB, submitter: BOB }) }).kind).to.equal("rebinding");
    const moved = aClaim({ account: CAROL, submitter: CAROL });
    expect(issue(view, { claim: moved })).to.deep.include({ kind: "issued", events: ["rebound", "issued"] });
    expect(view.bindings.get(1)).to.equal(CAROL);
    expect(view.approvals.has(1)).to.equal(false);
  });

  it("gives nothing while suspended, not even what was given before", () => {
    const view = viewOf();
    view.suspension = { reason: "drill", by: "operator", since: 1 };
    expect(issue(view)).to.deep.include({ kind: "suspended", byBreaker: false, events: [] });
  });

  it("suspends itself instead of crossing a limit of claims or wei, and starts a new window after the old", () => {
    for (const breaker of [
      { ...WIDE, claims: 2 },
      { ...WIDE, amount: 25n },
    ]) {
      const view = new MemoryView();
      const next = (userId: number, now: number) => issue(view, { claim: aClaim({ userId }), now, breaker });
      expect(next(1, 1000).kind).to.equal("issued");
      expect(next(2, 1001).kind).to.equal("issued");
      expect(next(3, 4600).kind, "a new window").to.equal("issued");
      expect(next(4, 4601).kind).to.equal("issued");
      expect(next(5, 4602)).to.deep.include({ kind: "suspended", byBreaker: true, events: ["suspended"] });
      expect(view.suspension?.by).to.equal("breaker");
      expect(view.records.has(5)).to.equal(false);
      expect(next(6, 9999)).to.deep.include({ kind: "suspended", byBreaker: false });
    }
  });
});
