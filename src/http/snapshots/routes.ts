import { Type } from "@fastify/type-provider-typebox";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";

import type { SnapshotFolder } from "../../snapshots/files/snapshot-folder.js";
import type { ManifestChunk } from "../../snapshots/manifest.js";
import { DomainError } from "../../shared/errors.js";
import { parseByteRange } from "./byte-range.js";
import type { SnapshotProblemCode } from "./problems.js";

export interface SnapshotRoutePorts {
  readonly folder: SnapshotFolder;
  /** Whether a caller may have stamps; nobody is asked about scores. Everybody may unless told. */
  readonly mayReadStamps?: (request: FastifyRequest) => boolean | Promise<boolean>;
}

/** How many snapshots a page has unless asked. */
const PAGE = 20;
const IMMUTABLE = "public, max-age=31536000, immutable";
const HEX = "^0x[0-9a-f]{64}$";
const DIGEST = Type.String({ pattern: HEX });
const SnapshotParameters = Type.Object({ digest: Type.Union([Type.Literal("latest"), DIGEST]) });
const BlockParameters = Type.Object({ block: Type.String({ pattern: "^(0|[1-9][0-9]{0,14})$" }) });
const PageQuery = Type.Object(
  {
    after: Type.Optional(Type.String({ pattern: HEX, description: "A page's `next`" })),
    limit: Type.Optional(Type.String({ pattern: "^([1-9][0-9]?|100)$", description: "1 to 100; 20 unless given" })),
  },
  { additionalProperties: false },
);
const ChunkParameters = Type.Object({ digest: DIGEST });

/** Snapshots of a folder: list, manifest, and chunks as they are stored, with ranges. For mirrors and aggregators. */
export const snapshotRoutes =
  ({ folder, mayReadStamps = () => true }: SnapshotRoutePorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const index = new ChunkIndex(folder);

    const list = { summary: "The snapshots, the furthest first, page by page", querystring: PageQuery };
    app.get("/v1/snapshots", { schema: list }, async ({ query: { after, limit = `${PAGE}` } }) => {
      const all = await folder.list();
      const from = after === undefined ? 0 : all.findIndex(({ digest }) => digest === after) + 1;
      if (after !== undefined && from === 0) throw refusal("snapshots/unknown-snapshot");
      const to = from + Number(limit);
      const items = all.slice(from, to).map(({ scorers: _scorers, ...shown }) => shown);
      return { items, next: to < all.length ? items.at(-1)?.digest : null };
    });

    const one = { summary: "A snapshot's manifest; its ETag is the snapshot's digest", params: SnapshotParameters };
    app.get("/v1/snapshots/:digest", { schema: one }, async (request, reply) => {
      const { digest } = request.params;
      const wanted = digest === "latest" ? (await folder.list())[0]?.digest : digest;
      const text = wanted === undefined ? undefined : await folder.manifestText(wanted);
      if (wanted === undefined || text === undefined) throw refusal("snapshots/unknown-snapshot");
      void reply.header("etag", `"${wanted}"`).header("cache-control", digest === "latest" ? "no-cache" : IMMUTABLE);
      if (isKnown(request, wanted)) return reply.status(304).send();
      return reply.type("application/json").send(text);
    });

    const at = { summary: "The snapshot that was taken at a block of the chain", params: BlockParameters };
    app.get("/v1/snapshots/at/:block", { schema: at }, async (request, reply) => {
      const manifest = await folder.manifestAt(Number(request.params.block));
      const text = manifest === undefined ? undefined : await folder.manifestText(manifest.digest);
      if (manifest === undefined || text === undefined) throw refusal("snapshots/unknown-snapshot");
      void reply.header("etag", `"${manifest.digest}"`).header("cache-control", "no-cache");
      if (isKnown(request, manifest.digest)) return reply.status(304).send();
      return reply.type("application/json").send(text);
    });

    const chunk = { summary: "A chunk, gzip; its ETag is the digest of what is in it", params: ChunkParameters };
    app.get("/v1/chunks/:digest", { schema: chunk }, async (request, reply) => {
      const { digest } = request.params;
      const found = await index.find(digest);
      const size = found === undefined ? undefined : await folder.chunkSize(digest);
      if (found === undefined || size === undefined) throw refusal("snapshots/missing-chunk");
      if (found.stream === "stamps" && !(await mayReadStamps(request))) throw refusal("snapshots/not-public");
      const visibility = found.stream === "stamps" ? IMMUTABLE.replace("public", "private") : IMMUTABLE;
      void reply.header("etag", `"${digest}"`).header("accept-ranges", "bytes").header("cache-control", visibility);
      if (isKnown(request, digest)) return reply.status(304).send();
      return sendChunk(folder, request, reply, digest, size);
    });
  };

function sendChunk(
  folder: SnapshotFolder,
  request: FastifyRequest,
  reply: FastifyReply,
  digest: string,
  size: number,
): FastifyReply {
  // A range of another file than the caller began with would be of no use to it: then it gets everything.
  const { "if-range": condition, range } = request.headers;
  const asked = condition === undefined || condition === `"${digest}"` ? parseByteRange(range, size) : "whole";
  if (asked === "unsatisfiable") {
    void reply.header("content-range", `bytes */${size}`);
    throw refusal("snapshots/bad-range");
  }
  const { from, to } = asked === "whole" ? { from: 0, to: size - 1 } : asked;
  if (asked !== "whole") void reply.status(206).header("content-range", `bytes ${from}-${to}/${size}`);
  void reply.type("application/gzip").header("content-length", to - from + 1);
  return reply.send(folder.streamChunk(digest, from, to));
}

/** Only what a manifest names is served, and the manifest says to which stream it belongs. */
class ChunkIndex {
  readonly #folder: SnapshotFolder;
  #chunks = new Map<string, ManifestChunk>();
  #read = new Set<string>();
  #under: Promise<void> | undefined;

  constructor(folder: SnapshotFolder) {
    this.#folder = folder;
  }

  async find(digest: string): Promise<ManifestChunk | undefined> {
    const known = this.#chunks.get(digest);
    if (known !== undefined) return known;
    // One reading for all who wait for it; whoever came while it was under way may need what appeared meanwhile.
    const before = this.#under;
    await before;
    if (before !== undefined && this.#chunks.has(digest)) return this.#chunks.get(digest);
    this.#under ??= this.#readNew().finally(() => (this.#under = undefined));
    await this.#under;
    return this.#chunks.get(digest);
  }

  async #readNew(): Promise<void> {
    for (const digest of await this.#folder.digests()) {
      if (this.#read.has(digest)) continue;
      const manifest = await this.#folder.manifest(digest);
      for (const chunk of manifest?.chunks ?? []) this.#chunks.set(chunk.digest, chunk);
      this.#read.add(digest);
    }
  }
}

const isKnown = ({ headers }: FastifyRequest, digest: string) =>
  (headers["if-none-match"] ?? "").split(",").some((tag) => tag.trim() === `"${digest}"`);

const refusal = (code: SnapshotProblemCode) => new DomainError(code, "");
