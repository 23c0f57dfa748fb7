// The tables of a round beside its donations. Rows about accounts that gave nothing are passed over: exports of a platform hold more
// people than a round. But a table of which no row is about a donor writes its ids in another way, and is refused.
import path from "node:path";

import { SybilError } from "../errors.js";
import { readTable } from "../tables/read-table.js";
import { amountOf, countOf, refuseCell, timeOf } from "./cells.js";
import type { HumanLabel, HumanVerdict, RoundAccount, Vouch } from "./round-tables.js";

/** Row of each donor. */
export type DonorRows = ReadonlyMap<string, number>;

const ACCOUNT_COLUMNS = ["donor", "name", "created", "transactions", "stake", "funder", "origins", "owner"];
const known = (text: string) => (text === "NA" || text === "" ? undefined : text);

/** An account of which nothing is known. */
export const unknownAccount = (donor: string): RoundAccount => ({
  donor,
  name: undefined,
  created: undefined,
  transactions: undefined,
  stake: undefined,
  funder: undefined,
  origins: [],
  owner: undefined,
});

/** Reads `donor,name,created,transactions,stake,funder,origins,owner`; accounts that are not there are unknown in everything. */
export async function readAccounts(file: string, donors: DonorRows, closedAt: number): Promise<RoundAccount[]> {
  const accounts = Array.from(donors.keys(), unknownAccount);
  const seen = new Map<string, number>();
  for await (const { line, cells } of readTable(file, ACCOUNT_COLUMNS)) {
    const [donor, name, created, transactions, stake, funder, origins, owner] = cells as [string, ...string[]];
    refuseTwice(seen, donor, `donor ${donor}`, file, line);
    const place = (column: string) => ({ file, line, column });
    const since = created === "NA" ? undefined : timeOf(created as string, place("created"));
    if (since !== undefined && since > closedAt) {
      refuseCell(place("created"), `${donor} was created at ${created}, after the round closed`);
    }
    if (owner !== "1" && owner !== "0" && owner !== "NA") {
      refuseCell(place("owner"), `"${owner}" in the column owner is not 1, 0 or NA`);
    }
    const account = {
      donor,
      name: known(name as string),
      created: since,
      transactions: countOf(transactions as string, place("transactions")),
      stake: amountOf(stake as string, place("stake")),
      funder: known(funder as string),
      origins: origins === "NA" ? [] : [...new Set((origins as string).split(" ").filter((id) => id !== ""))],
      owner: owner === "NA" ? undefined : owner === "1",
    };
    const row = donors.get(donor);
    if (row !== undefined) accounts[row] = account;
  }
  refuseStrangers([...seen.keys()], donors, file);
  return accounts;
}

/** Reads `donor,provider,issued,expires`: the providers whose stamps were valid when the round closed. */
export async function readStamps(file: string, donors: DonorRows, closedAt: number): Promise<Set<string>[]> {
  const stamps = Array.from(donors.keys(), () => new Set<string>());
  const seen = new Set<string>();
  for await (const { line, cells } of readTable(file, ["donor", "provider", "issued", "expires"])) {
    const [donor, provider, from, to] = cells as [string, string, string, string];
    const issued = timeOf(from, { file, line, column: "issued" });
    const expires = timeOf(to, { file, line, column: "expires" });
    if (provider === "") refuseCell({ file, line, column: "provider" }, "the provider is empty");
    if (expires <= issued)
      refuseCell({ file, line, column: "expires" }, `the stamp expires at ${to}, but began ${from}`);
    seen.add(donor);
    const row = donors.get(donor);
    if (row !== undefined && issued <= closedAt && closedAt < expires) stamps[row]?.add(provider);
  }
  refuseStrangers([...seen], donors, file);
  return stamps;
}

const VERDICTS: readonly string[] = ["human", "sybil", "unsure"] satisfies HumanVerdict[];

/** Reads `donor,rater,label`: what people say of accounts, each rater once of each. */
export async function readLabels(file: string, donors: DonorRows): Promise<HumanLabel[]> {
  const labels: HumanLabel[] = [];
  const seen = new Map<string, number>();
  for await (const { line, cells } of readTable(file, ["donor", "rater", "label"])) {
    const [donor, rater, label] = cells as [string, string, string];
    if (!VERDICTS.includes(label)) {
      refuseCell({ file, line, column: "label" }, `the label "${label}" is not one of ${VERDICTS.join(", ")}`);
    }
    refuseTwice(seen, JSON.stringify([donor, rater]), `${rater}'s label of ${donor}`, file, line);
    labels.push({ donor, rater, verdict: label as HumanVerdict });
  }
  const strangers = labels.map(({ donor }) => donor);
  refuseStrangers(strangers, donors, file);
  return labels.filter(({ donor }) => donors.has(donor));
}

/** Reads `staker,donor,amount`; stakers and those they vouch for need not have given anything. */
export async function readVouches(file: string): Promise<Vouch[]> {
  const vouches: Vouch[] = [];
  const seen = new Map<string, number>();
  for await (const { line, cells } of readTable(file, ["staker", "donor", "amount"])) {
    const [staker, donor, text] = cells as [string, string, string];
    const amount = amountOf(text, { file, line, column: "amount" });
    if (amount === undefined || amount === 0) {
      return refuseCell({ file, line, column: "amount" }, `the amount ${text} is not above 0`);
    }
    if (staker === donor) refuseCell({ file, line, column: "staker" }, `${donor} vouches for itself`);
    refuseTwice(seen, JSON.stringify([staker, donor]), `${staker}'s vouch for ${donor}`, file, line);
    vouches.push({ staker, donor, amount });
  }
  return vouches;
}

function refuseTwice(seen: Map<string, number>, key: string, what: string, file: string, line: number): void {
  const before = seen.get(key);
  if (before !== undefined) {
    const message = `${path.basename(file)}, line ${line}: ${what} stands in line ${before} too`;
    throw new SybilError("sybil/duplicate-row", message, { line });
  }
  seen.set(key, line);
}

function refuseStrangers(ids: readonly string[], donors: DonorRows, file: string): void {
  if (ids.some((id) => donors.has(id))) return;
  const message = `${path.basename(file)}: no row is about a donor of the round; are the ids written as in the donations?`;
  throw new SybilError("sybil/bad-table", message);
}
