// A folder of snapshots:
//   manifests/<digest>.json   one per snapshot
//   chunks/<digest>.gz        the chunks of all of them; a closed chunk is shared by every later snapshot
//   blocks/<number>           the digest of the snapshot that was taken at a block of the chain; the first one stays
//   followed                  the digest up to which a node followed the log
//   evidence/<one>-<other>.json  two snapshots that a keeper signed and that contradict each other
//   sealed.ndjson             digests of closed chunks, so that none is sealed twice
// Names are made of digests that were parsed, never of text that a manifest brings. Files appear whole: they are written beside
// their place, flushed and renamed, so a process that is killed leaves nothing that looks complete.
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import { SnapshotError } from "../errors.js";
import { MAX_MANIFEST_BYTES, parseManifest, printManifest, type Manifest, type ManifestChunk } from "../manifest.js";
import type { SnapshotReader } from "../ports.js";
import type { Stream } from "../record.js";
import { compress, decompressChunk } from "./compression.js";
import { ManifestIndex, type SnapshotSummary } from "./manifest-index.js";

/** A closed chunk whose digest is known. */
export type CachedChunk = Pick<ManifestChunk, "bytes" | "digest" | "entries" | "compressed"> & {
  readonly size: number;
  readonly number: number;
  readonly stream: Stream;
};

const DIGEST = /^0x[0-9a-f]{64}$/;

export class SnapshotFolder implements SnapshotReader {
  readonly #folder: string;
  readonly #level: number;
  readonly #index: ManifestIndex;

