// What a snapshot consists of. Only the digest is certified: everything that the digest covers is checked against it. The rest
// (epoch, block, registry ids, roots) is the keeper's word where the keeper signed (keeper.ts), and else that of whoever wrote
// the file; readers that need it compare with the chain.
import { DocumentReader, type JsonObject } from "../shared/document.js";
import { keccakHex } from "../shared/keccak.js";
import { MAX_CHUNK_BYTES } from "./chunk.js";
import { CHUNK_SEQUENCES, chunkRanges, type ChunkRange } from "./cut.js";
import { snapshotDigest, type SealedChunk } from "./digest.js";
import { SnapshotError } from "./errors.js";
import { STREAMS, type Stream } from "./record.js";

export const SNAPSHOT_FORMAT = "touchstone-snapshot-v2";
/** The same without `createdAt` and `signature`; read as a snapshot that nobody signed. */
const UNSIGNED_FORMAT = "touchstone-snapshot-v1";

/** A scorer as it stands at the cut. */
export interface SnapshotScorer {
  readonly id: number;
  readonly version: number;
  readonly rulesHash: string;
  /** Its id in the registry, decimal; null while it has none. */
  readonly registryId: string | null;
  /** The newest root that was signed for it; null where there is none. */
  readonly root: { readonly number: number; readonly root: string; readonly issuedAt: number; readonly count: number } | null;
}

export interface ManifestChunk extends SealedChunk {
  readonly entries: number;
  /** Size of the file, which is gzip. */
  readonly compressed: number;
}

export interface Manifest {
  /** 0x and 64 digits. */
  readonly digest: string;
  /** The last sequence in it. */
  readonly sequence: number;
  readonly chunkSequences: number;
  readonly epoch: number | null;
  /** The chain's block that the cut belongs to. */
  readonly block: number | null;
  /** When its keeper published it, seconds since the epoch; null where nobody signed it. */
  readonly createdAt: number | null;
  /** The keeper's, 65 bytes as 0x-prefixed lower-case hex; only of a snapshot with a block. */
  readonly signature: string | null;
  readonly scorers: readonly SnapshotScorer[];
  /** By number, scores before stamps. */
  readonly chunks: readonly ManifestChunk[];
}

/** A file beyond this is refused unread: a million chunks. */
export const MAX_MANIFEST_BYTES = 2 ** 28;
const HASH = /^0x[0-9a-f]{64}$/;
const SIGNATURE = /^0x[0-9a-f]{130}$/;
/** Deflate needs less than this for what it cannot compress. */
const mostCompressed = (bytes: number) => bytes + Math.ceil(bytes / 1000) + 64;

export function printManifest(manifest: Manifest): string {
  const { digest, sequence, chunkSequences, epoch, block, createdAt, signature, scorers, chunks } = manifest;
  const pair = (at: number) => {
    const streams = STREAMS.map((stream, offset) => {
      const { entries, bytes, digest: own, compressed } = chunks[at + offset] as ManifestChunk;
      return [stream, { entries, bytes, digest: own, compressed }];
    });
    return { ...(chunks[at] as ManifestChunk).range, ...Object.fromEntries(streams) };
  };
  const lines = Array.from({ length: chunks.length / STREAMS.length }, (_, number) =>
    JSON.stringify(pair(number * STREAMS.length)),
  );
  const words = { digest, sequence, chunkSequences, epoch, block, createdAt, signature, scorers };
  const head = JSON.stringify({ format: SNAPSHOT_FORMAT, ...words });
  return `${head.slice(0, -1)},"chunks":[\n${lines.join(",\n")}\n]}\n`;
}

/** Names a manifest by its every word: several of one digest differ in what the digest leaves out. */
export const manifestHash = (manifest: Manifest): string => keccakHex(printManifest(manifest));

const reader = new DocumentReader("snapshots/malformed-manifest");

