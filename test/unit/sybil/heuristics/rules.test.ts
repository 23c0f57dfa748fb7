import { expect } from "chai";

import { BUILT_IN_RULES } from "../../../../src/sybil/heuristics/built-in.js";
import { DEFAULT_HEURISTICS } from "../../../../src/sybil/heuristics/parse-heuristics.js";

type Figures = Readonly<Record<string, number>>;

/** For each rule an account that it holds for, what its reason must say, and accounts that miss by one figure. */
const CASES: Readonly<Record<string, { hit: Figures; says: readonly string[]; misses: readonly Figures[] }>> = {
  "strong-stamps": {
    hit: { "stamp:Biometrics": 1, "stamp:CleanHands": 1, "stamp:Google": 1 },
    says: ["Biometrics, CleanHands"],
    misses: [{ "stamp:CleanHands": 0 }],
  },
  farm: {
    hit: { clusterSize: 5, clusterSigns: 2 },
    says: ["2 ", "4 others"],
    misses: [{ clusterSize: 4 }, { clusterSigns: 1 }],
  },
  "old-account": {
    hit: { accountAge: 1_095.9, transactions: 100, copies: 1 },
    says: ["1095 days", "100 transactions"],
    misses: [{ accountAge: 1_094.9 }, { transactions: 99 }, { copies: 2 }],
  },
  staked: { hit: { stake: 500 }, says: ["500 tokens"], misses: [{ stake: 499.99 }] },
  "linked-accounts": { hit: { clusterSize: 2 }, says: ["1 other"], misses: [{ clusterSize: 1 }] },
  "name-family": { hit: { nameMatches: 2 }, says: ["2 other"], misses: [{ nameMatches: 1 }] },
  "donation-copy": {
    hit: { copies: 3, grants: 3 },
    says: ["2 other donors", "3 grants"],
    misses: [{ copies: 2 }, { grants: 2 }],
  },
  "near-copy": {
    hit: { dnaDistance: 0.1, grants: 5 },
    says: ["5 grants", "0.10"],
    misses: [{ dnaDistance: 0.101 }, { grants: 4 }],
  },
  "shared-funder": { hit: { sharedFunder: 3 }, says: ["3 other"], misses: [{ sharedFunder: 2 }] },
  "shared-origins": {
    hit: { originsRatio: 0.7, originsShared: 7, originsUsed: 10 },
    says: ["7 of its 10"],
    misses: [{ originsRatio: 0.69 }, { originsShared: 0 }],
  },
  "vouch-ring": { hit: { vouchRing: 3 }, says: ["ring of 3"], misses: [{ vouchRing: 2 }] },
  "own-choice": {
    hit: { dnaDistance: 0.5, grants: 5 },
    says: ["5 grants", "0.50"],
    misses: [{ dnaDistance: 0.49 }, { grants: 4 }],
  },
};

describe("built-in rules", () => {
  const read = (figures: Figures) => (name: string) => figures[name] ?? (name.startsWith("stamp:") ? 0 : NaN);

  it("sybil/every-rule-has-a-case", () => {
    expect(Object.keys(CASES)).to.have.members(BUILT_IN_RULES.map(({ name }) => name));
  });

  for (const rule of DEFAULT_HEURISTICS.rules) {
    it(`sybil/rule-${rule.name}`, () => {
      const { hit, says, misses } = CASES[rule.name]!;
      const reason = rule.judge(read(hit));
      for (const part of says) expect(reason).to.contain(part);
      for (const miss of misses)
        expect(rule.judge(read({ ...hit, ...miss })), JSON.stringify(miss)).to.equal(undefined);
      // Of an account of which nothing is known no rule says anything, and each figure that it reads is needed.
      expect(rule.judge(() => NaN)).to.equal(undefined);
      const needed = Object.keys(hit).filter((name) => misses.some((miss) => name in miss));
      for (const name of needed) expect(rule.judge(read({ ...hit, [name]: NaN })), name).to.equal(undefined);
      // What the model leaves out for it is what it reads.
      for (const name of Object.keys(hit).filter((own) => own !== "stamp:Google")) expect(rule.reads).to.include(name);
    });
  }
});
