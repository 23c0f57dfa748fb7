import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { matchRound, RULE_KINDS, type MatchingRule } from "../../src/funding/match.js";
import { capPayouts, sharePool } from "../../src/funding/pool.js";
import { readDonations, readMemberships } from "../../src/funding/read-donations.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { oneOf, required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { parseAmount } from "./amount.js";

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
    const matching = matchRound(round, rule, memberships);
    const payouts = pool === undefined ? undefined : capPayouts(sharePool(matching, pool), cap);
    const columns = ["project", "matching", ...(payouts === undefined ? [] : ["payout"])];
    const rows = round.projectNames.map((project, p) => {
      return [project, matching[p] as number, ...(payouts === undefined ? [] : [payouts[p] as number])];
    });
    await writeTable(target, columns, rows);
    const total = matching.reduce((sum, figure) => sum + figure, 0);
    const facts = { rule, donors: round.donorNames.length, projects: round.projectNames.length, matching: total };
    printResult(given.json, { ...facts, out: target }, [
      `${facts.donors} donors gave to ${facts.projects} projects; the rule ${rule.kind} matches ${total}`,
      `The figures are in ${target}`,
    ]);
  });

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
