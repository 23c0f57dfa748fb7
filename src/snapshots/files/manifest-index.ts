// What a folder's manifests say in a line each. A folder that serves a network for a year has tens of thousands of them, each with
// all its chunks: they are read once, a few at a time, and the list is made anew only when something in the folder has changed.
import { stat } from "node:fs/promises";

import { forEachOf } from "../../shared/for-each-of.js";
import type { Manifest } from "../manifest.js";
import { STREAMS, type Stream } from "../record.js";

/** A snapshot as lists show it. */
export interface SnapshotSummary {
  readonly digest: string;
  readonly sequence: number;
  readonly epoch: number | null;
  readonly block: number | null;
  /** How many scorers it knows. */
  readonly scorers: number;
  /** Bytes of its chunks' files, by stream. */
  readonly compressed: Readonly<Record<Stream, number>>;
}

export interface ManifestSource {
  digests(): Promise<string[]>;
  manifest(digest: string): Promise<Manifest | undefined>;
}

/** How many manifests are read at a time: a process may have some hundred files open. */
const AT_ONCE = 16;
/** Milliseconds in which a file system may give two changes of a folder the same time. */
const GRAIN = 2_000;

interface Listed {
  readonly items: readonly SnapshotSummary[];
  /** The folder's time when it was listed; undefined when it was too young to tell the next change by it. */
  readonly changed: number | undefined;
}

export class ManifestIndex {
  readonly #folder: string;
  readonly #source: ManifestSource;
  /** By digest; with the file's time, because a manifest is written anew when a later block has the same log. */
  readonly #known = new Map<string, { readonly written: number; readonly summary: SnapshotSummary }>();
  #listed: Listed | undefined;
  #under: Promise<Listed> | undefined;

  /** `folder` holds one `<digest>.json` per snapshot. */
  constructor(folder: string, source: ManifestSource) {
    this.#folder = folder;
    this.#source = source;
  }

  /** The furthest first. Questions at the same time are one. */
  async list(): Promise<readonly SnapshotSummary[]> {
    const changed = await timeOf(this.#folder);
    if (this.#listed?.changed !== undefined && this.#listed.changed === changed) return this.#listed.items;
    this.#under ??= this.#read().finally(() => (this.#under = undefined));
    this.#listed = await this.#under;
    return this.#listed.items;
  }

  async #read(): Promise<Listed> {
    const changed = await timeOf(this.#folder);
    const digests = await this.#source.digests();
    await forEachOf(digests, AT_ONCE, (digest) => this.#note(digest));
    const there = new Set(digests);
    for (const digest of this.#known.keys()) if (!there.has(digest)) this.#known.delete(digest);
    const items = [...this.#known.values()]
      .map(({ summary }) => summary)
      .sort((a, b) => b.sequence - a.sequence || (a.digest < b.digest ? -1 : 1));
    return { items, changed: changed !== undefined && Date.now() - changed > GRAIN ? changed : undefined };
  }

  async #note(digest: string): Promise<void> {
    const written = await timeOf(`${this.#folder}/${digest.slice(2)}.json`);
    if (written === undefined) return void this.#known.delete(digest);
    if (this.#known.get(digest)?.written === written) return;
    const manifest = await this.#source.manifest(digest);
    if (manifest !== undefined) this.#known.set(digest, { written, summary: summaryOf(manifest) });
  }
}

/** Milliseconds; undefined for what is not there. */
const timeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );

function summaryOf({ digest, sequence, epoch, block, scorers, chunks }: Manifest): SnapshotSummary {
  const sizes = STREAMS.map((stream) => {
    const own = chunks.filter((chunk) => chunk.stream === stream);
    return [stream, own.reduce((sum, { compressed }) => sum + compressed, 0)] as const;
  });
  const compressed = Object.fromEntries(sizes) as Record<Stream, number>;
  return { digest, sequence, epoch, block, scorers: scorers.length, compressed };
}
