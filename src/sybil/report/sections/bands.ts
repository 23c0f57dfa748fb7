import { Type, type Static } from "typebox";

import { calibrate } from "../../calibration.js";
import type { ReportFacts } from "../facts.js";
import { Count, Figure, finite, orNull, Share, shareOf, closed } from "./parts.js";

export const Bands = closed(
  {
    threshold: Figure,
    bands: Type.Array(
      closed(
        { label: Type.String(), from: orNull(Figure), to: Figure, passes: Type.Boolean(), flagged: Share },
        "Passport sums above `from` up to `to`; null is from the beginning",
      ),
    ),
    pearson: orNull(Figure),
    spearman: orNull(Figure),
    rising: Type.Array(Count, { description: "Bands with a share above the next lower one's, beyond both intervals" }),
    inverted: Type.Boolean({ description: "Over all accounts, higher scores go with more flags" }),
    verdict: Type.String(),
  },
  "Passport against analysis: the share of flagged accounts by trust band",
);
export type Bands = Static<typeof Bands>;

/** A rank correlation nearer to 0 is one that hardly shows. */
const WEAK = -0.1;
/** Corners of the bands, as shares of the threshold; nobody's stamps are a band of their own. */
const CORNERS = [0.25, 0.5, 0.75];
const ABOVE = [1.25, 1.5, 2];

/** Null where the round had no passports. */
export function bandsSection({ scores, flagged, named }: ReportFacts): Bands | null {
  if (scores === undefined) return null;
  const { sums, threshold } = scores;
  const grid = (value: number) => Math.round(value * 1e4) / 1e4;
  // A score at the threshold passes, and bands are closed above: the last one that fails ends just below it.
  const below = grid(threshold - 1e-4);
  const highest = sums.reduce((most, sum) => Math.max(most, sum), 0);
  const inner = [
    ...CORNERS.map((share) => grid(share * threshold)),
    below,
    ...ABOVE.map((share) => grid(share * threshold)),
  ];
  const kept = inner.filter((edge, at) => edge > 0 && edge < highest && edge > (inner[at - 1] ?? 0));
  // The highest score would say whose it is.
  const rounded = threshold > 0 ? grid(Math.ceil(highest / threshold) * threshold) : Math.ceil(highest);
  const last = named ? highest : (inner.find((edge) => edge >= highest) ?? Math.max(rounded, highest));
  const edges = [-1, 0, ...kept, ...(highest > 0 ? [last] : [])];
  const observed = Array.from(sums, (score, row) => ({ score, flagged: flagged[row] === 1 }));
  const { bands, pearson, spearman, rising, inverted } = calibrate(observed, edges);
  const short = (value: number) => String(Number(value.toFixed(2)));
  const rows = bands.map(({ from, to, count, flagged: hits }, at) => ({
    label: at === 0 ? "none" : `${short(from)} – ${short(to)}`,
    from: at === 0 ? null : from,
    to,
    passes: to > below,
    flagged: shareOf(hits, count),
  }));
  const upward = rising.map((at) => (rows[at] as (typeof rows)[number]).label);
  return {
    threshold,
    bands: rows,
    pearson: finite(pearson),
    spearman: finite(spearman),
    rising: [...rising],
    inverted,
    verdict: verdictOf(inverted, upward, spearman),
  };
}

function verdictOf(inverted: boolean, rising: readonly string[], spearman: number): string {
  if (inverted) {
    return "The score is inverted: accounts with a higher passport score are flagged more often. Cheap stamps turn its aim round.";
  }
  if (rising.length > 0) {
    const bands = rising.join(", ");
    return `Over all, a higher score goes with fewer flags, but in some bands it turns round: more are flagged at ${bands} than just below.`;
  }
  if (!(spearman < 0)) return "The score says nothing about who is flagged: the share does not fall with it.";
  const how = spearman > WEAK ? ", though hardly" : "";
  return `Accounts with a higher score are flagged less often${how}, and no band is flagged more often than the one below it beyond chance.`;
}