/** Reads a manifest that anybody may have written: complete, within bounds, and with the digest that its chunks give. */
export function parseManifest(text: string, { chunkSequences }: { chunkSequences?: number } = {}): Manifest {
  const members = ["format", "digest", "sequence", "chunkSequences", "epoch", "block", "scorers", "chunks"];
  const parsed = parseJson(text);
  const unsigned = formatOf(parsed) === UNSIGNED_FORMAT;
  const document = reader.object(parsed, "manifest", unsigned ? members : [...members, "createdAt", "signature"]);
  reader.literal(document.format, "manifest.format", unsigned ? UNSIGNED_FORMAT : SNAPSHOT_FORMAT);
  const size = reader.integer(document.chunkSequences, "manifest.chunkSequences", 1, CHUNK_SEQUENCES);
  if (chunkSequences !== undefined && size !== chunkSequences) {
    reader.fail("manifest.chunkSequences", `is not ${chunkSequences}`);
  }
  const sequence = reader.integer(document.sequence, "manifest.sequence", 1);
  const list = reader.array(document.chunks, "manifest.chunks");
  if (list.length !== Math.ceil(sequence / size)) reader.fail("manifest.chunks", "does not cover the log to its end");
  const ranges = chunkRanges(sequence, size);
  const chunks = list.flatMap((item, number) => readChunk(item, `manifest.chunks[${number}]`, ranges[number] as ChunkRange));
  const digest = reader.string(document.digest, "manifest.digest", HASH);
  if (snapshotDigest(chunks) !== digest) reader.fail("manifest.digest", "is not the root of the chunks");
  const optional = (value: unknown, path: string) => (value === null ? null : reader.integer(value, path));
  const block = optional(document.block, "manifest.block");
  const createdAt = unsigned ? null : optional(document.createdAt, "manifest.createdAt");
  const signature =
    unsigned || document.signature === null
      ? null
      : reader.string(document.signature, "manifest.signature", SIGNATURE);
  if (signature !== null && (block === null || createdAt === null)) {
    reader.fail("manifest.signature", "covers a block and a time that are not there");
  }
  return {
    digest,
    sequence,
    chunkSequences: size,
    epoch: optional(document.epoch, "manifest.epoch"),
    block,
    createdAt,
    signature,
    scorers: reader
      .array(document.scorers, "manifest.scorers")
      .map((item, index) => readScorer(item, `manifest.scorers[${index}]`)),
    chunks,
  };
}

const formatOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? (value as { format?: unknown }).format : undefined;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SnapshotError("snapshots/malformed-manifest", "manifest: is not JSON", {}, { cause });
  }
}

function readChunk(value: unknown, path: string, range: ChunkRange): ManifestChunk[] {
  const chunk = reader.object(value, path, ["number", "first", "last", ...STREAMS]);
  for (const name of ["number", "first", "last"] as const) {
    if (chunk[name] !== range[name]) reader.fail(`${path}.${name}`, `is not ${range[name]}`);
  }
  const pair = STREAMS.map((stream) => readSealed(chunk[stream], `${path}.${stream}`, stream, range));
  const entries = pair.reduce((sum, one) => sum + one.entries, 0);
  if (entries !== range.last - range.first + 1) reader.fail(path, "has not one entry for each sequence");
  return pair;
}

function readSealed(value: unknown, path: string, stream: Stream, range: ChunkRange): ManifestChunk {
  const sealed: JsonObject = reader.object(value, path, ["entries", "bytes", "digest", "compressed"]);
  const bytes = reader.integer(sealed.bytes, `${path}.bytes`, 1, MAX_CHUNK_BYTES);
  return {
    stream,
    range,
    entries: reader.integer(sealed.entries, `${path}.entries`),
    bytes,
    digest: reader.string(sealed.digest, `${path}.digest`, HASH),
    compressed: reader.integer(sealed.compressed, `${path}.compressed`, 1, mostCompressed(bytes)),
  };
}

function readScorer(value: unknown, path: string): SnapshotScorer {
  const scorer = reader.object(value, path, ["id", "version", "rulesHash", "registryId", "root"]);
  return {
    id: reader.integer(scorer.id, `${path}.id`),
    version: reader.integer(scorer.version, `${path}.version`, 1),
    rulesHash: reader.string(scorer.rulesHash, `${path}.rulesHash`, HASH),
    registryId:
      scorer.registryId === null ? null : reader.string(scorer.registryId, `${path}.registryId`, /^(0|[1-9][0-9]{0,77})$/),
    root: scorer.root === null ? null : readRoot(scorer.root, `${path}.root`),
  };
}

function readRoot(value: unknown, path: string): SnapshotScorer["root"] {
  const root = reader.object(value, path, ["number", "root", "issuedAt", "count"]);
  return {
    number: reader.integer(root.number, `${path}.number`, 1),
    root: reader.string(root.root, `${path}.root`, HASH),
    issuedAt: reader.integer(root.issuedAt, `${path}.issuedAt`),
    count: reader.integer(root.count, `${path}.count`, 1),
  };
}
