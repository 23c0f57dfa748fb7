// A sealed piece of one stream of the log, as docs/snapshots.md describes it byte by byte: 8 bytes "TSNAPCHK", version, stream,
// first and last sequence, number of entries; then each entry with its length in front.
import { createHash } from "node:crypto";

import type { ChunkRange } from "./cut.js";
import { ByteReader, malformed } from "./encoding/byte-reader.js";
import { ByteWriter } from "./encoding/byte-writer.js";
import { readEntry, writeEntry } from "./encoding/entry.js";
import { SnapshotError } from "./errors.js";
import { STREAMS, streamOf, type SnapshotRecord, type Stream } from "./record.js";

const MAGIC = Buffer.from("TSNAPCHK", "ascii");
const VERSION = 1;
const COUNT_AT = MAGIC.length + 2 + 16;

/** No chunk is larger, compressed or not: 16,384 entries of 16 KiB. What claims to be is refused unread. */
export const MAX_CHUNK_BYTES = 2 ** 28;

/** Seals the records of one stream, which must be sorted and in the range. The same records give the same bytes. */
export function sealChunk(stream: Stream, { first, last }: ChunkRange, records: Iterable<SnapshotRecord>): Buffer {
  const to = new ByteWriter();
  to.raw(MAGIC);
  to.u8(VERSION);
  to.u8(STREAMS.indexOf(stream));
  to.u64(first);
  to.u64(last);
  to.u32(0);
  let [count, before] = [0, first - 1];
  for (const record of records) {
    const { sequence } = record;
    if (sequence <= before || sequence > last || streamOf(record) !== stream) {
      throw new SnapshotError("snapshots/unsealable", `The entry ${sequence} does not belong here`, { sequence });
    }
    to.measured(() => writeEntry(to, record));
    [count, before] = [count + 1, sequence];
  }
  to.setU32(COUNT_AT, count);
  if (to.length > MAX_CHUNK_BYTES) {
    throw new SnapshotError("snapshots/unsealable", `The entries ${first} to ${last} are larger than a chunk may be`);
  }
  return to.bytes();
}

/** The entries of a chunk, one after another. Throws `snapshots/malformed-chunk` for bytes that no writer wrote. */
export function* openChunk(stream: Stream, { first, last }: ChunkRange, bytes: Uint8Array): Generator<SnapshotRecord> {
  const from = new ByteReader(bytes);
  if (!from.raw(MAGIC.length).equals(MAGIC) || from.u8() !== VERSION) throw malformed("has another header");
  if (from.u8() !== STREAMS.indexOf(stream)) throw malformed("belongs to the other stream");
  if (from.u64() !== first || from.u64() !== last) throw malformed("covers another range");
  const count = from.u32();
  let before = first - 1;
  for (let read = 0; read < count; read++) {
    const record = from.measured(() => readEntry(from));
    if (record.sequence <= before || record.sequence > last) throw malformed("has entries out of order");
    if (streamOf(record) !== stream) throw malformed("has an entry of the other stream");
    before = record.sequence;
    yield record;
  }
  if (!from.done) throw malformed("has bytes after its entries");
}

/** SHA-256 of a chunk's bytes before compression, 0x and 64 digits. */
export const chunkDigest = (bytes: Uint8Array): string => `0x${createHash("sha256").update(bytes).digest("hex")}`;
