import { Type, type Static } from "typebox";

import { costPerFraud } from "../../cost/economics.js";
import { crowdSum } from "../coarse.js";
import type { ReportFacts } from "../facts.js";
import { closed, Count, Dollars, Figure, Money, orNull, Share, shareOf } from "./parts.js";

const Cell = closed(
  { accounts: Count, donated: orNull(Money), matched: orNull(Money) },
  "Unless the report names accounts, sums have three digits and are null of fewer than five accounts",
);

export const Gate = closed(
  {
    threshold: Figure,
    flaggedAbove: Cell,
    flaggedBelow: Cell,
    othersAbove: Cell,
    othersBelow: Cell,
    flaggedThatPassed: Share,
    othersThatFailed: Share,
    costPerFraud: orNull(
      Type.Number({ minimum: 0, description: "Mean dollars of the stamps of a flagged account that passed" }),
    ),
    totalFraudCost: orNull(Dollars),
  },
  "How well the passport's threshold did, if the analysis is right",
);
export type Gate = Static<typeof Gate>;

/** Null where the round had no passports. Matched money is what the standard rule pays for donations, before any defence. */
export function gateSection({ scores, flagged, donated, matched, costs, named }: ReportFacts): Gate | null {
  if (scores === undefined) return null;
  const cell = () => ({ accounts: 0, donated: 0, matched: 0 });
  const cells = { flaggedAbove: cell(), flaggedBelow: cell(), othersAbove: cell(), othersBelow: cell() };
  flagged.forEach((flag, row) => {
    const into = cells[`${flag === 1 ? "flagged" : "others"}${scores.passing[row] === 1 ? "Above" : "Below"}`];
    into.accounts += 1;
    into.donated += donated[row] as number;
    into.matched += matched[row] as number;
  });
  const priced = Array.from(flagged, (flag, row) => ({
    flagged: flag === 1,
    passed: scores.passing[row] === 1,
    cost: costs?.all[row] as number,
  }));
  const { flaggedAbove, flaggedBelow, othersAbove, othersBelow } = cells;
  const mean = costs === undefined ? undefined : costPerFraud(priced);
  const perFraud = mean === undefined ? null : crowdSum(named, flaggedAbove.accounts, mean);
  const published = ({ accounts, ...sums }: ReturnType<typeof cell>) => ({
    accounts,
    donated: crowdSum(named, accounts, sums.donated),
    matched: crowdSum(named, accounts, sums.matched),
  });
  return {
    threshold: scores.threshold,
    flaggedAbove: published(flaggedAbove),
    flaggedBelow: published(flaggedBelow),
    othersAbove: published(othersAbove),
    othersBelow: published(othersBelow),
    flaggedThatPassed: shareOf(flaggedAbove.accounts, flaggedAbove.accounts + flaggedBelow.accounts),
    othersThatFailed: shareOf(othersBelow.accounts, othersAbove.accounts + othersBelow.accounts),
    costPerFraud: perFraud,
    totalFraudCost: perFraud === null ? null : perFraud * flaggedAbove.accounts,
  };
}
