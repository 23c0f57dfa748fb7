import { readFile, stat } from "node:fs/promises";
import path from "node:path";

import { readDonations } from "../../funding/read-donations.js";
import { parseRules } from "../../scoring/rules/parse-rules.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { parseVersion } from "../../scoring/rules/version-document.js";
import { DomainError } from "../../shared/errors.js";
import { correctStaking, costOfForgery, readStampCosts } from "../cost/stamp-costs.js";
import { SybilError } from "../errors.js";
import { passportsOf, type ReadPassports } from "./passports.js";
import { readFault } from "../tables/file-faults.js";
import { readAccounts, readLabels, readStamps, readVouches, unknownAccount, type DonorRows } from "./read-rows.js";
import { parseRoundDocument, type RoundFile } from "./round-document.js";
import type { RoundTables } from "./round-tables.js";

/** A round's tables, and the documents beside them that others judge. */
export interface RoundFolder {
  readonly tables: RoundTables;
  /** Configuration of the heuristics, as JSON; undefined where the round names none. */
  readonly heuristics: unknown;
  /** The last round's result, as JSON, for drift; undefined where the round names none. */
  readonly previous: unknown;
  /** What was changed in the tables as written, or is not in them. */
  readonly notices: readonly string[];
}

/**
 * Reads a round: a folder with a `round.json`, or such a document itself. Every fault names its file, and the line of a table:
 * `sybil/bad-round` for the document, `sybil/…`, `funding/bad-donation` and `scoring/…` for what it names.
 * `readPassports` reads the database that a round names instead of stamps and scorer; without it such a round is refused.
 */
export const readRound = async (place: string, readPassports?: ReadPassports): Promise<RoundTables> =>
  (await readRoundFolder(place, readPassports)).tables;

/** {@link readRound}, with the documents that are no tables. */
export async function readRoundFolder(place: string, readPassports = noDatabase): Promise<RoundFolder> {
  const document = await documentOf(place);
  const {
    settings,
    donations: given,
    passports,
    files,
  } = parseRoundDocument(await readJson(document), path.basename(document));
  const at = (file: string) => path.resolve(path.dirname(document), file);
  /** What `read` makes of the file, where the round names one. */
  const from = async <T, Absent>(name: RoundFile, read: (file: string) => Promise<T>, absent: Absent) =>
    files[name] === undefined ? absent : read(at(files[name]));

  const donations = await readDonations(at(given));
  const donors: DonorRows = new Map(donations.donorNames.map((donor, row) => [donor, row]));
  const costs = await from("prices", readStampCosts, []);
  const corrected = correctStaking(costs);
  const swapped = corrected.some(({ price }, stamp) => price !== costs[stamp]?.price);
  const found =
    passports === undefined
      ? undefined
      : await passportsOf(
          "folder" in passports ? { ...passports, folder: at(passports.folder) } : passports,
          donations.donorNames,
          settings.closedAt,
          readPassports,
        );
  const tables = {
    settings,
    donations,
    accounts: await from(
      "accounts",
      (file) => readAccounts(file, donors, settings.closedAt),
      donations.donorNames.map(unknownAccount),
    ),
    stamps: await from(
      "stamps",
      (file) => readStamps(file, donors, settings.closedAt),
      found?.stamps ?? donations.donorNames.map(() => new Set<string>()),
    ),
    rules: await from("scorer", readScorer, found?.rules),
    prices: new Map(corrected.map((cost) => [cost.stamp, costOfForgery(cost)])),
    labels: await from("labels", (file) => readLabels(file, donors), []),
    vouches: await from("vouches", readVouches, []),
  };
  return {
    tables,
    heuristics: await from("heuristics", readJson, undefined),
    previous: await from("previous", readJson, undefined),
    notices: [
      ...(found?.notices ?? []),
      ...(swapped
        ? ["Silver staking cost more than gold in the prices, which looks swapped: it was swapped back."]
        : []),
    ],
  };
}

const noDatabase: ReadPassports = () => {
  throw new SybilError("sybil/bad-round", "the round's passports are in a database: only tables are read here");
};

async function documentOf(place: string): Promise<string> {
  try {
    return (await stat(place)).isDirectory() ? path.join(place, "round.json") : place;
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw unreadable(file, cause);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = `${path.basename(file)} is not a JSON document: ${(cause as Error).message}`;
    throw new SybilError("sybil/bad-round", message, {}, { cause });
  }
}

async function readScorer(file: string): Promise<ScorerRules> {
  const document = await readJson(file);
  try {
    // A version that was proposed by tuning holds its rules.
    return parseRules(parseVersion(document).rules);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new DomainError(cause.code, `${path.basename(file)}: ${cause.message}`, cause.details, { cause });
  }
}

function unreadable(file: string, cause: unknown): SybilError {
  return new SybilError(
    "sybil/unreadable",
    `${path.basename(file)} cannot be read: ${readFault(cause)}`,
    {},
    { cause },
  );
}
