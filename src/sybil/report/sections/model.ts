import { Type, type Static } from "typebox";

import type { RoundVerdicts } from "../verdicts.js";
import { closed, Count, Figure, finite, orNull, Probability, Share, shareOf } from "./parts.js";

export const Heuristics = Type.Array(
  closed({
    rule: Type.String(),
    text: Type.String(),
    towards: Type.Union([Type.Literal("human"), Type.Literal("sybil")]),
    strong: Type.Boolean({ description: "It settles an account before the model; otherwise it is evidence" }),
    hits: Share,
  }),
  { description: "Rules of thumb, and how many donors each is true of" },
);
export type Heuristics = Static<typeof Heuristics>;

export const Model = closed(
  {
    basis: Type.String(),
    humans: Count,
    sybils: Count,
    coefficients: Type.Array(
      closed({
        feature: Type.String(),
        text: Type.String(),
        value: Type.Number({ description: "Log-odds per standard deviation of the feature; above 0 speaks for a Sybil" }),
        error: orNull(Figure),
        separated: Type.Boolean(),
      }),
    ),
    calibration: Type.Array(
      closed({ from: Probability, to: Probability, predicted: orNull(Probability), observed: Share }),
    ),
    brier: orNull(Figure),
    auc: orNull(Figure),
    notices: Type.Array(Type.String()),
  },
  "The regression behind the probabilities",
);
export type Model = Static<typeof Model>;

export const Labels = closed(
  { labelled: Count, raters: Count, agreement: orNull(Figure) },
  "What people said of accounts; agreement is beyond chance",
);

export function heuristicsSection({ heuristics, donors }: RoundVerdicts): Heuristics {
  return heuristics
    .map(({ rule, text, towards, strong, hits }) => ({ rule, text, towards, strong, hits: shareOf(hits, donors.length) }))
    .sort((a, b) => b.hits.hits - a.hits.hits || (a.rule < b.rule ? -1 : 1));
}

/** Null where no model was fitted. */
export function modelSection({ model }: RoundVerdicts): Model | null {
  if (model === undefined) return null;
  const { basis, humans, sybils, coefficients, calibration, brier, auc, notices } = model;
  return {
    basis,
    humans,
    sybils,
    coefficients: coefficients
      .map(({ feature, text, value, error, separated }) => ({ feature, text, value, error: finite(error), separated }))
      .sort((a, b) => b.value - a.value || (a.feature < b.feature ? -1 : 1)),
    calibration: calibration.map(({ from, to, count, predicted, sybils: hits }) => ({
      from,
      to,
      predicted: count === 0 ? null : predicted,
      observed: shareOf(hits, count),
    })),
    brier: finite(brier),
    auc: finite(auc),
    notices: [...notices],
  };
}
