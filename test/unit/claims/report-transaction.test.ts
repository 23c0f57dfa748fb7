import { expect } from "chai";

import { reportTransaction } from "../../../src/claims/report-transaction.js";
import type { ChainTransaction } from "../../../src/claims/ports.js";
import { ALICE, aRecord, MemoryView } from "../../support/claims.js";

const [FIRST, SECOND] = [`0x${"aa".repeat(32)}`, `0x${"bb".repeat(32)}`];
const unbound = { userId: 1, amount: 10n, account: null };
const seen = (nonce: number): ChainTransaction => ({ from: ALICE, nonce, userIds: [1], fate: "pending" });

function report(
  view: MemoryView,
  hash: string,
  known?: ChainTransaction,
  allocation: typeof bound | typeof unbound = unbound,
) {
  const { change, result } = reportTransaction(view, allocation, { hash, seen: known, at: 1100 });
  view.apply(change);
  return result.kind === "refused" ? result.error.code : `${result.record.status} ${result.record.transaction?.hash}`;
}

const bound = { userId: 1, amount: 10n, account: ALICE as string };

function viewWith(record = aRecord()): MemoryView {
  const view = new MemoryView();
  view.records.set(1, record);
  return view;
}

describe("reportTransaction", () => {
  it("makes a claim pending, once", () => {
    const view = viewWith();
    expect(report(view, FIRST, seen(1))).to.equal(`broadcast ${FIRST}`);
    expect(reportTransaction(view, unbound, { hash: FIRST, seen: seen(1), at: 1200 }).change).to.equal(undefined);
  });

  it("believes a replacement with the same sender and nonce, and nothing else", () => {
    const view = viewWith();
    report(view, FIRST, seen(1));
    expect(report(view, SECOND, seen(2))).to.equal("claims/transaction-conflict");
    expect(report(view, SECOND, undefined)).to.equal("claims/transaction-conflict");
    expect(report(view, SECOND, seen(1))).to.equal(`broadcast ${SECOND}`);
  });

  it("lets another transaction take the place of one that no node knows", () => {
    const view = viewWith();
    report(view, FIRST, undefined);
    expect(report(view, SECOND, seen(2))).to.equal(`broadcast ${SECOND}`);
  });

  it("refuses users without a claim, and expired claims", () => {
    expect(report(new MemoryView(), FIRST)).to.equal("claims/not-found");
    expect(report(viewWith(aRecord({ status: "expired" })), FIRST)).to.equal("claims/expired");
  });

  it("begins a bound user's record, who needed nothing from us", () => {
    const view = new MemoryView();
    expect(report(view, FIRST, seen(1), bound)).to.equal(`broadcast ${FIRST}`);
    expect(view.records.get(1)).to.include({ kind: "bound", account: ALICE });
  });

  it("leaves a confirmed claim alone", () => {
    const inclusion = { transactionHash: FIRST, blockNumber: 3, blockHash: "0x03" };
    expect(report(viewWith(aRecord({ status: "confirmed", inclusion })), SECOND, seen(1))).to.match(/^confirmed/);
  });
});
