import { expect } from "chai";
import fc from "fast-check";

import {
  DEFAULT_HEURISTICS,
  heuristicsDocument,
  heuristicsHash,
  parseHeuristics,
} from "../../../../src/sybil/heuristics/parse-heuristics.js";
import { runHeuristics } from "../../../../src/sybil/heuristics/run-heuristics.js";
import type { Verdict } from "../../../../src/sybil/heuristics/rule.js";
import { tableOf } from "../../../support/feature-table.js";

const configure = (...rules: unknown[]) => parseHeuristics({ format: "touchstone-heuristics-v1", rules });
const own = (when: unknown, others: object = {}) => ({
  name: "ours",
  verdict: "sybil",
  strength: "strong",
  reason: "because",
  when,
  ...others,
});

describe("configuration of heuristics", () => {
  it("sybil/heuristics-are-parsed-strictly", () => {
    const fails = (value: unknown, part: string) => {
      expect(() => parseHeuristics(value), part)
        .to.throw(part)
        .with.property("code", "sybil/bad-heuristics");
    };
    const failing = (rule: unknown, part: string) => fails({ format: "touchstone-heuristics-v1", rules: [rule] }, part);
    fails({ rules: [] }, "heuristics.format: is missing");
    fails({ format: "touchstone-heuristics-v2", rules: [] }, "heuristics.format");
    fails({ format: "touchstone-heuristics-v1", rules: [], extra: 1 }, "extra");
    fails({ format: "touchstone-heuristics-v1", rules: [], signs: { copyGrants: 0 } }, "signs.copyGrants");
    fails({ format: "touchstone-heuristics-v1", rules: [], signs: { copies: 3 } }, "signs.copies");
    fails({ format: "touchstone-heuristics-v1", rules: [{ rule: "farm" }, { rule: "farm" }] }, "two rules named farm");
    failing({ rule: "farms" }, "there is no rule farms");
    failing({ rule: "farm", members: 1 }, "rules[0].members: is not between 2 and");
    failing({ rule: "farm", members: "many" }, "is not a number");
    failing({ rule: "farm", members: null }, "is not a number");
    failing({ rule: "farm", member: 5 }, "member: is not a known member");
    failing({ rule: "farm", strength: "certain" }, "strength");
    failing({ rule: "farm", providers: ["Ens"] }, "providers");
    failing({ rule: "strong-stamps", providers: [] }, "names no provider");
    failing(own({ feature: "grant", atLeast: 1 }), '"grant" is no feature');
    failing(own({ feature: "stamp:", atLeast: 1 }), "is no feature");
    failing(own({ feature: "grants" }), "exactly one comparison");
    failing(own({ feature: "grants", atLeast: 1, atMost: 2 }), "exactly one comparison");
    failing(own({ feature: "grants", atLeast: "1 + 1" }), "is not a number");
    failing(own({ feature: "grants", atLeast: Infinity }), "is not a number");
    failing(own({ all: [] }), "1 to 50");
    failing(own({ all: [{ feature: "grants", atLeast: 1 }], any: [] }), "any: is not a known member");
    failing(own("grants > 3"), "is not an object");
    failing(own({ feature: "grants", above: 3 }, { name: "Ours" }), "name");
    failing(own({ feature: "grants", above: 3 }, { name: "farm" }), "is a built-in rule");
    failing(own({ feature: "grants", above: 3 }, { reason: "{grant} grants" }), '"grant" is no feature');
    failing(own({ feature: "grants", above: 3 }, { reason: "two\nlines" }), "reason");
    failing(own({ feature: "grants", above: 3 }, { verdict: "unsure" }), "verdict");
    const deep = (depth: number): unknown =>
      depth === 0 ? { feature: "grants", above: 3 } : { any: [deep(depth - 1)] };
    configure(own(deep(7)));
    failing(own(deep(8)), "is more than 8 deep");
  });

  it("sybil/heuristics-of-a-community-are-conditions", () => {
    const when = {
      any: [
        {
          all: [
            { feature: "grants", atMost: 2 },
            { feature: "copies", above: 10 },
          ],
        },
        { feature: "stake", known: false },
        { feature: "stamp:Ens", equals: "1" },
      ],
    };
    const reason = "{grants} grants, {copies} copies, a stake of {stake}";
    const [rule] = configure(own(when, { reason })).rules;
    const judge = (figures: Record<string, number>) => rule!.judge((name) => figures[name] ?? NaN);
    expect(rule!.reads).to.have.members(["grants", "copies", "stake", "stamp:Ens"]);
    expect(judge({ grants: 2, copies: 11, stake: 0.5 })).to.equal("2 grants, 11 copies, a stake of 0.50");
    expect(judge({ grants: 2, copies: 10, stake: 0 })).to.equal(undefined);
    expect(judge({ grants: 3, copies: 11, stake: 0 })).to.equal(undefined);
    expect(judge({ grants: 3, copies: 1 })).to.equal("3 grants, 1 copies, a stake of unknown");
    expect(judge({ grants: 3, copies: 1, stake: 0, "stamp:Ens": 1 })).to.be.a("string");
    const comparisons = ["atLeast", "atMost", "above", "below", "equals"] as const;
    const holding = (value: number) =>
      comparisons.filter((name) => {
        const [one] = configure(own({ feature: "grants", [name]: 3 })).rules;
        return one!.judge(() => value) !== undefined;
      });
    expect(holding(2)).to.deep.equal(["atMost", "below"]);
    expect(holding(3)).to.deep.equal(["atLeast", "atMost", "equals"]);
    expect(holding(4)).to.deep.equal(["atLeast", "above"]);
    expect(holding(NaN)).to.deep.equal([]);
  });

  it("sybil/heuristics-can-be-committed-to", () => {
    const hash = (...rules: unknown[]) => heuristicsHash(configure(...rules));
    expect(hash({ rule: "farm" })).to.match(/^0x[0-9a-f]{64}$/);
    // Spelling does not matter: order of members, a number as text, a standard that is written out.
    expect(hash({ members: "5", rule: "farm" })).to.equal(hash({ rule: "farm", signs: 2, strength: "strong" }));
    const providers = (...names: string[]) => hash({ rule: "strong-stamps", providers: names });
    expect(providers("A", "B")).to.equal(providers("B", "A"));
    // Everything that changes a result does.
    const different = [
      hash({ rule: "farm" }),
      hash({ rule: "farm", members: 6 }),
      hash({ rule: "farm", strength: "weak" }),
      hash({ rule: "farm" }, { rule: "staked" }),
      hash({ rule: "staked" }, { rule: "farm" }),
      hash(own({ feature: "grants", above: 3 })),
      hash(own({ feature: "grants", above: 3 }, { reason: "another" })),
      hash(own({ feature: "grants", atLeast: 3 })),
      hash(own({ all: [{ feature: "grants", atLeast: 3 }] })),
      heuristicsHash(
        parseHeuristics({ format: "touchstone-heuristics-v1", signs: { copyGrants: 4 }, rules: [{ rule: "farm" }] }),
      ),
    ];
    expect(new Set(different)).to.have.length(different.length);
    // The document of a configuration is a configuration, with the same hash.
    expect(heuristicsHash(parseHeuristics(heuristicsDocument(DEFAULT_HEURISTICS)))).to.equal(
      heuristicsHash(DEFAULT_HEURISTICS),
    );
    const mixed = configure({ rule: "near-copy", distance: "0.25" }, own({ any: [{ feature: "stake", known: true }] }));
    expect(heuristicsHash(parseHeuristics(heuristicsDocument(mixed)))).to.equal(heuristicsHash(mixed));
  });
});

