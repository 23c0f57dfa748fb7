import { expect } from "chai";
import fc from "fast-check";

import type { VerifiedStamp } from "../../../src/passport/verify.js";
import {
  acceptStamp,
  refuseStamp,
  releaseStamps,
  scorePassport,
  settleStamp,
} from "../../../src/scoring/service/commands.js";
import { readVersion } from "../../../src/scoring/service/scorer-version.js";
import { PassportWorkspace } from "../../../src/scoring/service/workspace.js";
import { canonicalJson, type CanonicalValue } from "../../../src/shared/canonical-json.js";
import { parseRules } from "../../../src/scoring/rules/parse-rules.js";
import { rulesDocument } from "../../../src/scoring/rules/scorer-rules.js";
import type { SnapshotRecord, StampRecord } from "../../../src/snapshots/record.js";
import { CurrentState } from "../../../src/snapshots/state/current-state.js";

const NOW = 1_800_000_000;
const DAY = 86_400;
const ACCOUNTS = ["a1", "b2", "c3"].map((byte) => `0x${byte.repeat(20)}`);
const KEYS = [1, 2, 3].map((byte) => `v1:${Buffer.alloc(32, byte).toString("base64")}`);

const stampOf = (who: number, keys: readonly number[], lives: number): VerifiedStamp => {
  const nullifiers = [...new Set(keys)].map((key) => KEYS[key] as string);
  const digest = `0x${Buffer.from(`${who} ${keys.join()} ${lives}`.padEnd(32)).toString("hex")}`;
  return {
    ...{ digest, form: "touchstone", provider: keys.length > 1 ? "Discord" : "Google", account: ACCOUNTS[who] as string },
    ...{ issuer: `did:ethr:0x${"ee".repeat(20)}`, keyVersion: 0, nullifiers },
    ...{ linkKeys: nullifiers.map((one) => `realm/${one}`), issuedAt: NOW, expiresAt: NOW + lives * 40 * DAY },
  };
};

const happening = fc.record({
  what: fc.constantFrom("accept", "accept", "accept", "score", "score", "refuse", "restore", "release", "settle", "version"),
  who: fc.nat({ max: 2 }),
  scorer: fc.integer({ min: 1, max: 2 }),
  keys: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 2 }),
  lives: fc.integer({ min: 1, max: 4 }),
  days: fc.nat({ max: 5 }),
  scope: fc.constantFrom("scorer", "global"),
  closes: fc.constantFrom(null, 20, 60),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Lives through what happened with the service's own commands, and gives what was written into the log. */
function live(happenings: readonly Happening[]): { workspace: PassportWorkspace; records: SnapshotRecord[] } {
  const workspace = new PassportWorkspace();
  const records: SnapshotRecord[] = [];
  const versions = new Map<number, number>();
  const version = (scorerId: number, scope: string, closes: number | null = null) => {
    const document = {
      ...{ format: "touchstone-scorer-rules-v1", threshold: "1", weights: { Google: "1", Discord: "0.5" } },
      dedupe: { scope, cooling: 15 * DAY },
      ...(closes === null ? {} : { round: { closesAt: NOW + closes * DAY } }),
    };
    const rules = canonicalJson(rulesDocument(parseRules(document)) as CanonicalValue);
    const number = (versions.get(scorerId) ?? 0) + 1;
    versions.set(scorerId, number);
    const read = readVersion({ scorerId, version: number, rules });
    workspace.loadVersion(read);
    const head = { kind: "version" as const, sequence: workspace.nextSequence(), scorerId, version: number, rules };
    const rest = { rulesHash: read.rulesHash, author: "", reason: "", createdAt: NOW, scorer: null };
    records.push({ ...head, ...rest });
  };
  for (const scorer of [1, 2]) version(scorer, "global");
  let now = NOW;
  for (const { what, who, scorer, keys, lives, days, scope, closes } of happenings) {
    now += days * DAY;
    const account = ACCOUNTS[who] as string;
    const shown = workspace.stamps(scorer, account)[lives % 3];
    if (what === "version") version(scorer, scope, closes);
    else if (what === "accept") acceptStamp(workspace, scorer, stampOf(who, keys, lives), {}, now);
    else if (what === "score") scorePassport(workspace, scorer, account, now, "submitted");
    else if (what === "release") {
      try {
        workspace.attempt(() => releaseStamps(workspace, scorer, account, "Google", now));
      } catch {
        // Whoever holds nothing cannot let go.
      }
    } else if (shown !== undefined && what === "settle") {
      if (shown.refusal === null) settleStamp(workspace, scorer, { ...shown.stamp, sequence: shown.sequence }, now);
    } else if (shown !== undefined && what === "refuse") {
      refuseStamp(workspace, scorer, shown, { status: "banned", detail: "sold" }, now);
    } else if (shown !== undefined && what === "restore" && shown.refusal !== null) {
      refuseStamp(workspace, scorer, shown, null, now);
    }
  }
  for (const { data, account, type, ...event } of workspace.stampEvents) {
    const { sequence, at, scorerId, digest } = event;
    const stamp = data["stamp"] as VerifiedStamp;
    if (type === "accepted") records.push({ kind: "accepted", sequence, at, scorerId, stamp, credential: null });
    else {
      const record: StampRecord = { kind: "stamp", type, account, sequence, at, scorerId, digest, data: JSON.stringify(data) };
      records.push(record);
    }
  }
  for (const event of workspace.scoreEvents) records.push({ ...event, kind: "score", stamps: "" });
  records.sort((a, b) => a.sequence - b.sequence);
  return { workspace, records };
}

describe("current state from the log", () => {
  it("snapshot/links-from-the-log: in flat memory every link and shown stamp is what the service wrote", () => {
    let [links, duplicates] = [0, 0];
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40, size: "max" }), (happenings) => {
        const { workspace, records } = live(happenings);
        const state = new CurrentState();
        for (const record of records) state.apply(record);
        const text = (rows: Iterable<object>) => [...rows].map((row) => JSON.stringify(row)).sort();
        const expected = workspace.links().map(({ scope, key, account, provider, digest, since, expiresAt, release }) => ({
          ...{ scope, key, account, provider, digest, since, expiresAt, release },
        }));
        expect(text(state.links())).to.deep.equal(text(expected));
        const shown = [...workspace.changedStamps.values()].map(({ scorerId, account, shown: one }) => {
          const { stamp, sequence, refusal } = one;
          return { scorerId, account, digest: stamp.digest, sequence, refusal };
        });
        expect(text(state.shown())).to.deep.equal(text(shown));
        links += expected.length;
        duplicates += workspace.scoreEvents.filter(({ stamps }) => stamps.some(({ status }) => status === "duplicate")).length;
      }),
      { numRuns: 200 },
    );
    // Histories in which nothing is contested would prove little.
    expect(links).to.be.greaterThan(200);
    expect(duplicates).to.be.greaterThan(50);
  });

  it("refuses a log that speaks of what it never introduced", () => {
    const record: StampRecord = {
      ...{ kind: "stamp", sequence: 1, at: NOW, type: "refused", scorerId: 1, account: ACCOUNTS[0] as string },
      ...{ digest: `0x${"11".repeat(32)}`, data: "{}" },
    };
    expect(() => new CurrentState().apply(record)).to.throw(/never accepted/);
    expect(() => new CurrentState().apply({ ...record, type: "settled", data: "{}" })).to.not.throw();
  });
});
