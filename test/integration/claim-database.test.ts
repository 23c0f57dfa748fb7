import { expect } from "chai";
import { sql, type Kysely } from "kysely";

import { ClaimError } from "../../src/claims/errors.js";
import { issueClaim } from "../../src/claims/issue-claim.js";
import { exportAuditLog } from "../../src/database/audit-log.js";
import { findBrokenLink } from "../../src/database/audit-chain.js";
import { DatabaseClaimLedger } from "../../src/database/database-claim-ledger.js";
import { openDatabase } from "../../src/database/open-database.js";
import { RequestAdmission, type AdmissionRequest } from "../../src/database/request-admission.js";
import type { ClaimEventsTable, Database } from "../../src/database/schema.js";
import { aClaim, ALICE, aRecord, BOB } from "../support/claims.js";
import { engines, type TestDatabase } from "../support/databases.js";

const BREAKER = { windowSeconds: 3600, claims: 1000, amount: 10n ** 30n };

for (const engine of engines) {
  describe(`the claims' database, on ${engine.name}`, () => {
    let database: TestDatabase;
    let db: Kysely<Database>;
    let ledger: DatabaseClaimLedger;

    before(async () => {
      database = await engine.create();
      db = await openDatabase(database.location);
      ledger = new DatabaseClaimLedger(db);
    });
    after(async () => {
      await db?.destroy();
      await database?.drop();
    });

    const issue = (userId: number, account = ALICE) => {
      const claim = aClaim({ userId, account, submitter: account });
      const times = { now: 1000, settledTime: 900, at: 1000 };
      return ledger.transact([userId], (view) => issueClaim(view, claim, false, times, BREAKER));
    };
    const rows = async () => {
      const lines: ClaimEventsTable[] = [];
      for await (const line of exportAuditLog(db)) lines.push(JSON.parse(line) as ClaimEventsTable);
      return lines;
    };

    it("keeps a record exactly as it was given", async () => {
      const record = aRecord({
        userId: 4_294_967_295,
        amount: 2n ** 96n - 1n,
        deadline: 2n ** 40n - 1n,
        status: "confirmed",
        transaction: { hash: "0xaa", from: BOB, nonce: 7, reportedAt: 1001 },
        inclusion: { transactionHash: "0xbb", blockNumber: 12, blockHash: "0xcc" },
      });
      const event = { type: "confirmed", userId: record.userId, at: 1002, data: { transaction: "0xbb" } } as const;
      await ledger.transact([record.userId], () => ({ change: { records: [record], events: [event] }, result: 0 }));
      expect(await ledger.find(record.userId)).to.deep.equal(record);
      expect(await ledger.unsettled({ includedFrom: 12, deadlineBefore: 0 })).to.deep.equal([record]);
      expect(await ledger.unsettled({ includedFrom: 13, deadlineBefore: 0 })).to.deep.equal([]);
    });

    it("decides concurrent requests of one user one after the other", async () => {
      const outcomes = await Promise.all([issue(1), issue(1, BOB), issue(2), issue(1)]);
      expect(outcomes.map(({ kind }) => kind)).to.deep.equal(["issued", "conflict", "issued", "repeated"]);
    });

    it("writes nothing of a request that fails, and all of its neighbours", async () => {
      const failure = ledger.transact([3], () => {
        throw new ClaimError("claims/conflict", "on purpose");
      });
      const outcomes = await Promise.allSettled([issue(5), failure, issue(6)]);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
      expect(await ledger.find(3)).to.equal(undefined);
      expect((await ledger.find(6))?.userId).to.equal(6);
    });

    it("chains the audit log, which refuses to be changed", async () => {
      const before = await rows();
      expect(findBrokenLink(before)).to.equal(undefined);
      const attempts = [sql`update claim_events set at = 0`, sql`delete from claim_events`, sql`truncate claim_events`];
      for (const attempt of attempts) {
        const outcome = await attempt.execute(db).then(
          () => "changed",
          (error: unknown) => String(error),
        );
        expect(outcome).to.include("append-only");
      }
      expect(await rows()).to.deep.equal(before);
    });

    it("keeps what happens outside of a transaction outside of it", async () => {
      let nonceWritten: Promise<unknown> = Promise.resolve();
      const rolledBack = db.transaction().execute(async (transaction) => {
        await transaction.insertInto("bindings").values({ user_id: 77, account: ALICE }).execute();
        nonceWritten = db.insertInto("bindings").values({ user_id: 78, account: ALICE }).execute();
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error("on purpose");
      });
      expect(await rolledBack.catch((error: Error) => error.message)).to.equal("on purpose");
      await nonceWritten;
      const found = await db.selectFrom("bindings").select("user_id").where("user_id", ">", 70).execute();
      expect(found).to.deep.equal([{ user_id: 78 }]);
    });

    it("lets a follower's step through once", async () => {
      const kept = [{ number: 5, hash: "0x05" }];
      const nothing = () => ({ events: [] });
      expect(await ledger.follow({ expected: undefined, kept }, [], nothing)).to.equal(true);
      expect(await ledger.follow({ expected: undefined, kept: [] }, [], nothing), "too late").to.equal(false);
      expect(await ledger.followedBlocks()).to.deep.equal(kept);
    });

    it("admits a nonce once and counts each scope in its window, in one batch or in many", async () => {
      const admission = new RequestAdmission(db);
      const request = (nonce: string, changes: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
        keyId: "frontend",
        nonce,
        nonceExpiresAt: 2000,
        quotas: [{ scope: "user:1", limit: 2, windowSeconds: 60 }],
        now: 1000,
        ...changes,
      });
      const admit = async (...requests: AdmissionRequest[]) =>
        (await Promise.all(requests.map((one) => admission.admit(one)))).map(({ kind }) => kind);
      expect(await admit(request("a"), request("a"), request("b"))).to.deep.equal(["admitted", "replayed", "limited"]);
      expect(await admit(request("a"))).to.deep.equal(["replayed"]);
      expect(await admit(request("a", { keyId: "operator", quotas: [] }))).to.deep.equal(["admitted"]);
      expect(await admit(request("c", { now: 1021 }))).to.deep.equal(["admitted"]);
      await admission.purge(2001);
      expect(await admit(request("a", { now: 1021 })), "forgotten").to.deep.equal(["admitted"]);
    });
  });
}
