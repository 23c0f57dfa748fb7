import { expect } from "chai";
import fc from "fast-check";

import { DEFAULT_RULES } from "../../../../src/scoring/rules/default-rules.js";
import { clusterDonors } from "../../../../src/sybil/clusters.js";
import { computeFeatures, DEFAULT_SIGNS } from "../../../../src/sybil/features/compute-features.js";
import { linkDonors, type DonorSigns } from "../../../../src/sybil/features/link-donors.js";
import { chanceOfAtLeast } from "../../../../src/sybil/features/chance.js";
import { nearNames } from "../../../../src/sybil/names/near-names.js";
import { codePoints, levenshtein } from "../../../../src/sybil/names/levenshtein.js";
import { roundOf, type DonorSpec } from "../../../support/sybil-round.js";

const columnsOf = (donors: readonly DonorSpec[], others: Parameters<typeof roundOf>[1] = {}) => {
  const table = computeFeatures(roundOf(donors, others));
  return (name: string) => [...table.columns.get(name)!];
};
const gifts = (...projects: string[]) => Object.fromEntries(projects.map((project) => [project, 1]));

describe("features of a round", () => {
  it("sybil/amount-bands-are-strict-and-cumulative", () => {
    // A total of 1 sets no band, 1.5 the first, 4 those of 1 and 2, 5000 all twelve: sets of 1, 2, 3 and 13 bits around one grant.
    const read = columnsOf([
      { donor: "a", gifts: { p: 1 } },
      { donor: "b", gifts: { p: 1.5 } },
      { donor: "c", gifts: { p: 4 } },
      { donor: "d", gifts: { p: 5_000 } },
      { donor: "e", gifts: { p: 3_000 } },
    ]);
    expect(read("dnaDistance")).to.deep.equal([1 / 2, 1 / 3, 1 / 3, 0, 0]);
    expect(read("dnaHamming")).to.deep.equal([1, 1, 1, 0, 0]);
    expect(read("copies")).to.deep.equal([1, 1, 1, 2, 2]);
    expect(read("grants")).to.deep.equal([1, 1, 1, 1, 1]);
  });

  it("adds donations up in an order of its own", () => {
    // 0.1 + 0.34 + 0.56 is 1; 0.34 + 0.56 + 0.1 is above it, by rounding, and so in another band.
    const orders = [
      { p: 0.1, q: 0.34, r: 0.56 },
      { p: 0.34, q: 0.56, r: 0.1 },
      { p: 0.56, q: 0.1, r: 0.34 },
    ];
    const read = columnsOf(orders.map((own, at) => ({ donor: `d${at}`, gifts: own })));
    expect(read("copies")).to.deep.equal([3, 3, 3]);
  });

  it("counts origins, funders, stamps and ages, and knows what is unknown", () => {
    const read = columnsOf(
      [
        { donor: "a", gifts: gifts("p"), origins: ["x", "y", "y"], funder: "w", days: 10, stamps: ["Google", "Ens"] },
        { donor: "b", gifts: gifts("q"), origins: ["x"], funder: "w", stake: 5, stamps: ["Google"], owner: true },
        { donor: "c", gifts: gifts("r"), origins: ["x", "z", "u"], funder: "v", transactions: 3 },
        { donor: "d", gifts: gifts("s"), origins: ["z"], days: -1 },
        { donor: "e", gifts: gifts("t") },
      ],
      { rules: DEFAULT_RULES },
    );
    expect(read("originsUsed")).to.deep.equal([2, 1, 3, 1, NaN]);
    // z is seen twice: with one other account it is not shared.
    expect(read("originsShared")).to.deep.equal([1, 1, 1, 0, NaN]);
    expect(read("originsRatio")).to.deep.equal([0.5, 1, 0.33, 0, NaN]);
    expect(read("sharedFunder")).to.deep.equal([1, 1, 0, NaN, NaN]);
    // An account that is younger than the round's end has age 0, not less.
    expect(read("accountAge")).to.deep.equal([10, NaN, NaN, 0, NaN]);
    expect(read("stake")).to.deep.equal([NaN, 5, NaN, NaN, NaN]);
    expect(read("transactions")).to.deep.equal([NaN, NaN, 3, NaN, NaN]);
    expect(read("owner")).to.deep.equal([NaN, 1, NaN, NaN, NaN]);
    expect(read("stamps")).to.deep.equal([2, 1, 0, 0, 0]);
    expect(read("stamp:Ens")).to.deep.equal([1, 0, 0, 0, 0]);
    expect(read("passportScore")).to.deep.equal([0.733, 0.525, 0, 0, 0]);
    expect(read("mutualVouches")).to.deep.equal(new Array(5).fill(NaN));
    const none = columnsOf([{ donor: "a", gifts: gifts("p") }]);
    expect([none("stamps"), none("passportScore"), none("dnaDistance")]).to.deep.equal([[NaN], [NaN], [NaN]]);
  });

  it("compares the names that there are", () => {
    const named = ["anna01", undefined, "anna02", "bob", undefined];
    const read = columnsOf(named.map((name, at) => ({ donor: `d${at}`, name, gifts: gifts(`p${at}`) })));
    expect(read("nameDistance")).to.deep.equal([1, NaN, 1, 3, NaN]);
    expect(read("nameMatches")).to.deep.equal([1, NaN, 1, 0, NaN]);
  });

  it("sybil/vouch-rings-are-who-reaches-whom-and-back", () => {
    const ids = ["a", "b", "c", "d", "e", "outside", "beyond"];
    const edges = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const vouches = pairs.map(([staker, donor]) => ({ staker, donor, amount: 1 }));
        const donors = ids.slice(0, 5);
        const read = columnsOf(
          donors.map((donor) => ({ donor, gifts: gifts(donor) })),
          { vouches },
        );
        const direct = (a: string, b: string) => a !== b && pairs.some(([from, to]) => from === a && to === b);
        const reached = (from: string) => {
          const seen = new Set<string>();
          const walk = (at: string): void =>
            ids.forEach((to) => {
              if (!direct(at, to) || seen.has(to)) return;
              seen.add(to);
              walk(to);
            });
          walk(from);
          return seen;
        };
        donors.forEach((donor, row) => {
          expect(read("mutualVouches")[row]).to.equal(ids.filter((o) => direct(donor, o) && direct(o, donor)).length);
          const ring = ids.filter((other) => reached(donor).has(other) && reached(other).has(donor));
          expect(read("vouchRing")[row]).to.equal(ring.length);
        });
      }),
      { numRuns: 200 },
    );
    // A ring of 50,000 is walked without recursion.
    const long = Array.from({ length: 50_000 }, (_, at) => ({
      staker: `v${at}`,
      donor: `v${(at + 1) % 50_000}`,
      amount: 1,
    }));
    expect(columnsOf([{ donor: "v7", gifts: gifts("p") }], { vouches: long })("vouchRing")).to.deep.equal([50_000]);
  });
});

