import type { ScoreCause } from "../../scoring/service/records.js";
import type { ScoreEventRecord, SnapshotRecord, StampRecord, VersionRecord } from "../record.js";
import { pick, type ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { readCredential, readStamp, writeCredential, writeStamp } from "./credential.js";
import { readBan, readRevocation, writeBan, writeRevocation } from "./notice.js";

// Positions in these lists are bytes of the format: they only ever grow at the end.
const KINDS = ["version", "accepted", "stamp", "score", "ban", "revocation"] as const;
const STAMP_TYPES = ["declined", "refused", "restored", "released", "claimed", "settled", "revoked"] as const;
const CAUSES: readonly ScoreCause[] = ["submitted", "released", "revoked", "rescored", "banned", "ban-lifted"];

/** Writes one entry, without its length. */
export function writeEntry(to: ByteWriter, record: SnapshotRecord): void {
  to.u8(KINDS.indexOf(record.kind));
  to.u64(record.sequence);
  switch (record.kind) {
    case "version":
      return writeVersion(to, record);
    case "accepted":
      to.u64(record.at);
      to.u64(record.scorerId);
      writeStamp(to, record.stamp);
      to.u8(record.credential === null ? 0 : 1);
      if (record.credential !== null) writeCredential(to, record.stamp, record.credential);
      return;
    case "stamp":
      return writeStampEvent(to, record);
    case "score":
      return writeScore(to, record);
    case "ban":
      return writeBan(to, record.event);
    case "revocation":
      return writeRevocation(to, record.event);
  }
}

export function readEntry(from: ByteReader): SnapshotRecord {
  const kind = pick(from, KINDS);
  const sequence = from.u64();
  switch (kind) {
    case "version":
      return readVersion(from, sequence);
    case "accepted": {
      const [at, scorerId] = [from.u64(), from.u64()];
      const stamp = readStamp(from);
      const credential = from.flag() ? readCredential(from, stamp) : null;
      return { kind, sequence, at, scorerId, stamp, credential };
    }
    case "stamp":
      return readStampEvent(from, sequence);
    case "score":
      return readScore(from, sequence);
    case "ban":
      return { kind, sequence, event: readBan(from, sequence) };
    case "revocation":
      return { kind, sequence, event: readRevocation(from, sequence) };
  }
}

function writeVersion(to: ByteWriter, record: VersionRecord): void {
  to.u64(record.scorerId);
  to.u32(record.version);
  to.hex(record.rulesHash, 32);
  to.long(record.rules);
  to.long(record.author);
  to.long(record.reason);
  to.u64(record.createdAt);
  to.u8(record.scorer === null ? 0 : 1);
  if (record.scorer === null) return;
  to.long(record.scorer.name);
  to.long(record.scorer.description);
  to.long(record.scorer.owner);
}

function readVersion(from: ByteReader, sequence: number): VersionRecord {
  const [scorerId, version, rulesHash] = [from.u64(), from.u32(), from.hex(32)];
  const [rules, author, reason, createdAt] = [from.long(), from.long(), from.long(), from.u64()];
  const scorer = from.flag() ? { name: from.long(), description: from.long(), owner: from.long() } : null;
  return { kind: "version", sequence, scorerId, version, rulesHash, rules, author, reason, createdAt, scorer };
}

function writeStampEvent(to: ByteWriter, record: StampRecord): void {
  to.u64(record.at);
  to.u8(STAMP_TYPES.indexOf(record.type));
  to.u64(record.scorerId);
  to.u8(record.account === null ? 0 : 1);
  if (record.account !== null) to.hex(record.account, 20);
  to.u8(record.digest === null ? 0 : 1);
  if (record.digest !== null) to.hex(record.digest, 32);
  to.long(record.data);
}

function readStampEvent(from: ByteReader, sequence: number): StampRecord {
  const [at, type, scorerId] = [from.u64(), pick(from, STAMP_TYPES), from.u64()];
  const account = from.flag() ? from.hex(20) : null;
  const digest = from.flag() ? from.hex(32) : null;
  return { kind: "stamp", sequence, at, type, scorerId, account, digest, data: from.long() };
}

function writeScore(to: ByteWriter, record: ScoreEventRecord): void {
  to.u64(record.at);
  to.u64(record.scorerId);
  to.hex(record.account, 20);
  to.u8(CAUSES.indexOf(record.cause));
  to.u32(record.version);
  to.hex(record.rulesHash, 32);
  // A failed run says why; a good one has nothing to say.
  to.u8(record.status === "DONE" ? 0 : 1);
  to.u8(record.error === null ? 0 : 1);
  if (record.error !== null) to.long(record.error);
  to.optional(record.score);
  for (const number of [record.sum, record.threshold]) to.u64(number);
  to.u8(record.passing ? 1 : 0);
  for (const number of [record.chainScore, record.scoredAt]) to.u64(number);
  for (const number of [record.expiresAt, record.flipsAt, record.scale]) to.optional(number);
  to.long(record.stamps);
}

function readScore(from: ByteReader, sequence: number): ScoreEventRecord {
  const [at, scorerId, account, cause] = [from.u64(), from.u64(), from.hex(20), pick(from, CAUSES)];
  const [version, rulesHash] = [from.u32(), from.hex(32)];
  const status = from.flag() ? "ERROR" : "DONE";
  const error = from.flag() ? from.long() : null;
  const [score, sum, threshold, passing] = [from.optional(), from.u64(), from.u64(), from.flag()];
  const [chainScore, scoredAt] = [from.u64(), from.u64()];
  const [expiresAt, flipsAt, scale] = [from.optional(), from.optional(), from.optional()];
  return {
    ...{ kind: "score", sequence, at, scorerId, account, cause, version, rulesHash, status, error, score, sum },
    ...{ threshold, passing, chainScore, scoredAt, expiresAt, flipsAt, scale, stamps: from.long() },
  } as const;
}
