// The round is over: one report says who is behind the donations, what that costs the projects, and which rules would do better.
import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseVersion } from "../../src/scoring/rules/version-document.js";
import { noProgress } from "../../src/shared/progress.js";
import { writeGeneratedRound } from "../../src/sybil/generate/write-round.js";
import { pseudonymous } from "../../src/sybil/report/pseudonyms.js";
import { runReport } from "../../src/sybil/report/run-report.js";
import { readVerdicts } from "../../src/sybil/verdicts.js";
import type { PassportStage } from "./passport.js";

export interface Findings {
  readonly donors: number;
  readonly inFarms: number;
  readonly found: number;
  readonly people: number;
  /** People who were flagged. */
  readonly wronged: number;
  readonly tax: number;
  readonly report: string;
  /** The proposed version of the scorer, as `scorer version` takes it. */
  readonly version: unknown;
}

const money = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 0 });

/** Writes the round's tables, and a report over them, which never reads who is in which farm. */
export async function analyseRound({ round, donors }: PassportStage, artefacts: string): Promise<Findings> {
  const { narrator } = round;
  const place = path.join(artefacts, "funding-round");
  await writeGeneratedRound(place, donors.generated);
  const out = path.join(artefacts, "sybil-report");
  const started = performance.now();
  const { result, hash } = await runReport({
    ...{ place, out, force: false, naming: pseudonymous(), seed: undefined, priceFactor: undefined },
    progress: noProgress,
  });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const { accounts, gate } = result;
  const what = `${money(result.round.donors)} donors, ${result.round.projects} projects`;
  narrator.step("round manager", `has ${what} analysed`, `${seconds} s`);
  narrator.step("", "report", path.relative(process.cwd(), path.join(out, "report.html")));
  const clusters = accounts.clusters.map(({ size }) => size);
  narrator.step(
    "report",
    `flags ${accounts.flagged.hits} donors; they are in clusters of ${clusters.slice(0, 4).join(", ")}`,
    accounts.matchedToFlagged === null ? "" : `${money(accounts.matchedToFlagged)} of the pool would follow them`,
  );
  for (const { cluster, reasons } of accounts.clusters.slice(0, 3)) {
    narrator.step(`  ${cluster}`, `because: ${accounts.reasons[reasons[0]?.reason ?? ""] ?? ""}`, "");
  }
  const verdicts = await readVerdicts(path.join(out, "private", "accounts.csv"));
  const flagged = donors.generated.donors.map((donor) => verdicts.get(donor)?.flagged === true);
  const among = (wanted: (farm: string | undefined) => boolean) =>
    donors.farms.flatMap((farm, at) => (wanted(farm) ? [flagged[at] === true] : []));
  const inFarms = among((farm) => farm !== undefined);
  const people = among((farm) => farm === undefined);
  const hits = (flags: readonly boolean[]) => flags.filter(Boolean).length;
  narrator.step(
    "inventor of the round",
    `knows better: ${hits(inFarms)} of ${inFarms.length} accounts of farms are found`,
    `${hits(people)} of ${people.length} people are flagged`,
  );
  if (hits(inFarms) * 2 < inFarms.length || hits(people) * 50 > people.length) throw new Error("the analysis fails");
  const standard = result.matching.rules[0];
  if (standard === undefined || gate === null) throw new Error("the round has a pool and a scorer");
  narrator.step(
    "squelched",
    `their influence goes: ${money(standard.movedBySquelching)} of ${money(result.round.pool)} move to other projects`,
    `${standard.taxedProjects} projects are taxed ${money(standard.tax)}`,
  );
  narrator.step(
    "the gate",
    `of ${gate.threshold} points let ${gate.flaggedThatPassed.hits} of ${gate.flaggedThatPassed.count} flagged accounts pass`,
    gate.costPerFraud === null ? "" : `at $${gate.costPerFraud.toFixed(2)} each`,
  );
  const proposal = await readFile(path.join(out, "scorer-version.json"), "utf8");
  return {
    ...{ donors: result.round.donors, inFarms: inFarms.length, found: hits(inFarms) },
    ...{ people: people.length, wronged: hits(people), tax: standard.tax, report: `0x${hash}` },
    version: JSON.parse(proposal) as unknown,
  };
}

/** The owner takes the proposal as a version of its own, and everybody is scored anew. */
export async function retune(
  { round, service, scorerId }: PassportStage,
  { version, report }: Findings,
): Promise<void> {
  const proposal = parseVersion(version);
  if (proposal.reason === undefined || proposal.report !== report) throw new Error("the version names its report");
  const authorship = { author: "the assembly", reason: proposal.reason };
  const scorer = await service.service.addVersion(scorerId, proposal.rules, authorship);
  round.narrator.step("community", `takes the proposed weights: version ${scorer.version} of its scorer`, "");
  round.narrator.step("", "reason in the log", `${proposal.reason.slice(0, 70)}…`);
  const { scored, flipped } = await service.rescorer.run(scorerId, authorship);
  round.narrator.step("passport service", `scores ${money(scored)} passports anew`, `${flipped} verdicts turn`);
}
