import { Type, type Static } from "typebox";

import { stabilityIndex, type Drift as FeatureDrifts } from "../../drift.js";
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
    features: Type.Array(
      closed({
        feature: Type.String(),
        text: Type.String(),
        index: Figure,
        band: Type.Enum(["stable", "moderate", "large"]),
      }),
      { description: "Population stability index of each feature" },
    ),
    gone: Type.Array(Type.String()),
    added: Type.Array(Type.String()),
  },
  "What changed since the last round",
);
export type Drift = Static<typeof Drift>;

/** From here on a shift is worth a look, by convention. */
const NOTABLE_INDEX = 0.1;

type Compared = Pick<RoundResult, "round" | "accounts" | "gate" | "costs" | "groups" | "heuristics" | "matching">;

/** The measures of two rounds beside each other. A share is notable when its interval and the other's do not meet. */
export function driftSection(
  before: Compared,
  now: Compared,
  drifts: FeatureDrifts | undefined,
  sentences: ReadonlyMap<string, string>,
): Drift {
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
    share(
      `flagged: ${group}`,
      "share of the group",
      ({ groups }) => groups.find((one) => one.group === group)?.flagged,
    );
  }
  for (const { rule, text } of now.heuristics.rules) {
    share(`rule: ${rule}`, text, ({ heuristics }) => heuristics.rules.find((one) => one.rule === rule)?.hits);
  }
  const shift = stabilityIndex(before.accounts.probabilities, now.accounts.probabilities);
  measures.push({
    measure: "distribution of probabilities",
    before: 0,
    now: shift,
    notable: shift >= NOTABLE_INDEX,
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
  return {
    round: before.round.name,
    measures,
    features: (drifts?.features ?? []).map(({ feature, index, band }) => ({
      feature,
      text: sentences.get(feature) ?? feature,
      index,
      band,
    })),
    gone: [...(drifts?.gone ?? [])],
    added: [...(drifts?.added ?? [])],
  };
}
