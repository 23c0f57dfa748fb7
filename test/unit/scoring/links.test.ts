import { expect } from "chai";
import fc from "fast-check";

import {
  claimLinks,
  linkOutcome,
  settleClaims,
  type LinkOutcome,
} from "../../../src/scoring/rules/links/claim-link.js";
import { maskAccount } from "../../../src/scoring/rules/links/explain.js";
import { FlatLinks } from "../../../src/scoring/rules/links/flat-links.js";
import { linkScope, LinkTable, type LinkClaim } from "../../../src/scoring/rules/links/link.js";
import { releaseLinks, revokeLinks } from "../../../src/scoring/rules/links/release-link.js";
import { applyEvent, replayLinks, type LinkEvent } from "../../../src/scoring/rules/links/replay.js";
import { accountOf, bytesOf } from "../../support/passport/stamps.js";
import { AT, codeOf, DAY } from "../../support/scoring.js";

const [ALICE, BOB, CAROL] = ["alice", "bob", "carol"].map((name) => accountOf(name).toLowerCase()) as [
  string,
  string,
  string,
];
const SCOPE = "scorer:1";

let digests = 0;
const claim = (account: string, sequence: number, changes: Partial<LinkClaim> = {}): LinkClaim => ({
  scope: SCOPE,
  keys: ["k1"],
  account,
  provider: "Google",
  digest: `digest ${String(digests++).padStart(6, "0")}`,
  sequence,
  expiresAt: AT + 90 * DAY,
  ...changes,
});
const submit = (table: LinkTable, wish: LinkClaim, now = AT): LinkOutcome => {
  const { outcome, changes } = claimLinks(table, wish, now);
  table.apply(changes);
  return outcome;
};

