import { RULE_NAMES } from "../plots/costs.js";
import { count, day, dollars, money, plural, sum, withInterval } from "../page/words.js";
import type { RoundResult } from "../result.js";

/** The report in a few lines of text. */
export function summaryText(result: RoundResult, hash: string): string {
  const { round, accounts, bands, gate, costs, matching, drift, model } = result;
  const lines = [
    `${round.name}, closed on ${day(round.closedAt)}: ${plural(round.donors, "donor")}, ${plural(round.projects, "project")}, ${money(round.donated)} given, a pool of ${money(round.pool)}`,
    "",
    `Flagged: ${plural(accounts.flagged.hits, "account")}, ${withInterval(accounts.flagged)} of donors: ${count(accounts.flagged.hits - accounts.alone.length)} in ${plural(accounts.clusters.length, "cluster")}, ${count(accounts.alone.length)} alone`,
    `Undefended, ${sum(accounts.matchedToFlagged)} of the pool would follow their donations`,
    model === null
      ? "No model: rules alone decided"
      : `Model: AUC ${model.quality.auc?.toFixed(3) ?? "unknown"}, Brier score ${model.quality.brier.toFixed(3)}, on clusters left out`,
  ];
  if (bands !== null) lines.push(`Passport: ${bands.verdict}`);
  if (gate !== null) {
    const cost = gate.costPerFraud === null ? "" : `; one that passed cost ${dollars(gate.costPerFraud)}`;
    lines.push(
      `Gate at ${gate.threshold} points: ${withInterval(gate.flaggedThatPassed)} of flagged accounts passed, ${withInterval(gate.othersThatFailed)} of the others failed${cost}`,
    );
  }
  if (costs?.cheapestPass) lines.push(`The cheapest pass costs ${dollars(costs.cheapestPass.cost)}`);
  for (const { rule, largest } of costs?.profit ?? []) {
    lines.push(
      `  a farm under ${RULE_NAMES[rule] ?? rule} matching: ${largest === 0 ? "none pays" : `pays up to ${plural(largest, "account")}`}`,
    );
  }
  for (const { rule, movedBySquelching, tax, taxedProjects } of matching.rules) {
    lines.push(
      `${RULE_NAMES[rule] ?? rule} matching: squelching moves ${money(movedBySquelching)}, the tax takes ${money(tax)} from ${plural(taxedProjects, "project")}`,
    );
  }
  if (drift !== null) {
    const notable = drift.measures.filter((measure) => measure.notable).map(({ measure }) => measure);
    lines.push(
      `Since ${drift.round}: ${notable.length === 0 ? "nothing notable changed" : `changed: ${notable.join(", ")}`}`,
    );
  }
  return [
    ...lines,
    "",
    "A flag is a reason to look, not proof: see the caveats in report.html.",
    `SHA-256 of result.json: ${hash}`,
    "",
  ].join("\n");
}
