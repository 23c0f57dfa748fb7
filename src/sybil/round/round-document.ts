// The document that names a round's tables: `round.json`, format `touchstone-round-v1`.
import { DEFAULT_TAX } from "../../funding/tax.js";
import { STAMP_SCALE } from "../../funding/influence.js";
import { DocumentReader } from "../../shared/document.js";
import { parseTime } from "./cells.js";
import type { PassportPlace } from "./passports.js";
import type { RoundSettings } from "./round-tables.js";

export const ROUND_FORMAT = "touchstone-round-v1";

/** Files that a round may name beside its donations, relative to the document. */
export const ROUND_FILES = [
  "accounts",
  "stamps",
  "scorer",
  "prices",
  "labels",
  "vouches",
  "heuristics",
  "previous",
] as const;
export type RoundFile = (typeof ROUND_FILES)[number];

export interface RoundDocument {
  readonly settings: RoundSettings;
  readonly donations: string;
  /** Where the passports are, in place of the files `stamps` and `scorer`; its folder is relative to the document. */
  readonly passports: PassportPlace | undefined;
  readonly files: Readonly<Partial<Record<RoundFile, string>>>;
}

const reader = new DocumentReader("sybil/bad-round");
const NUMBER = /^\d+(\.\d+)?$/;
const FILE = /^[^\0]+$/;
const FLAG_FROM = 0.5;

/** A number from 0, as a JSON number or as its decimal text. */
function number(value: unknown, path: string): number {
  const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
  const parsed = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isFinite(parsed) ? parsed : reader.fail(path, "is not a decimal number from 0");
}

function above0(value: unknown, path: string, most = Infinity): number {
  const parsed = number(value, path);
  return parsed > 0 && parsed <= most
    ? parsed
    : reader.fail(path, `is not above 0${most < Infinity ? `, up to ${most}` : ""}`);
}

function readScale(value: unknown, path: string): RoundSettings["scale"] {
  if (value === undefined) return STAMP_SCALE;
  const scale = reader.object(value, path, ["lower", "upper"]);
  const [lower, upper] = [number(scale.lower, `${path}.lower`), number(scale.upper, `${path}.upper`)];
  return lower < upper ? { lower, upper } : reader.fail(path, `does not rise from ${lower} to ${upper}`);
}

function readTax(value: unknown, path: string): RoundSettings["tax"] {
  if (value === undefined) return DEFAULT_TAX;
  const tax = reader.object(value, path, ["k", "cap"]);
  const [k, cap] = [number(tax.k, `${path}.k`), number(tax.cap, `${path}.cap`)];
  return cap < 1 ? { k, cap } : reader.fail(`${path}.cap`, "is not below 1");
}

function readPassports(value: unknown, path: string): PassportPlace {
  const { scorer, folder, server } = reader.object(value, path, ["scorer"], ["folder", "server"]);
  const id = reader.integer(scorer, `${path}.scorer`, 1);
  if ((folder === undefined) === (server === undefined)) reader.fail(path, "names neither folder nor server, or both");
  if (folder !== undefined) return { scorer: id, folder: reader.string(folder, `${path}.folder`, FILE) };
  return reader.boolean(server, `${path}.server`)
    ? { scorer: id, server: true }
    : reader.fail(`${path}.server`, "is not true");
}

/** Reads the document; `name` is how messages call it. Throws `sybil/bad-round` for anything that is not as it should be. */
export function parseRoundDocument(value: unknown, name: string): RoundDocument {
  const optional = ["cap", "scale", "tax", "flagFrom", "passports", ...ROUND_FILES];
  const round = reader.object(value, name, ["format", "name", "closedAt", "pool", "donations"], optional);
  reader.literal(round.format, `${name}.format`, ROUND_FORMAT);
  const file = (member: string) => reader.string(round[member], `${name}.${member}`, FILE);
  const passports = round.passports === undefined ? undefined : readPassports(round.passports, `${name}.passports`);
  for (const member of ["stamps", "scorer"]) {
    if (passports !== undefined && round[member] !== undefined) {
      reader.fail(`${name}.${member}`, "is there beside passports, which hold stamps and scorer");
    }
  }
  const closedAt = parseTime(reader.string(round.closedAt, `${name}.closedAt`));
  return {
    settings: {
      name: reader.string(round.name, `${name}.name`, /^[^\p{Cc}]{1,200}$/u),
      closedAt: closedAt ?? reader.fail(`${name}.closedAt`, "is not an ISO 8601 time with its zone"),
      pool: above0(round.pool, `${name}.pool`),
      cap: round.cap === undefined ? 1 : above0(round.cap, `${name}.cap`, 1),
      scale: readScale(round.scale, `${name}.scale`),
      tax: readTax(round.tax, `${name}.tax`),
      flagFrom: round.flagFrom === undefined ? FLAG_FROM : above0(round.flagFrom, `${name}.flagFrom`, 1),
    },
    donations: file("donations"),
    passports,
    files: Object.fromEntries(
      ROUND_FILES.flatMap((member) => (round[member] === undefined ? [] : [[member, file(member)]])),
    ),
  };
}
