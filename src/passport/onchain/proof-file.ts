// Leaves with their proofs in a file: one person's score, or the drops of a root for everybody to bring in.
import { getAddress } from "ethers";

import { DocumentReader, type JsonObject } from "../../shared/document.js";

/** `passport/proof-malformed`: a file with leaves and proofs does not parse, or mixes scorers. */
export type ProofFileErrorCode = "passport/proof-malformed";

/** What the registry's `submitScores` takes. Score in units of 1e-4, times seconds since the epoch. */
export interface ScoreSubmission {
  readonly account: string;
  readonly score: number;
  readonly expiresAt: bigint;
  readonly rootNumber: number;
  readonly proof: readonly string[];
}

export interface ScoreSubmissions {
  readonly scorerId: bigint;
  readonly submissions: readonly ScoreSubmission[];
}

const read = new DocumentReader<ProofFileErrorCode>("passport/proof-malformed");
const WORD = /^0x[0-9a-fA-F]{64}$/;
const DIGITS = /^(0|[1-9][0-9]{0,77})$/;
const MAX_UINT32 = 2 ** 32 - 1;

/**
 * Parses one leaf `{scorerId, rootNumber, account, score, expiresAt, proof}`, a list of such, one per line, or
 * `{scorerId, rootNumber, leaves: [{account, score, expiresAt, proof}]}`. Throws `passport/proof-malformed`.
 */
export function parseProofFile(text: string): ScoreSubmissions {
  return readProofs(parse(text));
}

/** A leaf without its proof. */
export interface ListedScore {
  readonly account: string;
  readonly score: number;
  readonly expiresAt: bigint;
}

/**
 * Parses a file of drops: leaves with proofs, as {@link parseProofFile}, or all leaves of a root without any, as the service
 * lists them, `{account, score, expiresAt}` on each line: whoever has them all makes the proofs.
 */
export function parseDropsFile(text: string): ScoreSubmissions | { readonly scores: readonly ListedScore[] } {
  const documents = parse(text);
  const first = documents[0];
  const proved = typeof first === "object" && first !== null && ("proof" in first || "leaves" in first);
  if (proved || first === undefined) return readProofs(documents);
  return {
    scores: documents.map((document, index) => scoreOf(read.record(document, `leaf ${index}`), `leaf ${index}`)),
  };
}

function readProofs(documents: readonly unknown[]): ScoreSubmissions {
  const leaves = documents.flatMap((document, index) => leavesOf(document, `leaf ${index}`));
  const first = leaves[0];
  if (first === undefined) return read.fail("the file", "has no leaves");
  const other = leaves.find(({ scorerId }) => scorerId !== first.scorerId);
  if (other !== undefined) read.fail("the file", `mixes scorers ${first.scorerId} and ${other.scorerId}`);
  return { scorerId: first.scorerId, submissions: leaves.map(({ submission }) => submission) };
}

function leavesOf(value: unknown, at: string) {
  const document = read.record(value, at);
  if (document.leaves === undefined) return [leafOf(document, document, at)];
  return read
    .array(document.leaves, `${at}.leaves`)
    .map((leaf, index) => leafOf(document, read.record(leaf, `${at}.leaves[${index}]`), `${at}.leaves[${index}]`));
}

/** Scorer and root may stand beside the leaves or in each; other members are the service's and not ours to judge. */
function leafOf(outer: JsonObject, leaf: JsonObject, at: string) {
  const submission: ScoreSubmission = {
    ...scoreOf(leaf, at),
    rootNumber: read.integer(leaf.rootNumber ?? outer.rootNumber, `${at}.rootNumber`, 1, MAX_UINT32),
    proof: read.array(leaf.proof, `${at}.proof`).map((word, index) => read.string(word, `${at}.proof[${index}]`, WORD)),
  };
  return { scorerId: digits(leaf.scorerId ?? outer.scorerId, `${at}.scorerId`), submission };
}

function scoreOf(leaf: JsonObject, at: string): ListedScore {
  const expiresAt = digits(leaf.expiresAt, `${at}.expiresAt`);
  if (expiresAt >= 2n ** 64n) read.fail(`${at}.expiresAt`, "does not fit 64 bits");
  return {
    account: account(leaf.account, `${at}.account`),
    score: read.integer(leaf.score, `${at}.score`, 0, MAX_UINT32),
    expiresAt,
  };
}

function parse(text: string): readonly unknown[] {
  const json = (part: string): unknown => {
    try {
      return JSON.parse(part) as unknown;
    } catch {
      return undefined;
    }
  };
  const whole = json(text);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) => json(line) ?? read.fail(`line ${index + 1}`, "is not a JSON document"));
}

const digits = (value: unknown, at: string): bigint =>
  BigInt(Number.isSafeInteger(value) && (value as number) >= 0 ? String(value) : read.string(value, at, DIGITS));

function account(value: unknown, at: string): string {
  try {
    return getAddress(read.string(value, at, /^0x[0-9a-fA-F]{40}$/));
  } catch {
    return read.fail(at, "is not an address with a right checksum");
  }
}
