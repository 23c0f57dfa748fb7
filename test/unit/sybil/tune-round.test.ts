import { createHash } from "node:crypto";

import { expect } from "chai";
import fc from "fast-check";

import { DEFAULT_RULES } from "../../../src/scoring/rules/default-rules.js";
import { parseRules } from "../../../src/scoring/rules/parse-rules.js";
import { rulesDocument, rulesHash } from "../../../src/scoring/rules/scorer-rules.js";
import { parseVersion, versionDocument } from "../../../src/scoring/rules/version-document.js";
import { parseFarms } from "../../../src/sybil/generate/farms/parse-farms.js";
import { generateRound, tablesOf, truthOf } from "../../../src/sybil/generate/generate-round.js";
import { BUILT_IN_RULES } from "../../../src/sybil/heuristics/built-in.js";
import { parseHeuristics } from "../../../src/sybil/heuristics/parse-heuristics.js";
import { Random } from "../../../src/sybil/generate/random.js";
import { tuningReason } from "../../../src/sybil/tuning/describe-tuning.js";
import { fitStamps } from "../../../src/sybil/tuning/evidence/fit-stamps.js";
import { assessWithoutStamps, subjectsOf } from "../../../src/sybil/tuning/evidence/round-subjects.js";
import type { TuningSubject } from "../../../src/sybil/tuning/evidence/subjects.js";
import { curveRows, priceCurve, thinCurve } from "../../../src/sybil/tuning/curve/trade-off-table.js";
import { choosePoint } from "../../../src/sybil/tuning/curve/trade-off.js";
import { costToPass } from "../../../src/sybil/tuning/pass-costs.js";
import { pointsOf } from "../../../src/sybil/tuning/passing.js";
import { tuneRound } from "../../../src/sybil/tuning/tune-round.js";
import { tuneWeights, type TuningRequest } from "../../../src/sybil/tuning/tune-weights.js";

const FORMAT = "touchstone-scorer-rules-v1";
const STAMPS = ["face", "phone", "mail", "rented", "rare", "idle"] as const;
const RULES = parseRules({
  format: FORMAT,
  threshold: "10",
  weights: { face: "4", phone: "3", mail: "3", rented: "8", rare: "2", idle: "0" },
});
/** Without the stamps that too few hold. */
const ALL_JUDGED = parseRules({
  format: FORMAT,
  threshold: "10",
  weights: { face: "4", phone: "3", mail: "3", rented: "8" },
});
const PRICES = new Map([
  ["face", 60],
  ["phone", 4],
  ["mail", 1],
  ["rented", 20],
  ["rare", 50],
  ["idle", 1],
]);
/** Shares of people and of Sybils that hold each stamp. */
const HELD: Readonly<Record<(typeof STAMPS)[number], readonly [number, number]>> = {
  face: [0.6, 0.15],
  phone: [0.7, 0.45],
  mail: [0.8, 0.75],
  rented: [0.15, 0.6],
  rare: [0.05, 0],
  idle: [0, 0],
};

function population(seed: number, people = 900, sybils = 300): TuningSubject[] {
  const random = new Random(`population/${seed}`);
  return Array.from({ length: people + sybils }, (_, at) => {
    const sybil = at >= people;
    const stamps = STAMPS.filter((stamp) => random.chance(HELD[stamp][sybil ? 1 : 0]));
    // Farms of ten.
    const cluster = sybil ? people + Math.floor((at - people) / 10) : at;
    return { donor: `d${at}`, stamps: new Set<string>(stamps), sybil, cluster };
  });
}

