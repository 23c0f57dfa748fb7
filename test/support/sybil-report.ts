import { assessRound } from "../../src/sybil/assess.js";
import { generateRound, tablesOf, type GeneratorSettings } from "../../src/sybil/generate/generate-round.js";
import { parseFarms } from "../../src/sybil/generate/farms/parse-farms.js";
import { collectRound, donationsOf } from "../../src/funding/round.js";
import type { RoundTables } from "../../src/sybil/round/round-tables.js";
import { pseudonymous, type Naming } from "../../src/sybil/report/pseudonyms.js";
import { reportRound, type ReportOptions, type RoundReport } from "../../src/sybil/report/report-round.js";

/** A small generated round whose donors have ids that are found in nothing else. */
export function smallRound(settings: Partial<GeneratorSettings> = {}): RoundTables {
  const made = { seed: 3, donors: 400, projects: 16, labels: 120, farms: parseFarms("funding:30,copy:30,names:20") };
  const tables = tablesOf(generateRound({ ...made, ...settings }));
  const renamed = (donor: string) => `who-is-${donor}-in-life`;
  const { projectNames } = tables.donations;
  const donations = [...donationsOf(tables.donations)].map((donation) => ({
    ...donation,
    donor: renamed(donation.donor),
  }));
  const round = collectRound(donations, projectNames);
  const rows = new Map(tables.donations.donorNames.map((donor, row) => [renamed(donor), row]));
  const order = round.donorNames.map((donor) => rows.get(donor) as number);
  return {
    ...tables,
    donations: round,
    accounts: order.map((row) => ({ ...tables.accounts[row]!, donor: renamed(tables.accounts[row]!.donor) })),
    stamps: order.map((row) => tables.stamps[row]!),
    labels: tables.labels.map((label) => ({ ...label, donor: renamed(label.donor) })),
    vouches: tables.vouches.map((vouch) => ({ ...vouch, staker: renamed(vouch.staker), donor: renamed(vouch.donor) })),
  };
}

export const TEST_SALT: Naming = pseudonymous(Buffer.from("a salt of a test, long enough"));

/** The report of a round in one thread. */
export const reportOf = (tables: RoundTables, options: Partial<ReportOptions> = {}): Promise<RoundReport> =>
  reportRound(tables, assessRound(tables), { naming: TEST_SALT, threads: 1, ...options });
