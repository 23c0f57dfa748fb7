import { expect } from "chai";
import fc from "fast-check";

import { BAN_KINDS, BanIndex, type BanEntry } from "../../../src/passport/bans.js";
import { recheckStamp } from "../../../src/passport/recheck.js";
import { RevocationIndex, type Revocation } from "../../../src/passport/revocations.js";
import { linkKey } from "../../../src/passport/nullifiers/realm.js";
import { compileRules } from "../../../src/scoring/rules/compile.js";
import { PassportScorer, type ScorableStamp, type StampScore } from "../../../src/scoring/rules/score.js";
import { packBreakdown, unpackBreakdown } from "../../../src/scoring/service/packed/breakdown.js";
import { fingerprintOf } from "../../../src/scoring/service/packed/fingerprint.js";
import { FlatPassport } from "../../../src/scoring/service/packed/flat-passport.js";
import { FlatScorer } from "../../../src/scoring/service/packed/flat-scorer.js";
import { packPassport, stampOfPacked, unpackPassport } from "../../../src/scoring/service/packed/passport.js";
import { packedRecheck } from "../../../src/scoring/service/packed/recheck.js";
import { recordOf, sameScore, type ShownStamp } from "../../../src/scoring/service/records.js";
import { accountOf, trust } from "../../support/passport/stamps.js";
import { AT, DAY, rulesOf } from "../../support/scoring.js";

const ACCOUNT = accountOf("alice").toLowerCase();
const REALM = "did:ethr:0x1111111111111111111111111111111111111111";
const PROVIDERS = [
  "Discord",
  "Ens",
  "ETHDaysActive#50",
  "Google",
  "HolonymGovIdProvider",
  "Never heard of",
  "Nor of this",
];

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((value) => Buffer.from(value));
const digest = bytes.map((value) => `0x${value.toString("hex")}`);
const nullifier = fc
  .tuple(fc.constantFrom("1", "2", "0.0.0"), bytes)
  .map(([version, value]) => `v${version}:${value.toString("base64")}`);
const refusal = fc.record({
  status: fc.constantFrom("banned" as const, "untrusted_issuer" as const),
  detail: fc.string({ maxLength: 30 }),
});
/** Few moments, so that stamps meet at one. */
const moment = fc.integer({ min: -3, max: 5 }).map((days) => AT + days * DAY);

const shownStamp: fc.Arbitrary<ShownStamp> = fc.record({
  sequence: fc.integer({ min: 1, max: 2 ** 50 }),
  refusal: fc.option(refusal, { freq: 5 }),
  stamp: fc
    .record({
      digest,
      form: fc.constantFrom("touchstone" as const, "nullifiers" as const),
      provider: fc.constantFrom(...PROVIDERS),
      account: fc.constant(ACCOUNT),
      issuer: fc.constantFrom(REALM, "did:ethr:0x2222222222222222222222222222222222222222"),
      keyVersion: fc.nat(3),
      nullifiers: fc.array(nullifier, { minLength: 1, maxLength: 2 }),
      issuedAt: moment,
      expiresAt: moment,
    })
    .map((stamp) => ({ ...stamp, linkKeys: stamp.nullifiers.map((text) => linkKey(REALM, text)) })),
});
const shownStamps = fc.uniqueArray(shownStamp, { maxLength: 80, selector: ({ stamp }) => stamp.digest });

const rules = [
  {},
  {
    mode: "binary",
    threshold: "1",
    scale: [
      ["0", 0],
      ["10", 10_000],
    ],
  },
  { providers: ["ETHDaysActive#50", "HolonymGovIdProvider"] },
  {
    threshold: "2",
    groups: {
      chain: {
        providers: ["ETHDaysActive#50", "HolonymGovIdProvider", "Ens"],
        cap: "10",
        diminishing: [10_000, 2_500],
      },
    },
    gate: "count(chain) >= 1 or has(Google)",
    total: { maxStamps: 3 },
  },
  { required: ["Google"] },
].map((changes) => compileRules(rulesOf(changes)));

