// A tuning in words and as a document.
import { canonicalPoints, type Points } from "../../scoring/rules/points.js";
import { rulesHash } from "../../scoring/rules/scorer-rules.js";
import { LONGEST_REASON } from "../../scoring/rules/version-document.js";
import type { PassCost } from "./pass-costs.js";
import { describeShare } from "./curve/shares.js";
import type { TradeOffPoint } from "./curve/trade-off.js";
import type { Tuning } from "./tune-weights.js";

export const TUNING_FORMAT = "touchstone-tuning-v1";

/** Where the classes came from: people's labels, rules, or both. */
export type LabelOrigin = "people" | "rules";

const dollars = (cost: PassCost | undefined) => (cost === undefined ? "unknown" : `$${cost.cost.toFixed(2)}`);

/** Why the version is proposed, in the length that a scorer takes; the report's hash at its end is never cut off. */
export function tuningReason(tuning: Tuning, round: string, origin: LabelOrigin, report: string | undefined): string {
  const { after, before, outOfSample, subjects, passCost } = tuning;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const text = [
    `Tuned on ${round}: ${subjects.people} people and ${subjects.sybils} Sybils by ${origin}.`,
    `At ${canonicalPoints(after.threshold)} points pass ${describeShare(after.people)} of people`,
    `and ${describeShare(after.sybils)} of Sybils (before: ${percent(before.people.share)} and ${percent(before.sybils.share)};`,
    `out of sample: ${percent(outOfSample.people.share)} and ${percent(outOfSample.sybils.share)}).`,
    `Cheapest pass ${dollars(passCost.before)} before, ${dollars(passCost.after)} after.`,
  ].join(" ");
  const end = report === undefined ? "" : ` Report ${report}`;
  const room = LONGEST_REASON - end.length;
  return `${text.length > room ? `${text.slice(0, room - 1)}…` : text}${end}`;
}

/** The tuning as lines for a terminal. */
export function describeTuning(tuning: Tuning): string[] {
  const { before, after, thresholdAlone, outOfSample, passCost, flips, stamps, pairs } = tuning;
  const line = (what: string, { people, sybils }: Pick<TradeOffPoint, "people" | "sybils">) =>
    `  ${what.padEnd(24)} ${describeShare(people)} of people, ${describeShare(sybils)} of Sybils`;
  const count = (origin: string) => stamps.filter((stamp) => stamp.origin === origin).length;
  return [
    `${tuning.subjects.people} people and ${tuning.subjects.sybils} Sybils; ${tuning.method}`,
    "Who passes (with intervals of 95 %):",
    line("before", before),
    ...(thresholdAlone === undefined ? [] : [line("old weights, other bar", thresholdAlone)]),
    line("after", after),
    line(`out of sample (${outOfSample.folds} folds)`, outOfSample),
    `Cheapest pass: ${dollars(passCost.before)} before, ${dollars(passCost.after)} after`,
    `Verdicts that turn: of people ${flips.people.gained.length} pass newly and ${flips.people.lost.length} no more, of Sybils ${flips.sybils.gained.length} and ${flips.sybils.lost.length}`,
    `Weights: ${count("fitted")} from evidence, ${count("negative")} of negative evidence are 0, ${count("few") + count("separated")} could not be judged and keep theirs`,
    ...pairs.slice(0, 3).map(({ stamps: pair, people, sybils }) => {
      return `  ${pair.join(" with ")}: ${describeShare(people)} of people, ${describeShare(sybils)} of Sybils`;
    }),
  ];
}

const points = (value: Points) => canonicalPoints(value);

/** The tuning as a JSON document. Donors whose verdict turns are counted, and named only where the caller wants it. */
export function tuningDocument(tuning: Tuning, round: string, origin: LabelOrigin, naming: boolean) {
  const { flips, passCost } = tuning;
  const cost = (found: PassCost | undefined) => found ?? null;
  const turned = ({ before, after, gained, lost }: (typeof flips)["people"]) => ({
    before,
    after,
    gained: naming ? gained : gained.length,
    lost: naming ? lost : lost.length,
  });
  const point = ({ threshold, ...shares }: TradeOffPoint) => ({ threshold: points(threshold), ...shares });
  return {
    format: TUNING_FORMAT,
    round,
    labels: origin,
    caveat: "Classes come from an analysis and its reviewers: they are opinions, not the truth.",
    goal: tuning.goal,
    leastCost: tuning.leastCost,
    subjects: tuning.subjects,
    method: tuning.method,
    rulesHash: rulesHash(tuning.rules),
    before: point(tuning.before),
    thresholdAlone: tuning.thresholdAlone === undefined ? null : point(tuning.thresholdAlone),
    after: point(tuning.after),
    outOfSample: tuning.outOfSample,
    passCost: { before: cost(passCost.before), after: cost(passCost.after) },
    flips: { people: turned(flips.people), sybils: turned(flips.sybils) },
    stamps: tuning.stamps.map(({ before, after, coefficient, standardError, ...stamp }) => ({
      ...stamp,
      coefficient: coefficient ?? null,
      standardError: standardError ?? null,
      before: points(before),
      after: points(after),
    })),
    pairs: tuning.pairs,
  };
}
