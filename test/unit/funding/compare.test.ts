import { expect } from "chai";
import fc from "fast-check";

import { clusterRound } from "../../../src/funding/clusters.js";
import { comparePayouts, type Defences } from "../../../src/funding/compare.js";
import { matchRound, type MatchingRule } from "../../../src/funding/match.js";
import { capPayouts, sharePool } from "../../../src/funding/pool.js";
import { collectRound, weighDonors, weighRows, type Round } from "../../../src/funding/round.js";
import { cocmMatching } from "../../../src/funding/rules/cocm.js";
import { disjointClusterMatching } from "../../../src/funding/rules/disjoint-clusters.js";
import { pairwiseInThreads, THREADS_FROM } from "../../../src/funding/rules/pairwise-threads.js";
import { pairwiseMatching } from "../../../src/funding/rules/pairwise.js";
import { countFlagged, taxProjects } from "../../../src/funding/tax.js";

const DONORS = 8;
const rounds = fc
  .array(
    fc.record({
      donor: fc.integer({ min: 0, max: DONORS - 1 }).map((n) => `d${n}`),
      project: fc.integer({ min: 0, max: 4 }).map((n) => `p${n}`),
      amount: fc.integer({ min: 1, max: 100 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((donations) => collectRound(donations));
/** A value for each donor by name, for rounds in which not all of them gave. */
const perDonor = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: DONORS, maxLength: DONORS });
const rowsOf = <T>(round: Round, values: readonly T[]) =>
  round.donorNames.map((name) => values[Number(name.slice(1))] as T);
const close = (a: ArrayLike<number>, b: ArrayLike<number>, what: string) => {
  expect(a.length, what).to.equal(b.length);
  for (let at = 0; at < a.length; at++)
    expect(a[at], `${what} ${at}`).to.be.closeTo(b[at]!, 1e-9 * (1 + Math.abs(b[at]!)));
};

describe("comparing payouts", () => {
  const weights = perDonor(fc.constantFrom(0, 0.5, 0.75, 1));
  const clusters = perDonor(fc.integer({ min: -1, max: 2 }));

  it("matches pairs under several weightings as one after another", async () => {
    await fc.assert(
      fc.asyncProperty(rounds, weights, weights, fc.integer({ min: 1, max: 30 }), async (round, first, second, m) => {
        const weightings = [first, second].map((given) => Float64Array.from(rowsOf(round, given)));
        const matched = await pairwiseInThreads(round, m, weightings, 1);
        [first, second].forEach((given, at) => {
          const alone = pairwiseMatching(
            weighDonors(round, (name) => given[Number(name.slice(1))]!),
            m,
          );
          close(matched[at]!, alone, "matching");
          close(pairwiseMatching(weighRows(round, weightings[at]!), m), alone, "rows");
        });
      }),
    );
  });

  it("finds in threads what one thread finds, to the last digit", async () => {
    const donations = Array.from({ length: THREADS_FROM }, (_, at) => ({
      donor: `d${at % 1_009}`,
      project: `p${(at * 7_919) % 997}`,
      amount: 1 + (at % 13),
    }));
    const round = collectRound(donations);
    expect(round.amounts.length).to.equal(THREADS_FROM);
    const everybody = [new Float64Array(round.donorNames.length).fill(1)];
    const seen: number[] = [];
    const one = await pairwiseInThreads(round, 25, everybody, 1);
    const two = await pairwiseInThreads(round, 25, everybody, 2, (done) => seen.push(done));
    expect(two).to.deep.equal(one);
    expect(seen).to.deep.equal([1, 2, 3, 4]);
  });

  it("qf/cocm-of-disjoint-clusters", () => {
    fc.assert(
      fc.property(rounds, clusters, (round, given) => {
        const clusterOf = Int32Array.from(rowsOf(round, given));
        const memberships = new Map(
          round.donorNames.map((name, row) => [name, [clusterOf[row] === -1 ? `alone ${name}` : `${clusterOf[row]}`]]),
        );
        const general = cocmMatching(clusterRound(round, memberships), "markov", "harsh");
        close(disjointClusterMatching(round, clusterOf), general, "cluster match");
      }),
    );
  });

  it("qf/with-and-without-each-defence", async () => {
    const inputs = fc.record({
      flags: perDonor(fc.boolean()),
      influence: fc.option(weights, { nil: undefined }),
      clusters,
      cap: fc.constantFrom(0.3, 1),
    });
    await fc.assert(
      fc.asyncProperty(rounds, inputs, async (round, given) => {
        const clusterOf = Int32Array.from(rowsOf(round, given.clusters));
        const flags = rowsOf(round, given.flags);
        const influence = given.influence && Float64Array.from(rowsOf(round, given.influence));
        const settings = { pool: 500, cap: given.cap, tax: { k: 0.5, cap: 0.25 }, m: 25 };
        const defences: Defences = { ...settings, influence, flagged: Uint8Array.from(flags, Number), clusterOf };
        const { rules, donors } = await comparePayouts(round, defences, 1);

        const squelched = new Set(round.donorNames.filter((_, row) => flags[row]));
        const without = weighDonors(round, (name) => (squelched.has(name) ? 0 : 1));
        const counted = countFlagged(round, squelched);
        const memberships = new Map(
          round.donorNames.map((name, row) => [name, [clusterOf[row] === -1 ? `alone ${name}` : `${clusterOf[row]}`]]),
        );
        const references: MatchingRule[] = [
          { kind: "standard" },
          { kind: "pairwise", m: 25 },
          { kind: "donation-profiles" },
          { kind: "cocm", closeness: "markov", discount: "harsh" },
        ];
        const paid = (of: Round, rule: MatchingRule) => {
          const figures = matchRound(of, rule, memberships).map((figure) =>
            Math.max(0, Math.round(figure * 1e9) / 1e9),
          );
          return capPayouts(sharePool(figures, settings.pool), settings.cap);
        };
        references.forEach((reference, at) => {
          const compared = rules[at]!;
          expect(compared.rule).to.equal(reference.kind);
          close(compared.raw, paid(round, reference), "raw");
          close(compared.squelched, paid(without, reference), "squelched");
          if (influence === undefined) expect(compared.weighted).to.equal(undefined);
          else {
            const byName = new Map(round.donorNames.map((name, row) => [name, influence[row]!]));
            close(
              compared.weighted!,
              paid(
                weighDonors(round, (name) => byName.get(name)!),
                reference,
              ),
              "weighted",
            );
          }
          const taxed = taxProjects(
            counted.map((project, p) => ({ ...project, matching: compared.squelched[p]! })),
            settings.tax,
          );
          close(compared.taxed, taxed.payouts, "taxed");
          close(compared.taxes, taxed.taxes, "taxes");
        });
        expect([...donors.flagged]).to.deep.equal(counted.map((project) => project.flagged));
      }),
      { numRuns: 60 },
    );
  });
});
