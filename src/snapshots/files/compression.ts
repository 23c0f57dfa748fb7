import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

import { chunkDigest } from "../chunk.js";
import { SnapshotError } from "../errors.js";
import type { ManifestChunk } from "../manifest.js";

const compressAsync = promisify(gzip);
const decompressAsync = promisify(gunzip);

/** Gzip. Its bytes are nobody's to compare: the digest is of what was compressed. */
export const compress = (bytes: Uint8Array, level = 6): Promise<Buffer> => compressAsync(bytes, { level });

/**
 * A chunk out of its file's bytes. Stops at the size that the manifest names, whatever the file would grow to, and compares the
 * digest. Throws `snapshots/wrong-chunk`.
 */
export async function decompressChunk(chunk: ManifestChunk, file: Uint8Array): Promise<Buffer> {
  const where = `chunk ${chunk.range.number} (${chunk.stream})`;
  if (file.length !== chunk.compressed) throw wrong(`${where} has ${file.length} bytes, not ${chunk.compressed}`);
  let bytes: Buffer;
  try {
    bytes = await decompressAsync(file, { maxOutputLength: chunk.bytes });
  } catch (cause) {
    throw wrong(`${where} is not gzip of ${chunk.bytes} bytes`, cause);
  }
  if (bytes.length !== chunk.bytes || chunkDigest(bytes) !== chunk.digest) throw wrong(`${where} has another digest`);
  return bytes;
}

const wrong = (problem: string, cause?: unknown) =>
  new SnapshotError("snapshots/wrong-chunk", `The snapshot is damaged: ${problem}; fetch it again`, {}, { cause });
