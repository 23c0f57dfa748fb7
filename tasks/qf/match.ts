import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { matchRound, RULE_KINDS, type MatchingRule } from "../../src/funding/match.js";
import { capPayouts, sharePool } from "../../src/funding/pool.js";
import { readDonations, readMemberships } from "../../src/funding/read-donations.js";
import { cocmWithUnlisted, requireDonors, unlistedDonors, type Unlisted } from "../../src/funding/unlisted.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { oneOf, required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { parseAmount } from "./amount.js";

const NOBODY: Unlisted = { donors: 0, amount: 0 };

interface MatchArguments extends Record<
  "out" | "rule" | "m" | "clusters" | "closeness" | "discount" | "pool" | "cap",
  string | undefined
> {
  file: string;
  json: boolean;
}

const match: NewTaskActionFunction<MatchArguments> = async (given) =>
  run(async () => {
    const target = await outputFile(required(given.out, "--out"), [given.file, given.clusters]);
    const rule = readRule(given);
    const pool = given.pool === undefined ? undefined : parseAmount(given.pool, "--pool");
    const cap = parseAmount(given.cap ?? "1", "--cap");
    const round = await readDonations(given.file);
    const memberships = given.clusters === undefined ? undefined : await readMemberships(given.clusters);
    if (memberships !== undefined) requireDonors(round, memberships, "--clusters");
    const usesClusters = rule.kind === "cocm" || rule.kind === "cluster-profiles";
    const unlisted = memberships && usesClusters ? unlistedDonors(round, memberships) : NOBODY;
    const alone =
      memberships && rule.kind === "cocm" && unlisted.donors > 0 ? cocmWithUnlisted(round, memberships) : undefined;
    const matching = alone ?? matchRound(round, rule, memberships);
    const payouts = pool === undefined ? undefined : capPayouts(sharePool(matching, pool), cap);
    const columns = ["project", "matching", ...(payouts === undefined ? [] : ["payout"])];
    const rows = round.projectNames.map((project, p) => {
      return [project, matching[p] as number, ...(payouts === undefined ? [] : [payouts[p] as number])];
    });
    await writeTable(target, columns, rows);
    const total = matching.reduce((sum, figure) => sum + figure, 0);
    const facts = { rule, donors: round.donorNames.length, projects: round.projectNames.length, matching: total };
    const treated = unlisted.donors === 0 ? undefined : alone === undefined ? "left out" : "alone";
    const without = { ...unlisted, treated: treated ?? null };
    printResult(given.json, { ...facts, ...(usesClusters ? { unlisted: without } : {}), out: target }, [
      `${facts.donors} donors gave to ${facts.projects} projects; the rule ${rule.kind} matches ${total}`,
      ...(treated === undefined ? [] : [describeUnlisted(unlisted, treated)]),
      `The figures are in ${target}`,
    ]);
  });

function describeUnlisted({ donors, amount }: Unlisted, treated: "alone" | "left out"): string {
  const who = `${donors} donors, who gave ${amount}, are in no cluster`;
  if (treated === "alone") return `${who}: each counts as a cluster of its own`;
  return `${who}: this rule leaves them out; to count them, list each in a cluster of its own`;
}

function readRule({ rule, m, closeness, discount }: MatchArguments): MatchingRule {
  const kind = oneOf(RULE_KINDS, rule ?? "standard", "--rule");
  if (kind === "pairwise") return { kind, m: parseAmount(m ?? "25", "--m") };
  if (kind !== "cocm") return { kind };
  return {
    kind,
    closeness: oneOf(["markov", "pct_friends", "og"], closeness ?? "markov", "--closeness"),
    discount: oneOf(["harsh", "soft"], discount ?? "harsh", "--discount"),
  };
}

export default match;