describe("links", () => {
  it("scoring/first-accepted-keeps-the-stamp: the second account is told since when and until when", () => {
    const table = new LinkTable();
    expect(submit(table, claim(ALICE, 1)).status).to.equal("held");
    expect(submit(table, claim(BOB, 2), AT + DAY)).to.deep.equal({
      status: "duplicate",
      dedup: { provider: "Google", since: AT, releasesAt: AT + 90 * DAY, owner: maskAccount(ALICE) },
    });
    expect(maskAccount("0x1234567890abcdef1234567890abcdef12345678")).to.equal("0x12…78");
  });

  it("extends an own link on renewal and never shortens it", () => {
    const table = new LinkTable();
    submit(table, claim(ALICE, 1));
    submit(table, claim(ALICE, 2, { expiresAt: AT + 100 * DAY }), AT + DAY);
    submit(table, claim(ALICE, 3, { expiresAt: AT + 50 * DAY }), AT + 2 * DAY);
    expect(table.find(SCOPE, "k1")).to.include({ since: AT, expiresAt: AT + 100 * DAY });
  });

  it("scoring/released-on-expiry: from the second it expires, the one who waited longest gets it", () => {
    const table = new LinkTable();
    submit(table, claim(ALICE, 1));
    const [bob, carol] = [claim(BOB, 2, { expiresAt: AT + 200 * DAY }), claim(CAROL, 3, { expiresAt: AT + 200 * DAY })];
    submit(table, bob);
    submit(table, carol);
    expect(settleClaims(table, [carol, bob], AT + 90 * DAY - 1).map(({ status }) => status)).to.deep.equal([
      "duplicate",
      "duplicate",
    ]);
    expect(settleClaims(table, [carol, bob], AT + 90 * DAY).map(({ status }) => status)).to.deep.equal([
      "duplicate",
      "held",
    ]);
    expect(table.find(SCOPE, "k1")).to.include({ account: BOB, since: AT + 90 * DAY });
  });

  it("scoring/released-on-revocation: a revoked credential gives its links up, a renewed one keeps them", () => {
    const table = new LinkTable();
    const first = claim(ALICE, 1);
    submit(table, first);
    const revoke = { scope: SCOPE, keys: ["k1", "unknown"], digest: first.digest };
    const renewed = new LinkTable();
    submit(renewed, first);
    submit(renewed, claim(ALICE, 2, { expiresAt: AT + 91 * DAY }));
    expect(revokeLinks(renewed, revoke, AT)).to.deep.equal([]);
    expect(revokeLinks(renewed, { ...revoke, digest: null }, AT)).to.have.length(1);
    table.apply(revokeLinks(table, revoke, AT + DAY));
    expect(submit(table, claim(BOB, 3), AT + DAY).status).to.equal("held");
  });

  it("scoring/owner-releases-with-cooling: nobody else before its end, the owner only by a fresh submission", () => {
    const table = new LinkTable();
    const old = claim(ALICE, 1);
    submit(table, old);
    const request = { scope: SCOPE, keys: ["k1"], account: ALICE, sequence: 5, cooling: 7 * DAY };
    expect(codeOf(() => releaseLinks(table, { ...request, account: BOB }, AT))).to.equal("scoring/not-your-link");
    table.apply(releaseLinks(table, request, AT + DAY));
    expect(codeOf(() => releaseLinks(table, request, AT + DAY))).to.equal("scoring/not-your-link");

    const bob = claim(BOB, 6);
    const early = linkOutcome(table, bob, AT + 8 * DAY - 1);
    expect(early.status === "duplicate" && early.dedup.releasesAt).to.equal(AT + 8 * DAY);
    expect(linkOutcome(table, bob, AT + 8 * DAY).status).to.equal("held");
    expect(linkOutcome(table, old, AT + 2 * DAY).status).to.equal("released");
    expect(linkOutcome(table, claim(ALICE, 7), AT + 2 * DAY).status).to.equal("held");
    submit(table, bob, AT + 8 * DAY);
    expect(linkOutcome(table, old, AT + 8 * DAY).status).to.equal("duplicate");
  });

  it("scoring/partial-clash-fills-in: the free keys go to the owner of the clashing one, without a second row", () => {
    const table = new LinkTable();
    submit(table, claim(ALICE, 1, { keys: ["v1"] }));
    submit(table, claim(CAROL, 2, { keys: ["v3"], expiresAt: AT + DAY }));
    expect(submit(table, claim(BOB, 3, { keys: ["v1", "v2"] })).status).to.equal("duplicate");
    expect(table.find(SCOPE, "v2")).to.include({ account: ALICE, expiresAt: AT + 90 * DAY });
    // Own and expired rows that exist already are met again: replaced, not inserted.
    expect(submit(table, claim(BOB, 4, { keys: ["v2", "v3"] }), AT + DAY).status).to.equal("duplicate");
    expect(table.find(SCOPE, "v3")).to.include({ account: ALICE });
    expect(table.all()).to.have.length(3);
  });

  it("scoring/dedupe-scope: one scorer, a group of scorers, or everybody", () => {
    expect(linkScope("1", { scope: "scorer", group: null })).to.equal("scorer:1");
    expect(linkScope("1", { scope: "group", group: "rounds" })).to.equal(
      linkScope("2", { scope: "group", group: "rounds" }),
    );
    expect(linkScope("1", { scope: "global", group: null })).to.equal("global");
    const table = new LinkTable();
    submit(table, claim(ALICE, 1));
    expect(submit(table, claim(BOB, 2, { scope: "scorer:2" })).status).to.equal("held");
  });

  const people = [ALICE, BOB, CAROL];
  const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 3 });
  const wishes = fc
    .array(fc.record({ who: fc.nat(2), keys, life: fc.integer({ min: 1, max: 60 }), gap: fc.nat(20) }), {
      maxLength: 30,
    })
    .map((list) => {
      let at = AT;
      return list.map(({ who, keys: wanted, life, gap }, index) => {
        at += gap;
        const digest = `d${String(index).padStart(3, "0")}`;
        return { at, claim: claim(people[who] as string, index + 1, { keys: wanted, expiresAt: at + life, digest }) };
      });
    });

  it("scoring/random-overlapping-nullifiers: one owner per key, and whoever counts owns all of its keys", () => {
    fc.assert(
      fc.property(wishes, (list) => {
        const table = new LinkTable();
        for (const { at, claim: wish } of list) {
          const before = new Map(wish.keys.map((key) => [key, table.find(SCOPE, key)]));
          const outcome = submit(table, wish, at);
          const foreign = [...before.values()].some(
            (link) => link !== undefined && link.account !== wish.account && link.expiresAt > at,
          );
          expect(outcome.status).to.equal(foreign ? "duplicate" : "held");
          for (const key of wish.keys) {
            const link = table.find(SCOPE, key);
            // Every key of a claim ends with a living owner, and a living owner is never put out.
            expect(link?.expiresAt).to.be.greaterThan(at);
            const old = before.get(key);
            if (old !== undefined && old.expiresAt > at) expect(link?.account).to.equal(old.account);
            if (outcome.status === "held") expect(link?.account).to.equal(wish.account);
          }
        }
        expect(new Set(table.all().map(({ key }) => key)).size).to.equal(table.all().length);
      }),
    );
  });

  it("scoring/replay-is-deterministic: the same log in any order of arrival gives the same links", () => {
    fc.assert(
      fc.property(wishes, fc.nat(), fc.boolean(), (list, seed, release) => {
        const events: LinkEvent[] = list.map(({ at, claim: wish }) => ({ kind: "claim", at, claim: wish }));
        const end = (events.at(-1)?.at ?? AT) + 1;
        const sequence = events.length + 1;
        const table = replayLinks(events);
        const own = table.all().find(({ expiresAt }) => expiresAt > end);
        if (release && own !== undefined) {
          const request = { scope: SCOPE, keys: [own.key], account: own.account, sequence, cooling: 5 };
          events.push({ kind: "release", at: end, release: request });
        }
        events.push({
          kind: "settle",
          at: end + 10,
          sequence: sequence + 1,
          claims: list.map(({ claim: wish }) => wish),
        });
        const live = new LinkTable();
        for (const event of events) applyEvent(live, event);
        const mixed = events
          .map((event, at) => ({ event, order: (at * 7919 + seed) % 31 }))
          .sort((a, b) => a.order - b.order);
        expect(replayLinks(mixed.map(({ event }) => event)).all()).to.deep.equal(live.all());
      }),
    );
  });

  it("scoring/ties-by-digest: claims of one sequence are ordered by their digest", () => {
    const [low, high] = [claim(BOB, 1, { digest: "0x01" }), claim(ALICE, 1, { digest: "0x02" })];
    for (const order of [
      [low, high],
      [high, low],
    ]) {
      const events = order.map((wish): LinkEvent => ({ kind: "claim", at: AT, claim: wish }));
      expect(replayLinks(events).find(SCOPE, "k1")?.account).to.equal(BOB);
    }
  });

  it("scoring/batch-equals-single: links in flat memory decide as the table does", () => {
    const release = fc.option(
      fc.record({ who: fc.nat(2), sequence: fc.nat(6), freeAt: fc.integer({ min: AT - 2, max: AT + 4 }) }),
    );
    const stored = fc.array(
      fc.record({ key: fc.nat(4), who: fc.nat(2), life: fc.integer({ min: -5, max: 100 }), release }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(wishes, stored, (list, rows) => {
        const now = AT + 3;
        const names = ["a", "b", "c", "d", "e"];
        const claims = list.map(({ claim: wish }) => wish);
        const keyNames = [...names, ...claims.flatMap((wish) => wish.keys)];
        const bytes = Buffer.concat(keyNames.map((name) => bytesOf(`key ${name}`)));
        const aligned = new Uint8Array(bytes);
        const flat = new FlatLinks(aligned, keyNames.length);
        const table = new LinkTable();
        const byKey = new Map(rows.map((row) => [row.key, row]));
        for (const { key, who, life, release: let_go } of byKey.values()) {
          const released =
            let_go === null ? undefined : { account: let_go.who, sequence: let_go.sequence, freeAt: let_go.freeAt };
          flat.load(key, who, now + life, released);
          const account = people[who] as string;
          const name = names[key] as string;
          const link = {
            scope: SCOPE,
            key: name,
            account,
            provider: "Google",
            digest: "stored",
            since: AT - DAY,
            expiresAt: now + life,
          };
          const row = released === undefined ? null : { ...released, account: people[released.account] as string };
          table.apply([{ key: name, expected: undefined, link: { ...link, release: row } }]);
        }
        const single = settleClaims(table, claims, now).map(({ status }) => status === "held");
        let first = names.length;
        const batch = claims.map((wish) => {
          const from = first;
          first += wish.keys.length;
          return flat.claim(from, first, people.indexOf(wish.account), wish.sequence, wish.expiresAt, now);
        });
        expect(batch).to.deep.equal(single);
      }),
      { numRuns: 300 },
    );
  });
});
