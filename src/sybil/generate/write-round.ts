// A generated round as a folder, written whole or not at all.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { rulesDocument } from "../../scoring/rules/scorer-rules.js";
import { COST_FACTORS } from "../cost/stamp-costs.js";
import { SybilError } from "../errors.js";
import { writeTable } from "../tables/write-table.js";
import { generatedDonations, truthOf, type GeneratedRound } from "./generate-round.js";
import { INVENTED_PRICES } from "./stamp-market.js";

export const ROUND_FORMAT = "touchstone-round-v1";

/**
 * Writes `round.json` and its tables, and `truth.csv`, which no analysis reads. The folder may be there if it is empty. Throws
 * `sybil/output-exists` and `sybil/unwritable`.
 */
export async function writeGeneratedRound(folder: string, generated: GeneratedRound): Promise<void> {
  await refuseFilledFolder(folder);
  const target = path.resolve(folder);
  const beside = `${target}.partial-${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(beside, { recursive: true });
    await fill(beside, generated);
    // Takes the place of an empty folder, and of no other.
    await rename(beside, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SybilError) throw error;
    if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR") throw exists(folder);
    throw new SybilError("sybil/unwritable", `cannot write ${folder}: ${code ?? String(error)}`, {}, { cause: error });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Refuses early, before a long round is made, what {@link writeGeneratedRound} would refuse. */
export async function refuseFilledFolder(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length > 0) throw exists(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SybilError) throw error;
    if (code === "ENOTDIR") throw exists(folder);
    if (code !== "ENOENT")
      throw new SybilError("sybil/unwritable", `cannot read ${folder}: ${code}`, {}, { cause: error });
  }
}

const exists = (folder: string) =>
  new SybilError("sybil/output-exists", `${folder} exists and is no empty folder; name another, or remove it first`);

const README = (name: string) => `# ${name}

Written by \`hardhat sybil generate\`. Nobody in it exists. Shares of people who hold a stamp, prices of stamps and the
reviewers' labels are invented: plausible in size, measured nowhere. \`truth.csv\` says who is who, for judging an analysis;
the analysis never reads it. The farms are those that the generator's author thought of.
`;

async function fill(folder: string, generated: GeneratedRound): Promise<void> {
  const { round, accounts, donors, settings, labels, vouches } = generated;
  const donorOf = new Map(accounts.map((account, at) => [account, donors[at] as string]));
  const place = (file: string) => path.join(folder, file);
  const text = (value: number | string | undefined) => value ?? "NA";
  const json = (file: string, value: unknown) => writeFile(place(file), `${JSON.stringify(value, null, 2)}\n`);

  await json("round.json", {
    format: ROUND_FORMAT,
    name: round.name,
    closedAt: isoTime(round.closedAt),
    pool: String(round.pool),
    cap: String(round.cap),
    scale: { lower: String(round.scale.lower), upper: String(round.scale.upper) },
    tax: { k: String(round.tax.k), cap: String(round.tax.cap) },
    flagFrom: String(round.flagFrom),
    donations: "donations.csv",
    accounts: "accounts.csv",
    stamps: "stamps.csv",
    scorer: "scorer.json",
    prices: "prices.csv",
    ...(labels.length > 0 ? { labels: "labels.csv" } : {}),
    ...(vouches.length > 0 ? { vouches: "vouches.csv" } : {}),
  });
  await json("scorer.json", rulesDocument(settings.rules));
  await writeFile(place("README.md"), README(round.name));
  await writeTable(
    place("donations.csv"),
    ["donor", "project", "amount"],
    Array.from(generatedDonations(generated), ({ donor, project, amount }) => [donor, project, amount.toFixed(2)]),
  );
  await writeTable(
    place("accounts.csv"),
    ["donor", "name", "created", "transactions", "stake", "funder", "origins", "owner"],
    accounts.map(({ name, created, transactions, stake, funder, origins, owner }, at) => [
      donors[at] as string,
      text(name),
      created === undefined ? "NA" : isoTime(created),
      text(transactions),
      text(stake),
      text(funder),
      origins.join(" "),
      owner ? 1 : 0,
    ]),
  );
  await writeTable(
    place("stamps.csv"),
    ["donor", "provider", "issued", "expires"],
    accounts.flatMap(({ stamps }, at) =>
      [...stamps].map(([provider, { issued, expires }]) => [
        donors[at] as string,
        provider,
        isoTime(issued),
        isoTime(expires),
      ]),
    ),
  );
  if (vouches.length > 0) {
    const rows = vouches.map(({ from, to, amount }) => [
      donorOf.get(from) as string,
      donorOf.get(to) as string,
      amount,
    ]);
    await writeTable(place("vouches.csv"), ["staker", "donor", "amount"], rows);
  }
  if (labels.length > 0) {
    const rows = labels.map(({ donor, rater, verdict }) => [donor, rater, verdict]);
    await writeTable(place("labels.csv"), ["donor", "rater", "label"], rows);
  }
  await writeTable(
    place("prices.csv"),
    ["stamp", "cost", ...COST_FACTORS],
    INVENTED_PRICES.map(({ stamp, price, factors }) => [stamp, price, ...factors]),
  );
  await writeTable(
    place("truth.csv"),
    ["donor", "kind", "farm"],
    truthOf(generated).map(({ donor, kind, farm }) => [donor, kind, farm ?? ""]),
  );
}

const isoTime = (seconds: number): string => new Date(seconds * 1_000).toISOString();