describe("heuristics over a round", () => {
  const table = tableOf({
    clusterSize: [8, 8, 0, 0, 8, 0],
    clusterSigns: [2, 2, 0, 0, 2, 0],
    stake: [0, 900, 900, 0, NaN, NaN],
    nameMatches: [7, 7, 0, 5, 0, 0],
  });
  const rules = (...names: string[]) => configure(...names.map((rule) => ({ rule }))).rules;

  it("sybil/first-strong-rule-settles", () => {
    const farmFirst = runHeuristics(rules("name-family", "farm", "staked"), table);
    expect(farmFirst.verdicts).to.deep.equal(["sybil", "sybil", "human", undefined, "sybil", undefined]);
    expect(farmFirst.settledBy).to.deep.equal(["farm", "farm", "staked", undefined, "farm", undefined]);
    expect(farmFirst.settledShare).to.equal(4 / 6);
    expect(farmFirst.evidence[1]!.map(({ rule }) => rule)).to.deep.equal(["name-family", "farm", "staked"]);
    expect(farmFirst.evidence[3]!.map(({ rule, strength }) => [rule, strength])).to.deep.equal([
      ["name-family", "weak"],
    ]);
    const stakeFirst = runHeuristics(rules("staked", "farm"), table);
    expect(stakeFirst.verdicts[1]).to.equal("human");
    expect(stakeFirst.rules.map(({ hits, settled, contradicted }) => [hits, settled, contradicted])).to.deep.equal([
      [2, 2, 1],
      [3, 2, 1],
    ]);
  });

  it("sybil/rules-are-measured-on-what-people-said", () => {
    const judged: (Verdict | undefined)[] = ["sybil", "human", "human", "sybil", undefined, undefined];
    const [farm, staked] = runHeuristics(rules("farm", "staked"), table, judged).rules;
    expect(farm!.precision).to.deep.include({ hits: 1, of: 2 });
    expect(farm!.recall).to.deep.include({ hits: 1, of: 2 });
    expect(staked!.precision).to.deep.include({ hits: 2, of: 2 });
    expect(staked!.precision!.low).to.be.within(0.3, 0.4);
    expect(staked!.recall).to.deep.include({ hits: 2, of: 2 });
    expect(runHeuristics(rules("farm"), table).rules[0]).to.deep.include({ precision: undefined, recall: undefined });
  });

  it("judges each account by itself", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5]), (order) => {
        const moved = tableOf(
          Object.fromEntries([...table.columns].map(([name, column]) => [name, order.map((row) => column[row]!)])),
        );
        const all = runHeuristics(DEFAULT_HEURISTICS.rules, table);
        const some = runHeuristics(DEFAULT_HEURISTICS.rules, moved);
        expect(some.evidence).to.deep.equal(order.map((row) => all.evidence[row]));
        expect(some.verdicts).to.deep.equal(order.map((row) => all.verdicts[row]));
      }),
      { numRuns: 20 },
    );
  });
});
