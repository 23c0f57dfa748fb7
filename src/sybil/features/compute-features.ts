import { byDonor } from "../../funding/round.js";
import { compileRules } from "../../scoring/rules/compile.js";
import { POINT } from "../../scoring/rules/points.js";
import { PassportScorer } from "../../scoring/rules/score.js";
import { distancesOf } from "../dna/donor-dna.js";
import { indexFingerprints, type FingerprintIndex } from "../dna/fingerprints.js";
import { findNearest, type Metric } from "../dna/nearest.js";
import { countNameMatches } from "../names/name-features.js";
import { nearNames } from "../names/near-names.js";
import type { RoundTables } from "../round/round-tables.js";
import { FEATURES, stampFeatures } from "./catalogue.js";
import { donationDna, type DonationDna } from "./donation-dna.js";
import { STAMP_PREFIX, type FeatureSpec, type FeatureTable } from "./feature-table.js";
import { linkDonors, type DonorSigns } from "./link-donors.js";
import { originFeatures } from "./origins.js";
import { vouchFeatures, type VouchFeatures } from "./vouches.js";

/** When a sign counts as one. */
export interface SignSettings {
  /** Equal donations are a sign from as many grants on: a popular list of two is given by everybody. */
  readonly copyGrants: number;
  /** Names are compared from as many characters on: all short names are near each other. */
  readonly nameLength: number;
  /** Two signs connect donors where chance gives as many donors with both less often than this; 1 asks for nothing. */
  readonly chance: number;
}

export const DEFAULT_SIGNS: SignSettings = { copyGrants: 3, nameLength: 4, chance: 1e-4 };
const DAY = 86_400;

/** Nearest distances that were computed elsewhere: in threads, or by workers. */
export type NearestByMetric = Readonly<Record<Metric, Float64Array>>;

export interface FeatureOptions {
  readonly signs?: SignSettings;
  readonly nearest?: NearestByMetric;
}

/**
 * All features of a round (sybil.md, 2.1 to 2.4), a row for each donor in the order of `tables.donations.donorNames`. Neither the
 * order of donors and projects nor their ids change a figure. Exact; names three and more
 * edits apart are alike (see {@link nearNames}).
 */
export function computeFeatures(tables: RoundTables, options: FeatureOptions = {}): FeatureTable {
  const { accounts, settings, donations } = tables;
  const rows = donations.donorNames.length;
  const dna = donationDna(donations);
  const index = indexFingerprints(dna);
  const nearest = options.nearest ?? {
    jaccard: distancesOf(index, "jaccard", findNearest(index, "jaccard")),
    hamming: distancesOf(index, "hamming", findNearest(index, "hamming")),
  };
  const vouches = vouchFeatures(donations.donorNames, tables.vouches);
  const origins = originFeatures(accounts);
  const signs = options.signs ?? DEFAULT_SIGNS;
  const clusters = linkDonors(signsOf(tables, dna, index, vouches, signs), signs.chance);
  const funders = countBy(accounts.map(({ funder }) => funder));
  const known = (value: number | undefined) => value ?? NaN;
  const of = (value: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => value(row));
  const own = (value: (account: RoundTables["accounts"][number]) => number) => Float64Array.from(accounts, value);
  const asked = tables.vouches.length > 0;
  const base: Readonly<Record<string, Float64Array>> = {
    dnaDistance: nearest.jaccard,
    dnaHamming: nearest.hamming,
    grants: Float64Array.from(dna.grants),
    copies: of((row) => index.copies[index.distinct[row] as number] as number),
    ...nameColumns(accounts.map(({ name }) => name)),
    originsUsed: origins.used,
    originsShared: origins.shared,
    originsRatio: origins.ratio,
    stake: own(({ stake }) => known(stake)),
    accountAge: own(({ created }) => Math.max(0, (settings.closedAt - known(created)) / DAY)),
    transactions: own(({ transactions }) => known(transactions)),
    sharedFunder: own(({ funder }) => (funder === undefined ? NaN : (funders.get(funder) as number) - 1)),
    mutualVouches: asked ? vouches.mutual : of(() => NaN),
    vouchRing: asked ? vouches.ringSizes : of(() => NaN),
    clusterSize: of((row) => clusters.groups[clusters.of[row] as number]?.length ?? 0),
    clusterSigns: Float64Array.from(clusters.signs),
    owner: own(({ owner }) => (owner === undefined ? NaN : Number(owner))),
  };
  const stamps = stampColumns(tables);
  const specs: FeatureSpec[] = [...FEATURES, ...stamps.specs];
  const columns = new Map(specs.map(({ name }) => [name, (base[name] ?? stamps.columns.get(name)) as Float64Array]));
  return { rows, specs, columns, clusters };
}

function nameColumns(names: readonly (string | undefined)[]) {
  const known = names.flatMap((name, row) => (name === undefined ? [] : [{ name, row }]));
  const nameDistance = new Float64Array(names.length).fill(NaN);
  const nameMatches = new Float64Array(names.length).fill(NaN);
  const rows = known.map(({ name }) => name);
  const [distances, matches] = [nearNames(rows), countNameMatches(rows)];
  known.forEach(({ row }, at) => {
    nameDistance[row] = distances[at] as number;
    nameMatches[row] = matches[at] as number;
  });
  return { nameDistance, nameMatches };
}

/** Stamps, their number and the score; all unknown where no donor has one: then nobody read passports. */
function stampColumns({ stamps, rules, settings }: RoundTables) {
  const providers = [...new Set(stamps.flatMap((held) => [...held]))].sort();
  const specs = stampFeatures(providers);
  const columns = new Map<string, Float64Array>();
  const unknown = providers.length === 0;
  columns.set(
    "stamps",
    Float64Array.from(stamps, ({ size }) => (unknown ? NaN : size)),
  );
  const scorer = rules === undefined ? undefined : new PassportScorer(compileRules(rules));
  const score = (held: ReadonlySet<string>): number => {
    if (scorer === undefined || unknown) return NaN;
    // Which stamps are valid has been settled when the tables were read: none ends before the round does.
    const valid = [...held].map((provider) => ({ provider, digest: provider, expiresAt: settings.closedAt + 1 }));
    return scorer.score(valid, settings.closedAt).sum / POINT;
  };
  columns.set("passportScore", Float64Array.from(stamps, score));
  for (const provider of providers) {
    columns.set(
      `${STAMP_PREFIX}${provider}`,
      Float64Array.from(stamps, (held) => Number(held.has(provider))),
    );
  }
  return { specs, columns };
}

function signsOf(
  { accounts, donations }: RoundTables,
  { grants }: DonationDna,
  { distinct }: FingerprintIndex,
  { rings }: VouchFeatures,
  { copyGrants, nameLength }: SignSettings,
): DonorSigns[] {
  const given = byDonor(donations);
  const projectsOf = (row: number) =>
    Array.from(given.projects.subarray(given.starts[row], given.starts[row + 1]), String);
  return accounts.map(({ name, funder, origins }, row): DonorSigns => ({
    donations: (grants[row] as number) >= copyGrants ? String(distinct[row]) : undefined,
    name: name !== undefined && [...name].length >= nameLength ? name : undefined,
    funder,
    ring: rings[row] !== -1 ? String(rings[row]) : undefined,
    origins,
    projects: projectsOf(row),
  }));
}

function countBy(ids: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
