import { expect } from "chai";

import type { ClaimRecord } from "../../../src/claims/claim-record.js";
import { followClaim, type ClaimSighting } from "../../../src/claims/follow-claim.js";
import type { ClaimedEvent } from "../../../src/claims/ports.js";
import { ALICE, aRecord, BOB, CAROL } from "../../support/claims.js";

const HASH = `0x${"aa".repeat(32)}`;
const OTHER_HASH = `0x${"bb".repeat(32)}`;
const CONTEXT = { readFrom: 1, headNumber: 10, confirmations: 3, settledTime: 1500, at: 1600, patience: 900 };
const NOTHING: ClaimSighting = { event: undefined, transaction: undefined, nonceSpent: false };
const PENDING = { from: ALICE, nonce: 4, userIds: [1], fate: "pending" } as const;

const reported = { hash: HASH, from: ALICE, nonce: 4, reportedAt: 1550 };
const broadcast = aRecord({ status: "broadcast", transaction: reported });
const event: ClaimedEvent = {
  userId: 1,
  account: ALICE,
  amount: 10n,
  delegatee: BOB,
  transactionHash: HASH,
  blockNumber: 8,
  blockHash: "0x08",
};

function follow(
  record: ClaimRecord | undefined,
  sighting: Partial<ClaimSighting>,
  changes: Partial<typeof CONTEXT> = {},
) {
  const result = followClaim(record, 1, { ...NOTHING, ...sighting }, { ...CONTEXT, ...changes });
  return { ...result, types: result.events.map(({ type }) => type) };
}

describe("followClaim", () => {
  it("waits for the confirmations", () => {
    const shallow = follow(broadcast, { event: { ...event, blockNumber: 9 } });
    expect(shallow.types).to.deep.equal(["included"]);
    expect(shallow.record?.status).to.equal("broadcast");
    const deep = follow(shallow.record, {}, { readFrom: 11, headNumber: 11 });
    expect(deep.types).to.deep.equal(["confirmed"]);
    expect(deep.record?.status).to.equal("confirmed");
  });

  it("says nothing twice", () => {
    const first = follow(broadcast, { event });
    expect(first.types).to.deep.equal(["included", "confirmed"]);
    expect(follow(first.record, { event }).types).to.deep.equal([]);
  });

  it("confirms a claim that nobody reported", () => {
    expect(follow(aRecord(), { event }).record).to.include({ status: "confirmed" });
  });

  it("takes a confirmed claim back when its block left the chain", () => {
    const confirmed = follow(broadcast, { event }).record as ClaimRecord;
    const lost = follow(confirmed, {}, { readFrom: 7 });
    expect(lost.types[0]).to.equal("reorganised");
    expect(lost.record).to.include({ status: "broadcast", inclusion: null });
    const unreported = follow(aRecord(), { event }).record as ClaimRecord;
    expect(follow(unreported, {}, { readFrom: 7 }).record).to.include({ status: "issued" });
    expect(follow(confirmed, {}, { readFrom: 9 }).types, "an older block").to.deep.equal([]);
  });

  it("moves a claim to the block that the new chain has it in", () => {
    const confirmed = follow(broadcast, { event }).record as ClaimRecord;
    const moved = follow(confirmed, { event: { ...event, blockNumber: 10, blockHash: "0x10" } }, { readFrom: 7 });
    expect(moved.types).to.deep.equal(["reorganised", "included"]);
    expect(moved.record).to.include({ status: "broadcast" });
    expect(moved.record?.inclusion?.blockHash).to.equal("0x10");
  });

  it("expires a claim only when the settled chain has passed its deadline", () => {
    expect(follow(aRecord(), {}, { settledTime: 2000, at: 9999 }).types).to.deep.equal([]);
    expect(follow(aRecord(), {}, { settledTime: 2001 }).record?.status).to.equal("expired");
    expect(follow(broadcast, {}, { settledTime: 2001 }).record?.status).to.equal("expired");
    expect(follow(broadcast, { event }, { settledTime: 2001 }).record?.status).to.equal("confirmed");
  });

  it("gives the claim back when its transaction failed, or its nonce went to another one", () => {
    const failed = follow(broadcast, { transaction: { ...PENDING, fate: "failed" } });
    expect(failed.record).to.include({ status: "issued", transaction: null });
    expect(failed.types).to.deep.equal(["failed"]);
    expect(follow(broadcast, { transaction: null, nonceSpent: true }).types).to.deep.equal(["dropped"]);
  });

  it("waits with patience for a transaction that no node knows", () => {
    expect(follow(broadcast, { transaction: null }).types).to.deep.equal([]);
    expect(follow(broadcast, { transaction: null }, { at: 1550 + 901 }).types).to.deep.equal(["dropped"]);
    expect(follow(broadcast, { transaction: PENDING }, { at: 1550 + 901 }).types, "known").to.deep.equal([]);
  });

  it("learns sender and nonce when a node first knows the transaction", () => {
    const unseen = aRecord({ status: "broadcast", transaction: { ...reported, from: null, nonce: null } });
    expect(follow(unseen, { transaction: PENDING }).record?.transaction).to.include({ from: ALICE, nonce: 4 });
  });

  it("follows a claim into the transaction that replaced the reported one", () => {
    const replaced = follow(broadcast, { event: { ...event, transactionHash: OTHER_HASH } });
    expect(replaced.record?.inclusion?.transactionHash).to.equal(OTHER_HASH);
    expect(replaced.unexpected).to.equal(false);
  });

  it("records what it did not sign, and says that it is unexpected", () => {
    const stranger = follow(undefined, { event });
    expect(stranger).to.deep.include({ unexpected: true, types: ["observed", "confirmed"] });
    const other = follow(broadcast, { event: { ...event, account: CAROL } });
    expect(other.unexpected).to.equal(true);
    expect(other.record?.account).to.equal(CAROL);
    const bound = aRecord({ kind: "bound", status: "broadcast", transaction: reported });
    expect(follow(bound, { event: { ...event, delegatee: CAROL } }).unexpected, "a bound user's choice").to.equal(
      false,
    );
  });
});