describe("packed passports", () => {
  it("hold everything about every stamp", () => {
    fc.assert(
      fc.property(shownStamps, fc.nat(), (stamps, mark) => {
        const settled = ({ sequence }: ShownStamp) => sequence % 2 === mark % 2;
        const packed = packPassport(stamps, settled);
        const back = unpackPassport(packed as Buffer);
        expect(
          back.map((stamp) => ({
            stamp: stampOfPacked(ACCOUNT, stamp),
            sequence: stamp.sequence,
            refusal: stamp.refusal,
          })),
        ).to.deep.equal(stamps);
        expect(back.map((stamp) => stamp.settled)).to.deep.equal(stamps.map(settled));
      }),
    );
  });

  it("are not made of what they have no place for", () => {
    const [shown] = fc.sample(shownStamp, 1) as [ShownStamp];
    const packs = (changes: Partial<ShownStamp["stamp"]>) =>
      packPassport([{ ...shown, stamp: { ...shown.stamp, ...changes } }], () => true) !== undefined;
    expect(packs({})).to.equal(true);
    expect(packs({ digest: "0x12" })).to.equal(false);
    expect(packs({ provider: "Größe" })).to.equal(false);
    expect(packs({ linkKeys: shown.stamp.linkKeys.map((key) => `${key}x`) })).to.equal(false);
    expect(packs({ nullifiers: ["v1:short"], linkKeys: [linkKey(REALM, "v1:short")] })).to.equal(false);
  });

  it("passport/flat-scores-are-the-same: scoring a packed passport gives what scoring its stamps gives, to the byte", () => {
    const flat = new FlatPassport();
    const scorers = rules.map((compiled) => [new PassportScorer(compiled), new FlatScorer(compiled)] as const);
    fc.assert(
      fc.property(shownStamps, fc.nat(rules.length - 1), fc.array(fc.boolean(), { maxLength: 9 }), (list, at, odd) => {
        const stamps = list.map((shown) => ({ ...shown, refusal: null }));
        const [plain, packed] = scorers[at]!;
        const dedup = { provider: "Google", since: AT - 5, releasesAt: AT + DAY, owner: "0x12…34" };
        const refusals = stamps.map((_, place): ScorableStamp["refusal"] =>
          odd[place % 9] === true ? { status: "duplicate", detail: "somebody else's", dedup } : undefined,
        );
        const scorables = stamps.map(({ stamp: { provider, digest: own, expiresAt } }, place): ScorableStamp => {
          const against = refusals[place];
          return { provider, digest: own, expiresAt, ...(against === undefined ? {} : { refusal: against }) };
        });
        const { stamps: breakdown, unmet: _, ...expected } = plain.score(scorables, AT);
        flat.read(packPassport(stamps, () => true) as Buffer);
        const found = packed.score(flat, AT, (place) => refusals[place]);
        expect(found.score).to.deep.equal(expected);
        expect(found.breakdown.toString("hex")).to.equal(packBreakdown(breakdown).toString("hex"));
      }),
      { numRuns: 500 },
    );
  });
});

