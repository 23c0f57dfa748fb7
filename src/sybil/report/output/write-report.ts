import { access, chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Progress } from "../../../shared/progress.js";
import { hashReport, versionDocument } from "../../../scoring/rules/version-document.js";
import { SybilError } from "../../errors.js";
import { writeTable } from "../../tables/write-table.js";
import { tuningReason } from "../../tuning/describe-tuning.js";
import { reportPage } from "../page/page.js";
import { plotsOf } from "../plots/all-plots.js";
import { drawPlot } from "../plots/chart.js";
import type { RoundReport } from "../report-round.js";
import { clusterName } from "../sections/accounts.js";
import { summaryText } from "./summary.js";

const PRIVATE_NOTE = `These files name accounts. They are for whoever runs the round: do not publish them.

squelch.csv   donors whose influence is to be removed, as "qf tax --flagged" reads it
clusters.csv  members of clusters, as "qf match --clusters" reads it
accounts.csv  every donor: how the report calls it, probability, flag, cluster, and the reasons with their figures,
              for reviews and for answers to people who ask why they are flagged
`;

/** The text of result.json, and its SHA-256 in hex: what versions of scorers refer to. */
export function resultText({ result }: Pick<RoundReport, "result">): { readonly text: string; readonly hash: string } {
  const text = `${JSON.stringify(result, null, 1)}\n`;
  return { text, hash: hashReport(text).slice(2) };
}

/** Throws `sybil/output-exists` where something is that a report must not replace. */
export async function refuseExisting(folder: string, force: boolean): Promise<void> {
  if (!(await exists(folder))) return;
  if (force && (await exists(path.join(folder, "result.json")))) return;
  const why = force ? "and is no report: it is not replaced" : "already: --force replaces it";
  throw new SybilError("sybil/output-exists", `${folder} is there ${why}`);
}

const exists = (place: string): Promise<boolean> =>
  access(place).then(
    () => true,
    () => false,
  );

/**
 * Writes a report's folder: beside its place, then moved there, so that a failure leaves nothing that looks whole. Returns the hash of
 * its result. Throws `sybil/output-exists` and `sybil/unwritable`.
 */
export async function writeReport(
  folder: string,
  report: RoundReport,
  { force = false, progress }: { readonly force?: boolean; readonly progress?: Progress } = {},
): Promise<string> {
  await refuseExisting(folder, force);
  const target = path.resolve(folder);
  const beside = `${target}.${process.pid}.new`;
  const replaced = `${target}.${process.pid}.old`;
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await mkdir(beside);
    const hash = await writePublic(beside, report, progress);
    await writePrivate(path.join(beside, "private"), report);
    const replaces = await exists(target);
    if (replaces) await rename(target, replaced);
    await rename(beside, target);
    if (replaces) await rm(replaced, { recursive: true });
    return hash;
  } catch (cause) {
    await rm(beside, { recursive: true, force: true });
    if (cause instanceof SybilError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause; // a fault of ours, not of the file system
    throw new SybilError("sybil/unwritable", `${folder} cannot be written: ${message}`, {}, { cause });
  }
}

async function writePublic(folder: string, report: RoundReport, progress?: Progress): Promise<string> {
  const { result, facts } = report;
  const { text, hash } = resultText(report);
  const plots = plotsOf(result);
  await mkdir(path.join(folder, "plots"));
  for (const [at, plot] of plots.entries()) {
    progress?.update("plots", at, plots.length);
    await writeFile(path.join(folder, "plots", `${plot.id}.svg`), `${drawPlot(plot)}\n`);
    await writeTable(path.join(folder, "plots", `${plot.id}.csv`), plot.columns, plot.rows);
  }
  progress?.update("plots", plots.length, plots.length);
  await writeFile(path.join(folder, "report.html"), reportPage(result, plots, hash));
  await writeFile(path.join(folder, "result.json"), text);
  await writeFile(path.join(folder, "result.sha256"), `${hash}  result.json\n`);
  await writeFile(path.join(folder, "summary.txt"), summaryText(result, hash));
  if (report.tuning?.tuned !== undefined) {
    const { tuning, labels } = report.tuning.tuned;
    const named = `0x${hash}`;
    const version = versionDocument(tuning.rules, tuningReason(tuning, result.round.name, labels, named), named);
    await writeFile(path.join(folder, "scorer-version.json"), `${JSON.stringify(version, null, 2)}\n`);
  }
  await writeTable(path.join(folder, "clusters.csv"), ["donor", "cluster"], clusterRows(report, facts.nameOf));
  return hash;
}

/** A row for each account of a cluster, in the order of their names: that of the donations would say who is who. */
const clusterRows = ({ facts }: RoundReport, nameOf: (row: number) => string): string[][] =>
  facts.assessment.features.clusters.groups.flatMap((donors, at) =>
    donors
      .map(nameOf)
      .sort()
      .map((account) => [account, clusterName(at)]),
  );

async function writePrivate(folder: string, report: RoundReport): Promise<void> {
  const { assessment, tables, nameOf, flagged } = report.facts;
  const donors = tables.donations.donorNames;
  const { of } = assessment.features.clusters;
  await mkdir(folder, { mode: 0o700 });
  const squelched = donors.filter((_, row) => flagged[row] === 1).map((donor) => [donor]);
  await writeTable(path.join(folder, "squelch.csv"), ["donor"], squelched);
  const clusters = clusterRows(report, (row) => donors[row] as string);
  await writeTable(path.join(folder, "clusters.csv"), ["donor", "cluster"], clusters);
  const accounts = donors.map((donor, row) => [
    donor,
    nameOf(row),
    Number.isNaN(assessment.probability[row]) ? "NA" : (assessment.probability[row] as number),
    flagged[row] as number,
    of[row] === -1 ? "NA" : clusterName(of[row] as number),
    (assessment.reasons[row] ?? []).map(({ speaksFor, text }) => `${speaksFor}: ${text}`).join("; "),
  ]);
  const columns = ["donor", "report_name", "probability", "flagged", "cluster", "reasons"];
  await writeTable(path.join(folder, "accounts.csv"), columns, accounts);
  await writeFile(path.join(folder, "README.txt"), PRIVATE_NOTE);
  for (const file of ["squelch.csv", "clusters.csv", "accounts.csv", "README.txt"])
    await chmod(path.join(folder, file), 0o600);
}