const SUBJECTS = population(1);
const request = (more: Partial<TuningRequest> = {}): TuningRequest => ({
  subjects: SUBJECTS,
  rules: RULES,
  goal: { penetration: 0.2 },
  prices: PRICES,
  ...more,
});
const codeOf = (body: () => unknown) => {
  try {
    body();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("tuning a scorer", () => {
  it("sybil/negative-and-unjudged-stamps-get-no-fitted-weight", () => {
    const tuned = tuneWeights(request());
    const of = (name: string) => tuned.stamps.find(({ stamp }) => stamp === name)!;
    expect(of("rented")).to.include({ origin: "negative", after: 0 });
    expect(of("rented").coefficient).to.be.below(0);
    expect(of("rare").origin).to.equal("few");
    expect(of("idle")).to.include({ origin: "few", before: 0, after: 0 });
    // Stretched with the others it would be worth more; nothing was learnt that says so.
    expect(of("rare").after).to.equal(of("rare").before);
    expect(of("face").after).to.be.above(of("face").before);
    for (const name of ["face", "phone"]) {
      const { coefficient, standardError, origin, after, logOddsRatio, low, high } = of(name);
      expect([origin, after > 0, coefficient! > 0]).to.deep.equal(["fitted", true, true]);
      expect(standardError).to.be.within(0.02, 1);
      expect(logOddsRatio).to.be.within(low, high);
    }
    expect(of("face").coefficient).to.be.above(of("phone").coefficient!);
  });

  it("sybil/fitted-coefficients-are-those-of-the-population", () => {
    const stamps = ["face", "phone", "mail", "rented"];
    const many = population(3, 8_000, 8_000).map((subject, cluster) => ({ ...subject, cluster }));
    const { coefficients } = fitStamps(many, stamps);
    for (const stamp of stamps) {
      const [people, sybils] = HELD[stamp as "face"];
      const wanted = Math.log(((people / (1 - people)) * (1 - sybils)) / sybils);
      const { value, standardError } = coefficients.get(stamp)!;
      expect(Math.abs(value - wanted), stamp).to.be.below(3 * standardError! + 0.02);
    }
  });

  it("sybil/tuned-rules-serve-the-goal-as-the-scorer-counts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0.05, 0.1, 0.2, 0.4), (seed, penetration) => {
        const subjects = population(seed, 200, 100);
        const tuned = tuneWeights(request({ subjects, goal: { penetration } }));
        const points = pointsOf(
          tuned.rules,
          subjects.map(({ stamps }) => stamps),
        );
        const passing = (label: boolean) =>
          subjects.filter(({ sybil }, at) => sybil === label && points[at]! >= tuned.rules.threshold).length;
        expect(passing(true)).to.be.at.most(100 * penetration);
        expect([tuned.after.people.hits, tuned.after.sybils.hits]).to.deep.equal([passing(false), passing(true)]);
        expect(tuned.rules.threshold, "the threshold stays").to.equal(RULES.threshold);
        expect(tuned.flips.people.gained.length - tuned.flips.people.lost.length).to.equal(
          tuned.after.people.hits - tuned.before.people.hits,
        );
      }),
      { numRuns: 5 },
    );
    // Whoever just reached the chosen threshold still does when weights were stretched.
    for (const penetration of [0.1, 0.2, 0.3, 0.4, 0.5]) {
      const goal = { penetration };
      const { after, curve } = tuneWeights(request({ goal, leastCost: 0, rules: ALL_JUDGED }));
      expect(after.people.share).to.equal(choosePoint(curve, goal).people.share);
    }
  });

  it("sybil/no-proposal-makes-passing-cheaper", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom(undefined, 0, 30, 70), (seed, leastCost) => {
        const subjects = population(seed, 200, 100);
        const asked = request({ subjects, ...(leastCost === undefined ? {} : { leastCost }) });
        const tuned = tuneWeights(asked);
        const least = leastCost ?? costToPass(RULES, PRICES)!.cost;
        expect(tuned.leastCost).to.equal(least);
        // Rounding up to the grid gives at most a unit a stamp away.
        expect(tuned.passCost.after?.cost ?? Infinity).to.be.at.least(least * (1 - 1e-3));
      }),
      { numRuns: 6 },
    );
    // Nothing asked of prices: the cheapest evidence wins, and passing is cheap.
    const free = tuneWeights(request({ leastCost: 0 }));
    expect(free.passCost.after!.cost).to.be.below(tuneWeights(request({ leastCost: 70 })).passCost.after!.cost);
  });

  it("sybil/out-of-sample-never-sees-its-cluster", () => {
    // Every farm holds one stamp of its own, and so does a person in ten: rows of a farm give it away, its cluster does not.
    const farms = 12;
    const own = (at: number) => `own-${at % farms}`;
    const subjects: TuningSubject[] = Array.from({ length: 1_200 }, (_, at) => {
      const sybil = at < 600;
      return {
        donor: `d${at}`,
        sybil,
        stamps: new Set(
          sybil
            ? [own(at), "mail", ...(at % 10 === 0 ? ["face"] : [])]
            : at % 2 === 0
              ? [own(Math.floor(at / 2)), "mail", "face"]
              : ["face"],
        ),
        cluster: sybil ? at % farms : 1_000 + at,
      };
    });
    const weights = Object.fromEntries(
      [...Array.from({ length: farms }, (_, at) => own(at)), "mail", "face"].map((name) => [name, "1"]),
    );
    const rules = parseRules({ format: FORMAT, threshold: "1", weights });
    const seen: string[][] = [];
    tuneWeights({
      subjects,
      rules,
      prices: new Map(),
      goal: { penetration: 0.5 },
      fit: (some, stamps, penalty) => {
        seen.push(some.filter(({ sybil }) => sybil).map(({ cluster }) => String(cluster)));
        return fitStamps(some, stamps, penalty);
      },
    });
    expect(seen).to.have.length(6);
    const all = new Set(seen[0]);
    expect(all.size).to.equal(farms);
    for (const fold of seen.slice(1)) {
      const inside = new Set(fold);
      expect(inside.size).to.be.below(farms);
      // A farm is there whole, or not at all.
      for (const cluster of inside) expect(fold.filter((other) => other === cluster)).to.have.length(50);
    }
  });

  it("keeps gates, groups and lists; moves the threshold where limits are in points", () => {
    const gated = parseRules({
      ...rulesDocument(RULES),
      gate: 'has("mail")',
      groups: { some: { providers: ["phone", "mail"], cap: "5" } },
    });
    const tuned = tuneWeights(request({ rules: gated }));
    const { weights: _w, threshold: _t, ...before } = rulesDocument(gated);
    const { weights: _v, threshold: _s, ...after } = rulesDocument(tuned.rules);
    expect(after).to.deep.equal(before);
    expect(tuned.after.sybils.share).to.be.at.most(0.2);
  });

  it("refuses one class, unknown goals, and what nothing speaks for", () => {
    const bad: Partial<TuningRequest>[] = [
      { subjects: SUBJECTS.filter(({ sybil }) => !sybil) },
      { subjects: SUBJECTS.filter(({ sybil }) => sybil) },
      { goal: {} },
      { goal: { include: 2 } },
      { folds: 1 },
      { leastCost: -1 },
      { leastCost: NaN },
      { subjects: SUBJECTS.map((subject) => ({ ...subject, stamps: new Set<string>() })) },
    ];
    for (const more of bad)
      expect(
        codeOf(() => tuneWeights(request(more))),
        JSON.stringify(more).slice(0, 80),
      ).to.equal("sybil/bad-setting");
    const both = request({ goal: { include: 0.99, penetration: 0.01 } });
    expect(codeOf(() => tuneWeights(both))).to.equal("sybil/goal-out-of-reach");
  });

  it("sybil/curves-are-priced-and-thinned", () => {
    const tuned = tuneWeights(request());
    const priced = priceCurve(tuned.curve, tuned.rules.weights, PRICES);
    for (const { threshold, cost } of priced) {
      const exact = costToPass({ ...tuned.rules, threshold }, PRICES)?.cost ?? Infinity;
      expect(cost).to.equal(exact);
    }
    expect(curveRows(priced)[0]).to.have.length(9);
    const long = Array.from({ length: 5_000 }, (_, at) => ({ ...tuned.after, threshold: at + 1 }));
    const thin = thinCurve(long, 77);
    expect(thin.length).to.be.within(150, 201);
    expect(thin.map(({ threshold }) => threshold)).to.include.members([1, 77, 5_000]);
    expect(thinCurve(tuned.curve, 0)).to.deep.equal(tuned.curve);
  });
});