  constructor(folder: string, { level = 6 }: { level?: number } = {}) {
    this.#folder = folder;
    this.#level = level;
    this.#index = new ManifestIndex(path.join(folder, "manifests"), {
      digests: () => this.digests(),
      manifest: (digest) => this.manifest(digest),
    });
  }

  /** The digests of all snapshots, in no order. */
  async digests(): Promise<string[]> {
    const names = await readdir(path.join(this.#folder, "manifests")).catch(absent<string[]>([]));
    return names
      .filter((name) => name.endsWith(".json"))
      .map((name) => `0x${name.replace(/\.json$/, "")}`)
      .filter((digest) => DIGEST.test(digest));
  }

  /**
   * All snapshots, the one that goes furthest first, from what is remembered of the folder: each manifest is read once, a few at a
   * time. One that cannot be read is an error, never passed over.
   */
  list(): Promise<readonly SnapshotSummary[]> {
    return this.#index.list();
  }

  async manifest(digest?: string): Promise<Manifest | undefined> {
    if (digest === undefined) {
      const [newest] = await this.list();
      return newest === undefined ? undefined : this.manifest(newest.digest);
    }
    const text = await this.manifestText(digest);
    if (text === undefined) return undefined;
    const manifest = parseManifest(text);
    if (manifest.digest === digest) return manifest;
    throw new SnapshotError("snapshots/wrong-digest", `The manifest of ${digest} is that of ${manifest.digest}`);
  }

  /** As it lies there. */
  async manifestText(digest: string): Promise<string | undefined> {
    const file = this.#manifestFile(digest);
    const size = await stat(file).then(({ size: bytes }) => bytes, absent(undefined));
    if (size === undefined) return undefined;
    if (size > MAX_MANIFEST_BYTES) {
      throw new SnapshotError("snapshots/malformed-manifest", `manifest: ${size} bytes are more than one may have`);
    }
    return readFile(file, "utf8");
  }

  saveManifest(manifest: Manifest): Promise<void> {
    return this.#write(this.#manifestFile(manifest.digest), Buffer.from(printManifest(manifest)));
  }

  /** The snapshot that was taken at a block of the chain. */
  async manifestAt(block: number): Promise<Manifest | undefined> {
    const digest = await readFile(this.#blockFile(block), "utf8").catch(absent(undefined));
    return digest === undefined ? undefined : this.manifest(digest.trim());
  }

  /** Makes a snapshot the one of a block, unless it has one: signers that ask twice get one answer. Gives the one it has. */
  async keepAt(block: number, digest: string): Promise<string> {
    const file = this.#blockFile(block);
    await mkdir(path.dirname(file), { recursive: true });
    // Written beside its place and linked into it: a link fails where there is one, and a killed process leaves no half of it.
    // Of a name of its own, because two callers of one process may come at once.
    const beside = `${file}.${randomUUID()}.new`;
    await writeFile(beside, `0x${nameOf(digest)}\n`, { flush: true });
    try {
      await link(beside, file);
      return digest;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return (await readFile(file, "utf8")).trim();
    } finally {
      await rm(beside, { force: true });
    }
  }

  /** The snapshot up to which a node followed the log: what it will sign later has to go on from there. */
  async followed(): Promise<Manifest | undefined> {
    const digest = await readFile(path.join(this.#folder, "followed"), "utf8").catch(absent(undefined));
    return digest === undefined ? undefined : this.manifest(digest.trim());
  }

  async keepFollowed(digest: string): Promise<void> {
    await this.#write(path.join(this.#folder, "followed"), Buffer.from(`0x${nameOf(digest)}\n`));
  }

  /** Keeps two snapshots that a keeper signed and that cannot both be of one log. */
  async keepEvidence(one: Manifest, other: Manifest): Promise<string> {
    const file = path.join(this.#folder, "evidence", `${nameOf(one.digest)}-${nameOf(other.digest)}.json`);
    await this.#write(file, Buffer.from(`[\n${printManifest(one)},\n${printManifest(other)}]\n`));
    return file;
  }

  /** Whether a chunk's file is there, by its size. */
  async has({ digest, compressed }: Pick<ManifestChunk, "digest" | "compressed">): Promise<boolean> {
    return (await this.chunkSize(digest)) === compressed;
  }

  /** The size of a chunk's file; undefined when it is not there. */
  chunkSize(digest: string): Promise<number | undefined> {
    return stat(this.chunkFile(digest)).then(({ size }) => size, absent(undefined));
  }

  /** Bytes of a chunk's file, `from` to `to`, both inclusive. */
  streamChunk(digest: string, from: number, to: number) {
    return createReadStream(this.chunkFile(digest), { start: from, end: to });
  }

  async chunk(chunk: ManifestChunk): Promise<Buffer> {
    const size = await this.chunkSize(chunk.digest);
    if (size === undefined) {
      const which = `${chunk.range.number} (${chunk.stream})`;
      throw new SnapshotError("snapshots/missing-chunk", `Chunk ${which} is not in the folder; fetch it again`);
    }
    // Its size first: a file of another one is not read into memory.
    if (size !== chunk.compressed) return decompressChunk(chunk, Buffer.alloc(0));
    return decompressChunk(chunk, await readFile(this.chunkFile(chunk.digest)));
  }

  /** Compresses a chunk into its place; gives the file's size. What is there already stays. */
  async saveChunk(digest: string, bytes: Uint8Array): Promise<number> {
    const there = await this.chunkSize(digest);
    if (there !== undefined) return there;
    const file = await compress(bytes, this.#level);
    await this.#write(this.chunkFile(digest), file);
    return file.length;
  }

  async removeChunk(digest: string): Promise<void> {
    await rm(this.chunkFile(digest), { force: true });
  }

  /** Where a download collects a chunk's file until it is whole. */
  async partFile(digest: string): Promise<string> {
    const file = `${this.chunkFile(digest)}.part`;
    await mkdir(path.dirname(file), { recursive: true });
    return file;
  }

  /** Moves a whole download to its place. */
  async keepPart(digest: string): Promise<void> {
    await rename(await this.partFile(digest), this.chunkFile(digest));
  }

  /** The closed chunks that were sealed here. A line that a killed process left half-written ends the list. */
  async cached(size: number): Promise<CachedChunk[]> {
    const text = await readFile(this.#cacheFile(), "utf8").catch(absent(""));
    const found: CachedChunk[] = [];
    for (const line of text.split("\n").slice(0, -1)) {
      try {
        const chunk = JSON.parse(line) as CachedChunk;
        if (chunk.size === size && DIGEST.test(chunk.digest)) found.push(chunk);
      } catch {
        break;
      }
    }
    return found;
  }

  async cache(chunk: CachedChunk): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await appendFile(this.#cacheFile(), `${JSON.stringify(chunk)}\n`);
  }

  /** Forgets what was sealed and keeps the list that is given. */
  recache(chunks: readonly CachedChunk[]): Promise<void> {
    const text = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`).join("");
    return this.#write(this.#cacheFile(), Buffer.from(text));
  }

  chunkFile(digest: string): string {
    return path.join(this.#folder, "chunks", `${nameOf(digest)}.gz`);
  }

  #manifestFile(digest: string): string {
    return path.join(this.#folder, "manifests", `${nameOf(digest)}.json`);
  }

  #blockFile(block: number): string {
    if (!Number.isSafeInteger(block) || block < 0) {
      throw new SnapshotError("snapshots/invalid-request", "A block is a number from 0");
    }
    return path.join(this.#folder, "blocks", String(block));
  }

  #cacheFile(): string {
    return path.join(this.#folder, "sealed.ndjson");
  }

  async #write(file: string, bytes: Uint8Array): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    const beside = `${file}.${process.pid}.new`;
    const handle = await open(beside, "w");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  }
}

function nameOf(digest: string): string {
  if (!DIGEST.test(digest)) throw new SnapshotError("snapshots/invalid-request", "A digest is 0x and 64 lower-case digits");
  return digest.slice(2);
}

/** What stands for a file that is not there; every other failure stays one. */
function absent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return value;
    throw error;
  };
}
