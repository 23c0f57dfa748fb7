// What became of each stamp, in bytes: a history of a million changes holds ten million of these. Reasons that follow from
// the rest are named by a number, others are kept as they are.
import { duplicateDetail } from "../../assemble.js";
import type { StampStatus } from "../../rules/stamp-status.js";
import {
  expiredDetail,
  GATED_DETAIL,
  SUPERSEDED_DETAIL,
  WEIGHTLESS_DETAIL,
  type StampScore,
} from "../../rules/score.js";
import type { DuplicateExplanation } from "../../rules/links/explain.js";
import { invariant } from "../../../shared/errors.js";
import type { FlatPassport } from "./flat-passport.js";
import { ByteReader, ByteWriter } from "./bytes.js";

const FORMAT = 1;
const HASH = 32;
const DIGEST = /^0x[0-9a-f]{64}$/;
const ASCII = /^[ -~]{0,255}$/;

const STATUSES: readonly StampStatus[] = [
  "counted",
  "duplicate",
  "expired",
  "wrong_subject",
  "untrusted_issuer",
  "bad_proof",
  "malformed",
  "banned",
  "gated",
  "capped",
];
const STATUS_CODES = new Map(STATUSES.map((status, code) => [status, code]));

// The order is the format's.
const NO_DETAIL = 0;
const OTHER_DETAIL = 1;
const EXPIRED = 2;
const DUPLICATE = 3;
const FIXED: readonly (string | undefined)[] = [
  undefined,
  undefined,
  undefined,
  undefined,
  GATED_DETAIL,
  SUPERSEDED_DETAIL,
  WEIGHTLESS_DETAIL,
];
/** Beside the detail's code. */
const HAS_DEDUP = 0x40;
const ODD_TEXTS = 0x80;

/** Writes one breakdown after another. */
export class BreakdownWriter {
  readonly #writer = new ByteWriter();

  start(count: number): void {
    this.#writer.byte(FORMAT);
    this.#writer.uint16(count);
  }

  stamp(stamp: StampScore): void {
    writeStamp(this.#writer, stamp);
  }

  /** A stamp that counts its points and about which there is no more to say, out of a packed passport. */
  counted({ bytes, named, expiries }: FlatPassport, place: number, points: number): void {
    const from = named[place] as number;
    const digest = from + 1 + (bytes[from] as number);
    this.#writer.byte(0);
    this.#writer.byte(NO_DETAIL);
    this.#writer.copy(bytes, digest, digest + HASH);
    this.#writer.copy(bytes, from, digest);
    this.#writer.number(points);
    this.#writer.number(expiries[place] as number);
  }

  take(): Buffer<ArrayBuffer> {
    return this.#writer.take();
  }
}

const shared = new BreakdownWriter();

export function packBreakdown(stamps: readonly StampScore[]): Buffer<ArrayBuffer> {
  shared.start(stamps.length);
  for (const stamp of stamps) shared.stamp(stamp);
  return shared.take();
}

function detailCode({ detail, dedup, expiresAt }: StampScore): number {
  if (detail === undefined) return NO_DETAIL;
  if (dedup !== undefined && detail === duplicateDetail(dedup)) return DUPLICATE;
  const fixed = FIXED.indexOf(detail);
  if (fixed > 0) return fixed;
  return detail === expiredDetail(expiresAt) ? EXPIRED : OTHER_DETAIL;
}

function writeStamp(writer: ByteWriter, stamp: StampScore): void {
  const { provider, digest, status, points, expiresAt, detail, dedup } = stamp;
  const code = detailCode(stamp);
  const odd = !DIGEST.test(digest) || !ASCII.test(provider);
  const statusCode = STATUS_CODES.get(status);
  invariant(statusCode !== undefined, `a stamp's status is ${status}`);
  writer.byte(statusCode);
  writer.byte(code | (dedup === undefined ? 0 : HAS_DEDUP) | (odd ? ODD_TEXTS : 0));
  if (odd) {
    writer.text(digest);
    writer.text(provider);
  } else {
    writer.hex(digest.slice(2), HASH);
    writer.word(provider);
  }
  writer.number(points);
  writer.number(expiresAt);
  if (code === OTHER_DETAIL) writer.text(detail as string);
  if (dedup === undefined) return;
  writer.text(dedup.provider);
  writer.number(dedup.since);
  writer.number(dedup.releasesAt);
  writer.text(dedup.owner);
}

export function unpackBreakdown(packed: Uint8Array): StampScore[] {
  const reader = new ByteReader(packed);
  const format = reader.byte();
  invariant(format === FORMAT, `a breakdown of format ${format}`);
  return Array.from({ length: reader.uint16() }, () => readStamp(reader));
}

function readStamp(reader: ByteReader): StampScore {
  const status = STATUSES[reader.byte()] as StampStatus;
  const flags = reader.byte();
  const odd = (flags & ODD_TEXTS) !== 0;
  const digest = odd ? reader.text() : `0x${reader.hex(HASH)}`;
  const provider = odd ? reader.text() : reader.word();
  const [points, expiresAt] = [reader.number(), reader.number()];
  const code = flags & 0x3f;
  const other = code === OTHER_DETAIL ? reader.text() : undefined;
  const dedup = (flags & HAS_DEDUP) === 0 ? undefined : readDedup(reader);
  const detail = other ?? detailOf(code, expiresAt, dedup);
  // In the order in which scoring names them: two records are the same when their texts are.
  return {
    provider,
    digest,
    expiresAt,
    points,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(dedup === undefined ? {} : { dedup }),
  };
}

function readDedup(reader: ByteReader): DuplicateExplanation {
  const provider = reader.text();
  const [since, releasesAt] = [reader.number(), reader.number()];
  return { provider, since, releasesAt, owner: reader.text() };
}

function detailOf(code: number, expiresAt: number, dedup: DuplicateExplanation | undefined): string | undefined {
  if (code === EXPIRED) return expiredDetail(expiresAt);
  if (code === DUPLICATE && dedup !== undefined) return duplicateDetail(dedup);
  return FIXED[code];
}