describe("tuning the scorer of a round", () => {
  const generated = generateRound({
    seed: 11,
    donors: 500,
    labels: 250,
    farms: parseFarms("names:40,funding:40,copy:40,staking:20"),
  });
  const tables = tablesOf(generated);

  it("sybil/tuning-labels-ignore-stamps", () => {
    const heuristics = parseHeuristics({
      format: "touchstone-heuristics-v1",
      rules: [
        ...BUILT_IN_RULES.map(({ name }) => ({ rule: name })),
        {
          name: "no-mail",
          verdict: "sybil",
          strength: "strong",
          reason: "holds no Google stamp",
          when: { feature: "stamp:Google", atMost: 0 },
        },
      ],
    });
    // Farms that little but stamps would give away, and stamps that would tell a model everything, and a strong rule the opposite.
    const hidden = generateRound({ seed: 12, donors: 400, labels: 200, farms: parseFarms("names:100", true) });
    const truth = truthOf(hidden).map(({ kind }) => kind === "sybil");
    const round = tablesOf(hidden);
    const held = truth.map((sybil) => new Set(sybil ? ["HolonymGovIdProvider", "CleanHands"] : []));
    const one = subjectsOf(round, assessWithoutStamps(round, { heuristics }));
    const other = subjectsOf(round, assessWithoutStamps({ ...round, stamps: held }, { heuristics }));
    expect(other.map(({ sybil }) => sybil)).to.deep.equal(one.map(({ sybil }) => sybil));
    expect(one.some(({ sybil }) => sybil)).to.equal(true);
    const found = subjectsOf(tables, assessWithoutStamps(tables));
    const right = found.filter(({ sybil }, at) => sybil === (truthOf(generated)[at]!.kind === "sybil")).length;
    expect(right / found.length).to.be.above(0.8);
  });

  it("sybil/a-proposed-version-is-one-that-scorers-take", () => {
    const tuned = tuneRound(tables, { goal: { penetration: 0.1 } });
    const read = parseVersion(JSON.parse(JSON.stringify(tuned.version)));
    expect(rulesHash(parseRules(read.rules))).to.equal(rulesHash(tuned.tuning.rules));
    expect(read.report).to.equal(`0x${createHash("sha256").update(tuned.details).digest("hex")}`);
    expect(read.reason).to.equal(tuned.reason);
    expect(tuned.reason).to.match(/^Tuned on Generated round 11: .* Report 0x[0-9a-f]{64}$/);
    expect(tuned.reason.length).to.be.at.most(500);
    const report = `0x${"ab".repeat(32)}`;
    const named = tuneRound(tables, { goal: { penetration: 0.1 }, report, naming: true });
    expect(parseVersion(named.version).report).to.equal(report);
    const long = tuningReason(tuned.tuning, "x".repeat(600), "people", tuned.report);
    expect(long).to.have.length(500);
    expect(long.endsWith(tuned.report)).to.equal(true);
    // Donors are named on request only.
    const donor = tuned.tuning.flips.people.gained[0] ?? tuned.tuning.flips.people.lost[0]!;
    expect(tuned.details).to.not.include(donor);
    expect(named.details).to.include(donor);
  });

  it("reads rules alone as a version without a reason, and refuses a broken version", () => {
    const document = rulesDocument(DEFAULT_RULES);
    expect(parseVersion(document)).to.deep.equal({ rules: document, reason: undefined, report: undefined });
    const whole = versionDocument(DEFAULT_RULES, "why", undefined);
    expect(parseVersion(whole).reason).to.equal("why");
    for (const broken of [
      { ...whole, reason: "" },
      { ...whole, reason: "x".repeat(501) },
      { ...whole, report: "0x12" },
      { ...whole, extra: 1 },
      { format: whole.format, reason: "why" },
    ]) {
      expect(codeOf(() => parseVersion(broken))).to.equal("scoring/rules-malformed");
    }
  });

  it("refuses a round without a scorer or stamps", () => {
    const goal = { penetration: 0.1 };
    expect(codeOf(() => tuneRound({ ...tables, rules: undefined }, { goal }))).to.equal("sybil/bad-setting");
    const bare = { ...tables, stamps: tables.stamps.map(() => new Set<string>()) };
    expect(codeOf(() => tuneRound(bare, { goal }))).to.equal("sybil/bad-setting");
  });
});