describe("packed passports, checked again", () => {
  const notice = fc.record({
    place: fc.nat(9),
    what: fc.constantFrom(...BAN_KINDS, "credential" as const, "revoked nullifier" as const),
    until: fc.option(moment),
    /** Mostly about somebody else. */
    own: fc.boolean(),
  });
  const others = { account: accountOf("bob").toLowerCase(), digest: `0x${"77".repeat(32)}` };
  const othersNullifier = `v1:${Buffer.alloc(32, 7).toString("base64")}`;

  it("passport/packed-recheck-is-the-same: trust, bans and revocations say of packed stamps what they say of each", () => {
    const flat = new FlatPassport();
    let [stood, fell] = [0, 0];
    const few = fc.uniqueArray(shownStamp, { maxLength: 4, selector: ({ stamp }) => stamp.digest });
    fc.assert(
      fc.property(few, fc.array(notice, { maxLength: 2 }), moment, fc.boolean(), (list, notices, from, picky) => {
        const stamps = list.map((shown) => ({ ...shown, refusal: null }));
        const bans: BanEntry[] = [];
        const revoked: { issuer: string; entry: Revocation }[] = [];
        for (const { place, what, until, own } of notices) {
          const stamp = stamps[place % Math.max(stamps.length, 1)]?.stamp;
          const issuer = stamp?.issuer ?? REALM;
          const entry = { revokedAt: AT, reason: "sold" };
          const nullifierText = own ? (stamp?.nullifiers[0] ?? othersNullifier) : othersNullifier;
          const subject = own ? ACCOUNT : others.account;
          if (what === "credential") {
            revoked.push({
              issuer,
              entry: { ...entry, kind: what, value: own ? (stamp?.digest ?? others.digest) : others.digest },
            });
          } else if (what === "revoked nullifier") {
            revoked.push({ issuer, entry: { ...entry, kind: "nullifier", value: nullifierText } });
          } else if (what === "nullifier") bans.push({ kind: what, subject: nullifierText, until, reason: "farm" });
          else if (what === "account") bans.push({ kind: what, subject, until, reason: "farm" });
          else bans.push({ kind: what, subject, provider: stamp?.provider ?? "Google", until, reason: "farm" });
        }
        const terms = { forms: ["touchstone", "nullifiers"], from: AT - 4 * DAY };
        const keys = [0, 1, 2, 3].map((version) => ({
          version,
          address: `0x${(version === 0 ? "1" : String(version + 2)).repeat(40)}`,
          ...(picky && version === 1 ? { from } : {}),
        }));
        const second = keys.map((key) => (key.version === 0 ? { ...key, address: `0x${"2".repeat(40)}` } : key));
        const context = {
          now: AT,
          issuers: trust(
            { did: REALM, keys, ...terms },
            { did: "did:ethr:0x2222222222222222222222222222222222222222", keys: second, ...terms },
          ),
          bans: new BanIndex(bans),
          revocations: RevocationIndex.EMPTY.with(revoked),
        };
        flat.read(packPassport(stamps, () => true) as Buffer);
        const expected = stamps.every(({ stamp }) => recheckStamp(stamp, context) === null);
        expect(packedRecheck(context)(ACCOUNT, flat)).to.equal(expected);
        if (expected) stood += 1;
        else fell += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(stood).to.be.greaterThan(100);
    expect(fell).to.be.greaterThan(100);
  });
});

describe("packed breakdowns", () => {
  const dedup = fc.record({ provider: fc.string(), since: moment, releasesAt: moment, owner: fc.string() });
  const stampScore: fc.Arbitrary<StampScore> = fc.record(
    {
      provider: fc.oneof(fc.constantFrom(...PROVIDERS), fc.string()),
      digest: fc.oneof(digest, fc.string()),
      status: fc.constantFrom("counted" as const, "duplicate" as const, "expired" as const, "capped" as const),
      points: fc.nat(),
      expiresAt: moment,
      detail: fc.oneof(
        fc.string(),
        fc.constantFrom(
          "",
          "this scorer gives it no weight",
          `expired at ${AT}`,
          "this scorer does not count this provider",
        ),
      ),
      dedup,
    },
    { requiredKeys: ["provider", "digest", "status", "points", "expiresAt"] },
  );

  it("read back as they were written", () => {
    fc.assert(
      fc.property(fc.array(stampScore, { maxLength: 20 }), (stamps) => {
        expect(unpackBreakdown(packBreakdown(stamps))).to.deep.equal(stamps);
      }),
    );
  });

  it("tell records apart exactly where comparing them does", () => {
    const scorer = new PassportScorer(rules[0]!);
    const recordAt = (expiresAt: number, now: number, version = 1) =>
      recordOf(
        1,
        ACCOUNT,
        version,
        scorer.score([{ provider: "HolonymGovIdProvider", digest: `0x${"12".repeat(32)}`, expiresAt }], now),
      );
    const first = recordAt(AT + DAY, AT);
    const print = (record: typeof first) => fingerprintOf(record, packBreakdown(record.stamps)).toString("hex");
    const others = [
      recordAt(AT + DAY, AT + 1),
      recordAt(AT + DAY + 1, AT),
      recordAt(AT + DAY, AT, 2),
      recordAt(AT - 1, AT),
    ];
    for (const other of [...others, { ...first, passing: !first.passing }, { ...first, error: "no" }]) {
      expect(print(other) === print(first)).to.equal(sameScore(other, first));
    }
  });
});
