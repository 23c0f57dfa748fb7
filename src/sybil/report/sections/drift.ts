import { Type, type Static } from "typebox";

import type { RoundResult } from "../result.js";
import { closed, Figure, orNull } from "./parts.js";

export const Drift = closed(
  {
    round: Type.String({ description: "The last round's name" }),
    measures: Type.Array(
      closed({
        measure: Type.String(),
        before: orNull(Figure),
        now: orNull(Figure),
        notable: Type.Boolean(),
        meaning: Type.String(),
      }),
    ),
  },
  "What changed since the last round",
);
export type Drift = Static<typeof Drift>;

/** From here on the population stability index is taken for a shift worth a look (0.1), by convention. */
const NOTABLE_PSI = 0.1;
/** Stands in for an empty bin. */
const FLOOR = 1e-4;

/** Population stability index of two histograms: Σ (now − before) · ln(now / before) over the shares of their bins. */
export function stabilityIndex(before: readonly number[], now: readonly number[]): number {
  const sharesOf = (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => Math.max(FLOOR, total === 0 ? 0 : count / total));
  };
  const [first, second] = [sharesOf(before), sharesOf(now)];
  return first.reduce((sum, share, bin) => {
    const other = second[bin] as number;
    return sum + (other - share) * Math.log(other / share);
  }, 0);
}

type Compared = Pick<RoundResult, "round" | "accounts" | "gate" | "costs" | "groups" | "heuristics" | "matching">;

/** The measures of two rounds beside each other. A share is notable when its interval and the other's do not meet. */
export function driftSection(before: Compared, now: Compared): Drift {
  const measures: Drift["measures"] = [];
  const share = (
    measure: string,
    meaning: string,
    of: (result: Compared) => { share: number | null; low: number; high: number } | undefined,
  ) => {
    const [first, second] = [of(before), of(now)];
    if (first === undefined && second === undefined) return;
    const apart = first !== undefined && second !== undefined && (first.low > second.high || second.low > first.high);
    measures.push({ measure, before: first?.share ?? null, now: second?.share ?? null, notable: apart, meaning });
  };
  share("flagged accounts", "share of all donors", ({ accounts }) => accounts.flagged);
  share("flagged accounts that passed the gate", "share of flagged accounts", ({ gate }) => gate?.flaggedThatPassed);
  share("others that failed the gate", "share of accounts that are not flagged", ({ gate }) => gate?.othersThatFailed);
  for (const { group } of now.groups.slice(1)) {
    share(`flagged: ${group}`, "share of the group", ({ groups }) => groups.find((one) => one.group === group)?.flagged);
  }
  for (const { rule, text } of now.heuristics) {
    share(`rule: ${rule}`, text, ({ heuristics }) => heuristics.find((one) => one.rule === rule)?.hits);
  }
  const shift = stabilityIndex(before.accounts.probabilities, now.accounts.probabilities);
  measures.push({
    measure: "distribution of probabilities",
    before: 0,
    now: shift,
    notable: shift >= NOTABLE_PSI,
    meaning: "population stability index; 0 is no change, 0.1 a shift, 0.25 a large one",
  });
  const costs = [before, now].map(({ costs: of }) => of?.cheapestPass?.cost ?? null);
  const [was, is] = costs as [number | null, number | null];
  measures.push({
    measure: "cheapest pass, dollars",
    before: was,
    now: is,
    notable: was !== null && is !== null && is < was,
    meaning: "should rise from round to round",
  });
  return { round: before.round.name, measures };
}
