import { Type, type Static } from "typebox";

import type { Refit } from "../../assess.js";
import type { Share as MeasuredShare } from "../../heuristics/run-heuristics.js";
import type { ReportFacts } from "../facts.js";
import { closed, Count, Figure, finite, orNull, Probability, Share, shareOf } from "./parts.js";

const Towards = Type.Enum(["human", "sybil"]);

export const Heuristics = closed(
  {
    hash: Type.String({ description: "Keccak-256 of the configuration: what could be published before the round" }),
    rules: Type.Array(
      closed({
        rule: Type.String(),
        text: Type.String(),
        towards: Towards,
        strong: Type.Boolean({ description: "It settles an account before the model; otherwise it is evidence" }),
        hits: Share,
        settled: Count,
        contradicted: Type.Integer({ minimum: 0, description: "Hits that a strong rule judges the other way" }),
        precision: orNull(Share),
        recall: orNull(Share),
      }),
    ),
  },
  "Rules of thumb: how many donors each is true of, and how often people agreed",
);
export type Heuristics = Static<typeof Heuristics>;

export const Model = closed(
  {
    labels: Type.Enum(["people", "rules"], { description: "Who said what is a Sybil where the model learnt it" }),
    leftOut: Type.Array(Type.String(), {
      description: "Features that were kept from the model, for its labels came from them",
    }),
    trainedOn: closed({ human: Count, sybil: Count, clusters: Count, folds: Count }),
    penalty: closed({ alpha: Figure, lambda: Figure }),
    intercept: Figure,
    terms: Type.Array(
      closed({
        feature: Type.String(),
        text: Type.String(),
        unknown: Type.Boolean({ description: "The term is that the feature is unknown" }),
        standardised: Type.Number({ description: "Log-odds per standard deviation; above 0 speaks for a Sybil" }),
        coefficient: Figure,
        standardError: orNull(Figure),
        separated: orNull(Type.Enum(["coefficient", "few-holders"])),
      }),
      { description: "Terms that are not 0" },
    ),
    dropped: Type.Integer({ minimum: 0, description: "Terms that the penalty made 0" }),
    quality: closed({ count: Count, logLoss: Figure, brier: Figure, auc: orNull(Figure) }),
    withoutPersonalData: closed(
      {
        leftOut: Type.Array(Type.String(), { description: "Features of names and origins that the model could read" }),
        auc: orNull(Figure),
        lost: orNull(Type.Number({ description: "What the AUC loses; below 0 the model is better without them" })),
      },
      "The same model without names and origins, and without clusters, which are made of them too",
    ),
    calibration: Type.Array(closed({ from: Probability, to: Probability, observed: Share })),
  },
  "The regression behind the probabilities, judged on accounts whose whole cluster was left out",
);
export type Model = Static<typeof Model>;

export const Labels = closed(
  {
    source: Type.Enum(["people", "rules", "none"]),
    human: Count,
    sybil: Count,
    judgements: Count,
    raters: Count,
    compared: Count,
    alpha: orNull(Type.Number({ description: "Krippendorff's: 1 is full agreement, 0 is chance" })),
    modelRefused: orNull(Type.String({ description: "Why there is no model" })),
  },
  "What people said of accounts, and what a model could learn from",
);

export function labelsSection({ assessment, tables }: ReportFacts): Static<typeof Labels> {
  const { labels, agreement, modelRefused } = assessment;
  return {
    source: labels.source,
    human: labels.human,
    sybil: labels.sybil,
    judgements: tables.labels.length,
    raters: agreement.raters,
    compared: agreement.compared,
    alpha: finite(agreement.alpha),
    modelRefused: modelRefused ?? null,
  };
}

export function heuristicsSection({ assessment, meanings }: ReportFacts): Heuristics {
  const { heuristics, heuristicsHash, donors } = assessment;
  const share = (measured: MeasuredShare | undefined) =>
    measured === undefined ? null : shareOf(measured.hits, measured.of);
  const rules = heuristics.rules.map(({ name, verdict, strength, hits, settled, contradicted, precision, recall }) => ({
    rule: name,
    text: meanings.get(name) ?? name,
    towards: verdict,
    strong: strength === "strong",
    hits: shareOf(hits, donors.length),
    settled,
    contradicted,
    precision: share(precision),
    recall: share(recall),
  }));
  return { hash: heuristicsHash, rules: rules.sort((a, b) => b.hits.hits - a.hits.hits || (a.rule < b.rule ? -1 : 1)) };
}

/** Null where no model was fitted; `impersonal` is the one without personal data. */
export function modelSection({ assessment }: ReportFacts, impersonal: Refit): Model | null {
  const { model, labels } = assessment;
  if (model === undefined || labels.source === "none") return null;
  const { quality, trainedOn, penalty } = model;
  const without = impersonal.model?.quality.auc ?? NaN;
  const sentences = new Map(assessment.features.specs.map(({ name, sentence }) => [name, sentence]));
  const kept = model.terms.filter(({ standardised }) => standardised !== 0);
  return {
    labels: labels.source,
    leftOut: [...labels.leftOut],
    trainedOn: { human: trainedOn.human, sybil: trainedOn.sybil, clusters: trainedOn.groups, folds: trainedOn.folds },
    penalty: { alpha: penalty.alpha, lambda: penalty.lambda },
    intercept: model.intercept,
    terms: kept
      .map(({ feature, kind, standardised, coefficient, standardError, separated }) => ({
        feature,
        text: sentences.get(feature) ?? feature,
        unknown: kind === "missing",
        standardised,
        coefficient,
        standardError: finite(standardError),
        separated: separated ?? null,
      }))
      .sort((a, b) => b.standardised - a.standardised || (a.feature < b.feature ? -1 : 1)),
    dropped: model.terms.length - kept.length,
    quality: { count: quality.count, logLoss: quality.logLoss, brier: quality.brier, auc: finite(quality.auc) },
    withoutPersonalData: {
      leftOut: [...impersonal.leftOut],
      auc: finite(without),
      lost: finite(quality.auc - without),
    },
    calibration: quality.calibration.bands.map(({ from, to, count, flagged }) => ({
      from,
      to,
      observed: shareOf(flagged, count),
    })),
  };
}
