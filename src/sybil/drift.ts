// Whether this round's accounts are like those of the last one. A model that was judged on one population says little about
// another: drift is a reason to label again, and no sign of fraud by itself.
import { DocumentReader } from "../shared/document.js";
import type { SybilErrorCode } from "./errors.js";
import type { FeatureTable } from "./features/feature-table.js";

export const SUMMARY_FORMAT = "touchstone-round-summary-v1";

/** How the values of one feature are spread. */
export interface FeatureSummary {
  /** Values up to and including `edges[0]`, up to `edges[1]`, ..., and above the last. */
  readonly edges: readonly number[];
  /** Accounts in each of the bins, one more than edges. */
  readonly counts: readonly number[];
  readonly unknown: number;
}

/** What the next round needs to know of this one. */
export interface RoundSummary {
  readonly format: typeof SUMMARY_FORMAT;
  readonly donors: number;
  readonly flagged: number;
  readonly features: Readonly<Record<string, FeatureSummary>>;
}

const BINS = 10;

/** Bins of about equal numbers of accounts; a value that many share is a bin of its own. */
export function summariseRound(table: FeatureTable, flagged: number): RoundSummary {
  const features = Object.fromEntries(
    [...table.columns].map(([name, column]): [string, FeatureSummary] => {
      const known = column.filter((value) => !Number.isNaN(value)).sort();
      const edges = new Set<number>();
      for (let bin = 1; bin < BINS && known.length > 0; bin++) {
        edges.add(known[Math.ceil((bin * known.length) / BINS) - 1] as number);
      }
      edges.delete(known.at(-1) as number); // nothing is above it
      const ascending = [...edges].sort((a, b) => a - b);
      return [name, { edges: ascending, ...countBins(column, ascending) }];
    }),
  );
  return { format: SUMMARY_FORMAT, donors: table.rows, flagged, features };
}

function countBins(column: Float64Array, edges: readonly number[]): Omit<FeatureSummary, "edges"> {
  const counts = new Array<number>(edges.length + 1).fill(0);
  let unknown = 0;
  for (const value of column) {
    if (Number.isNaN(value)) {
      unknown += 1;
      continue;
    }
    const bin = edges.findIndex((edge) => value <= edge);
    counts[bin === -1 ? edges.length : bin]! += 1;
  }
  return { counts, unknown };
}

/** Bands in use for the index: below 0.1 nothing to see, from 0.25 on another population. */
export type DriftBand = "stable" | "moderate" | "large";

export interface FeatureDrift {
  readonly feature: string;
  readonly index: number;
  readonly band: DriftBand;
}

export interface Drift {
  /** The largest first. */
  readonly features: readonly FeatureDrift[];
  /** Features of one of the two rounds only. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
  readonly flaggedShare: { readonly before: number; readonly now: number };
}

/** Compares a round with the summary of the one before it, over that one's bins. */
export function measureDrift(table: FeatureTable, flagged: number, before: RoundSummary): Drift {
  const known = Object.keys(before.features);
  const features = known.flatMap((feature): FeatureDrift[] => {
    const column = table.columns.get(feature);
    if (column === undefined) return [];
    const then = before.features[feature] as FeatureSummary;
    const now = countBins(column, then.edges);
    const index = stabilityIndex([...then.counts, then.unknown], [...now.counts, now.unknown]);
    return [{ feature, index, band: index < 0.1 ? "stable" : index < 0.25 ? "moderate" : "large" }];
  });
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    features: features.sort((a, b) => b.index - a.index || (a.feature < b.feature ? -1 : 1)),
    gone: known.filter((feature) => !table.columns.has(feature)),
    added: [...table.columns.keys()].filter((feature) => before.features[feature] === undefined),
    flaggedShare: { before: share(before.flagged, before.donors), now: share(flagged, table.rows) },
  };
}

/**
 * The population stability index: the sum over bins of (q - p) log(q / p) with p and q the shares before and now (the symmetrised
 * divergence of Kullback and Leibler). Half an account is added to each bin, so that an empty one is rare and not impossible; bins
 * empty in both rounds are left out.
 */
export function stabilityIndex(before: readonly number[], now: readonly number[]): number {
  const bins = [...before.keys()].filter((bin) => before[bin] !== 0 || now[bin] !== 0);
  const total = (counts: readonly number[]) => bins.reduce((sum, bin) => sum + (counts[bin] as number) + 0.5, 0);
  const [allBefore, allNow] = [total(before), total(now)];
  return bins.reduce((sum, bin) => {
    const p = ((before[bin] as number) + 0.5) / allBefore;
    const q = ((now[bin] as number) + 0.5) / allNow;
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}

const reader = new DocumentReader<SybilErrorCode>("sybil/bad-summary");

/** Reads a summary as a result carries it. Throws `sybil/bad-summary`. */
export function parseRoundSummary(value: unknown, path = "summary"): RoundSummary {
  const object = reader.object(value, path, ["format", "donors", "flagged", "features"]);
  reader.literal(object.format, `${path}.format`, SUMMARY_FORMAT);
  const features = Object.entries(reader.record(object.features, `${path}.features`)).map(([name, feature]) => {
    return [name, parseFeature(feature, `${path}.features.${name}`)] as const;
  });
  return {
    format: SUMMARY_FORMAT,
    donors: reader.integer(object.donors, `${path}.donors`),
    flagged: reader.integer(object.flagged, `${path}.flagged`),
    features: Object.fromEntries(features),
  };
}

function parseFeature(value: unknown, path: string): FeatureSummary {
  const object = reader.object(value, path, ["edges", "counts", "unknown"]);
  const edges = reader.array(object.edges, `${path}.edges`).map((edge, at, all) => {
    const rises = typeof edge === "number" && Number.isFinite(edge) && (at === 0 || edge > (all[at - 1] as number));
    if (!rises) reader.fail(`${path}.edges[${at}]`, "is not a number above the one before it");
    return edge as number;
  });
  const counts = reader.array(object.counts, `${path}.counts`).map((count, at) => {
    return reader.integer(count, `${path}.counts[${at}]`);
  });
  if (counts.length !== edges.length + 1) reader.fail(`${path}.counts`, "must be one more than the edges");
  return { edges, counts, unknown: reader.integer(object.unknown, `${path}.unknown`) };
}
