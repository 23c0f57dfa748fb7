import { Type, type Static } from "typebox";

import { COMPARED_RULES, type ComparedPayouts } from "../../../funding/compare.js";
import { LEAST_CROWD, sumFor } from "../coarse.js";
import type { ReportFacts } from "../facts.js";
import { closed, Count, Figure, Money, orNull } from "./parts.js";

const Rule = Type.Enum([...COMPARED_RULES]);

/** Payouts of one project under one rule. */
const Payouts = closed({
  raw: Money,
  weighted: orNull(Money),
  squelched: Money,
  tax: orNull(Money),
  taxed: Money,
});

export const Matching = closed(
  {
    m: Type.Number({ description: "Constant of the pairwise rule" }),
    rules: Type.Array(
      closed({
        rule: Rule,
        movedByWeighting: orNull(Money),
        movedBySquelching: Money,
        tax: Money,
        taxedProjects: Count,
        toNextPool: Money,
      }),
      { description: "Moved = the sum of what projects lose by a defence, which is what others gain" },
    ),
    projects: Type.Array(
      closed({
        project: Type.String(),
        donors: Count,
        donated: Money,
        flaggedDonors: orNull(
          Type.Integer({
            minimum: 0,
            description:
              "Flagged donors whose removal lowers the matching. Unless the report names accounts, null (and so is the tax) below five",
          }),
        ),
        payouts: Type.Record(Type.String(), Payouts, { description: "By rule" }),
        costs: closed(
          { weighting: orNull(Figure), squelching: Figure, tax: Figure },
          "What each defence costs (above 0) or brings (below 0) the project under the standard rule",
        ),
      }),
    ),
  },
  "The pool with and without each defence: raw, weighted by passport, squelched, and squelched and taxed",
);
export type Matching = Static<typeof Matching>;

/** Projects are in the order of what they get at first, the largest first. */
export function matchingSection({ tables, payouts, projectDonors, named }: ReportFacts, m: number): Matching {
  const { projectNames, starts, amounts } = tables.donations;
  const [standard] = payouts as [ComparedPayouts, ...ComparedPayouts[]];
  const sum = (value: number) => sumFor(named, value);
  const projects = projectNames.map((project, p) => {
    const own = amounts.subarray(starts[p], starts[p + 1]);
    const at = (values: Float64Array) => sum(values[p] as number);
    const flaggedDonors = projectDonors.flagged[p] as number;
    // The tax is at most what flagged donors gave: of one of them it could be the very sum.
    const few = !named && flaggedDonors < LEAST_CROWD;
    const byRule = payouts.map(({ rule, raw, weighted, squelched, taxes, taxed }) => [
      rule,
      {
        raw: at(raw),
        weighted: weighted === undefined ? null : at(weighted),
        squelched: at(squelched),
        tax: few ? null : at(taxes),
        taxed: at(taxed),
      },
    ]);
    return {
      project,
      donors: own.length,
      donated: own.reduce((total, amount) => total + amount, 0),
      flaggedDonors: few ? null : flaggedDonors,
      payouts: Object.fromEntries(byRule) as Matching["projects"][number]["payouts"],
      costs: {
        weighting: standard.weighted === undefined ? null : at(standard.raw) - at(standard.weighted),
        squelching: at(standard.raw) - at(standard.squelched),
        tax: at(standard.squelched) - at(standard.taxed),
      },
    };
  });
  const paid = (project: (typeof projects)[number]) => project.payouts.standard?.raw ?? 0;
  return {
    m,
    rules: payouts.map(({ rule, raw, weighted, squelched, taxes, toNextPool }) => ({
      rule,
      movedByWeighting: weighted === undefined ? null : sum(moved(raw, weighted)),
      movedBySquelching: sum(moved(raw, squelched)),
      tax: sum(taxes.reduce((total, tax) => total + tax, 0)),
      taxedProjects: taxes.filter((tax) => tax > 0).length,
      toNextPool: sum(toNextPool),
    })),
    projects: projects.sort((a, b) => paid(b) - paid(a) || (a.project < b.project ? -1 : 1)),
  };
}

const moved = (before: Float64Array, after: Float64Array): number =>
  before.reduce((sum, payout, p) => sum + Math.max(0, payout - (after[p] as number)), 0);