describe("clusters by two of five signs", () => {
  const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
  const signs: fc.Arbitrary<DonorSigns> = fc.record({
    donations: maybe(fc.constantFrom("1", "2")),
    name: maybe(fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""))),
    funder: maybe(fc.constantFrom("f", "g", "h")),
    ring: maybe(fc.constantFrom("r", "s")),
    origins: fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 2 }),
  });
  const shared = (a: DonorSigns, b: DonorSigns): string[] => {
    const same = (["donations", "funder", "ring"] as const).filter(
      (sign) => a[sign] !== undefined && a[sign] === b[sign],
    );
    const near =
      a.name !== undefined &&
      b.name !== undefined &&
      levenshtein(codePoints(a.name), codePoints(b.name), 1) !== undefined;
    const met = a.origins.some((origin) => b.origins.includes(origin));
    return [...same, ...(near ? ["name"] : []), ...(met ? ["origin"] : [])];
  };

  it("sybil/clusters-need-two-signs-of-five", () => {
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 12 }), (donors) => {
        const labels = donors.map((_, row) => row);
        for (let changed = true; changed;) {
          changed = false;
          donors.forEach((a, i) =>
            donors.forEach((b, j) => {
              if (labels[i]! >= labels[j]! || shared(a, b).length < 2) return;
              labels[j] = labels[i]!;
              changed = true;
            }),
          );
        }
        const wanted = donors.map((_, row) => donors.flatMap((_, other) => (labels[other] === row ? [other] : [])));
        const { groups, of, signs: counts } = linkDonors(donors);
        const order = [...groups].sort((a, b) => a[0]! - b[0]!);
        expect(order).to.deep.equal(wanted.filter((group) => group.length > 1));
        donors.forEach((donor, row) => {
          const group = groups[of[row]!];
          expect(group?.includes(row) ?? false).to.equal(of[row] !== -1);
          const kinds = (group ?? []).flatMap((other) => (other === row ? [] : shared(donor, donors[other]!)));
          expect(counts[row]).to.equal(new Set(kinds).size);
        });
      }),
      { numRuns: 500 },
    );
  });

  it("finds the published clusters where only their three signs are known", () => {
    const three = signs.map((donor) => ({
      ...donor,
      donations: donor.donations ?? "0",
      name: donor.name ?? "",
      funder: undefined,
      ring: undefined,
    }));
    fc.assert(
      fc.property(fc.array(three, { maxLength: 12 }), (donors) => {
        const wanted = clusterDonors(
          donors.map(({ donations, name, origins }) => ({ bits: [donations], name, addresses: origins })),
        );
        expect(linkDonors(donors).groups).to.deep.equal(wanted.map((cluster) => cluster.donors));
      }),
      { numRuns: 200 },
    );
  });

  it("sybil/crowds-are-no-sign", () => {
    // Everybody gives to the same three grants, which so says nothing; `alike` of 2,000 have a list of their own, and `funded`
    // come from one exchange, those alike among them or spread as the others are.
    const clusters = (alike: number, funded: number, together: boolean, signs = DEFAULT_SIGNS) => {
      const donors = Array.from({ length: 2_000 }, (_, at): DonorSigns => {
        const own = at < alike;
        const exchange = together ? own || at < funded : at % Math.round(2_000 / funded) === 0;
        return {
          donations: own ? "list" : `own${at}`,
          name: undefined,
          funder: exchange ? "exchange" : `w${at}`,
          ring: "everybody",
          origins: [],
        };
      });
      return linkDonors(donors, signs.chance).groups.map((group) => group.length);
    };
    // A farm of 40 among 300 from the exchange, and a popular list of 200 of whom 30 come from it, as one expects.
    expect(clusters(40, 300, true)).to.deep.equal([40]);
    expect(clusters(200, 300, false)).to.deep.equal([]);
    expect(clusters(200, 300, false, { ...DEFAULT_SIGNS, chance: 1 })).to.not.deep.equal([]);
    const read = (copyGrants: number) =>
      computeFeatures(
        roundOf(
          Array.from({ length: 200 }, (_, at) => ({
            donor: `d${at}`,
            gifts: at < 10 ? gifts("p", "q", "r") : gifts("p", "q", "r", `p${at}`),
            funder: at < 10 ? "farm" : `own${at}`,
          })),
        ),
        { signs: { ...DEFAULT_SIGNS, copyGrants } },
      ).clusters.groups.map((group) => group.length);
    expect(read(3)).to.deep.equal([10]);
    // A list of fewer grants than count as a copy is no sign.
    expect(read(4)).to.deep.equal([]);
  });

  it("sybil/chance-is-the-tail-of-poisson", () => {
    // By summing from 0, where that is precise enough.
    for (const expected of [0.01, 0.5, 3, 20]) {
      let [below, term] = [0, Math.exp(-expected)];
      for (let count = 0; count < 30; count++) {
        expect(chanceOfAtLeast(count, expected)).to.be.closeTo(1 - below, 1e-12);
        below += term;
        term *= expected / (count + 1);
      }
    }
    // The chance of 20 or more where 1 is expected: 1.5e-19 in tables, of which nothing is left in 1 minus the rest.
    const first = Math.exp(-1) / 2_432_902_008_176_640_000;
    expect(chanceOfAtLeast(20, 1)).to.be.within(first, 1.06 * first);
    expect(chanceOfAtLeast(3, 0)).to.equal(0);
  });

  it("sybil/near-names-are-those-of-all-pairs", () => {
    const letters = fc
      .array(fc.constantFrom("a", "b", "c", "é", "🙂"), { maxLength: 7 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 25 }), (rows) => {
        const wanted = rows.map((a) => {
          const others = rows.filter((b) => b !== a).map((b) => levenshtein(codePoints(a), codePoints(b)) as number);
          return others.length === 0 ? NaN : Math.min(3, ...others);
        });
        expect([...nearNames(rows)]).to.deep.equal(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it("sybil/a-little-known-project-is-a-sign", () => {
    // 42 accounts for one project, seven for each wallet; of 400 people everybody has a wallet of their own, and gives elsewhere.
    const popular = (at: number) => gifts(`p${at % 5}`, `p${(at * 7 + 1) % 5}`, `q${at % 40}`);
    const people = Array.from({ length: 400 }, (_, at) => ({
      donor: `d${at}`,
      gifts: popular(at),
      funder: `own${at}`,
    }));
    const farm = Array.from({ length: 42 }, (_, at) => ({
      donor: `f${at}`,
      gifts: { ...popular(at * 3), target: 1 },
      funder: `wallet${Math.floor(at / 7)}`,
    }));
    const { groups } = computeFeatures(roundOf([...people, ...farm])).clusters;
    expect(groups.map((group) => group.length)).to.deep.equal([7, 7, 7, 7, 7, 7]);
    expect(Math.min(...groups.flat())).to.equal(400);
    // An exchange funds half of the people, and everybody gives to one project: both are common, and say nothing.
    const crowd = people.map((donor, at) => ({
      ...donor,
      gifts: { ...donor.gifts, everybodys: 1 },
      funder: at % 2 === 0 ? "exchange" : donor.funder,
    }));
    expect(computeFeatures(roundOf(crowd)).clusters.groups).to.deep.equal([]);
  });

  it("sybil/equal-donations-and-their-projects-are-one-sign", () => {
    const copies = Array.from({ length: 30 }, (_, at) => ({
      donor: `c${at}`,
      gifts: gifts("x", "y", "z"),
      funder: `w${at}`,
    }));
    const others = Array.from({ length: 300 }, (_, at) => ({
      donor: `d${at}`,
      gifts: gifts(`p${at % 30}`),
      funder: `o${at}`,
    }));
    expect(computeFeatures(roundOf([...copies, ...others])).clusters.groups).to.deep.equal([]);
  });
});
