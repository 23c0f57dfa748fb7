import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { startMirror } from "../../src/bin/start-mirror.js";
import { parseByteRange } from "../../src/http/snapshots/byte-range.js";
import { HttpMirror } from "../../src/http/snapshots/http-mirror.js";
import { createMirrorApp } from "../../src/http/snapshots/mirror-app.js";
import { silentLogger } from "../../src/shared/logger.js";
import { createSnapshot } from "../../src/snapshots/create.js";
import { downloadSnapshot } from "../../src/snapshots/files/download.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { printManifest, type Manifest, type ManifestChunk } from "../../src/snapshots/manifest.js";
import { verifySnapshot } from "../../src/snapshots/verify-snapshot.js";
import { anyLog, logSource } from "../support/snapshots/records.js";

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was thrown",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

const SMALL = { chunkSequences: 8 };

describe("a mirror", () => {
  let home: string;
  let folder: SnapshotFolder;
  let target: SnapshotFolder;
  let manifest: Manifest;
  let chunk: ManifestChunk;
  const closers: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "touchstone-mirror-"));
    folder = new SnapshotFolder(path.join(home, "mirror"));
    target = new SnapshotFolder(path.join(home, "target"));
    const log = fc.sample(anyLog(30, 30), 1)[0] ?? [];
    ({ manifest } = await createSnapshot(logSource(log), folder, SMALL));
    chunk = manifest.chunks[1] as ManifestChunk;
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await rm(home, { recursive: true, force: true });
  });

  async function served(stamps = true): Promise<string> {
    const settings = { folder: path.join(home, "mirror"), host: "127.0.0.1", port: 0, stamps };
    const mirror = await startMirror(settings, { logger: silentLogger });
    closers.push(() => mirror.close());
    return mirror.url;
  }

  /** A server that answers as told. */
  async function rogue(answer: http.RequestListener): Promise<string> {
    const server = http.createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  it("snapshot/mirror-round-trip: what a mirror serves is what was sealed", async () => {
    const url = await served();
    const got = await downloadSnapshot([new HttpMirror({ url, ...SMALL })], target, { digest: manifest.digest });
    expect(got).to.deep.equal(manifest);
    expect((await verifySnapshot(target, { digest: manifest.digest })).entries).to.equal(30);
    const list = (await (await fetch(`${url}/v1/snapshots`)).json()) as { items: { digest: string }[] };
    expect(list.items.map(({ digest }) => digest)).to.deep.equal([manifest.digest]);
  });

  it("snapshot/size-of-chunks: a mirror's manifest with another size than the network's is refused, whatever its digest", async () => {
    const small = new HttpMirror({ url: await served() });
    expect(await codeOf(small.manifest())).to.equal("snapshots/malformed-manifest");
    // The digest of a log of one chunk is the same for each size that holds it.
    const log = fc.sample(anyLog(5, 5), 1)[0] ?? [];
    const one = new SnapshotFolder(path.join(home, "one"));
    const { manifest: short } = await createSnapshot(logSource(log), one);
    const saying = async (words: Manifest) =>
      new HttpMirror({ url: await rogue((_request, response) => response.end(printManifest(words))) });
    const liar = await saying({ ...short, chunkSequences: short.sequence });
    expect(await codeOf(liar.manifest(short.digest))).to.equal("snapshots/malformed-manifest");
    expect(await (await saying(short)).manifest(short.digest)).to.deep.equal(short);
  });

  it("snapshot/ranges-and-tags: parts of a chunk, its digest as tag, and what is known is not sent", async () => {
    const app = await createMirrorApp({ folder, logger: silentLogger });
    closers.push(() => app.close());
    const get = (headers: Record<string, string> = {}) =>
      app.inject({ url: `/v1/chunks/${chunk.digest}`, headers }).then(({ statusCode, headers: got, rawPayload }) => ({
        statusCode,
        range: got["content-range"],
        tag: got["etag"],
        bytes: rawPayload,
      }));
    const whole = await get();
    expect([whole.statusCode, whole.tag]).to.deep.equal([200, `"${chunk.digest}"`]);
    expect(whole.bytes.length).to.equal(chunk.compressed);
    const tail = await get({ range: "bytes=10-" });
    expect([tail.statusCode, tail.range]).to.deep.equal([206, `bytes 10-${chunk.compressed - 1}/${chunk.compressed}`]);
    expect(tail.bytes.equals(whole.bytes.subarray(10))).to.equal(true);
    expect((await get({ range: "bytes=3-5" })).bytes.equals(whole.bytes.subarray(3, 6))).to.equal(true);
    expect((await get({ range: "bytes=-4" })).bytes.equals(whole.bytes.subarray(-4))).to.equal(true);
    const beyond = await get({ range: `bytes=${chunk.compressed}-` });
    expect([beyond.statusCode, beyond.range]).to.deep.equal([416, `bytes */${chunk.compressed}`]);
    expect((await get({ range: "bytes=10-", "if-range": '"another"' })).statusCode).to.equal(200);
    expect((await get({ "if-none-match": `"${chunk.digest}"` })).statusCode).to.equal(304);
    const unknown = await app.inject({ url: `/v1/chunks/0x${"00".repeat(32)}` });
    expect([unknown.statusCode, unknown.json<{ code: string }>().code]).to.deep.equal([404, "snapshots/missing-chunk"]);
    for (const url of ["/v1/chunks/..%2f..%2fsealed.ndjson", "/v1/snapshots/..%2fx", "/v1/chunks/0xAB"]) {
      expect((await app.inject({ url })).statusCode, url).to.be.oneOf([400, 404]);
    }
    const missing = await app.inject({ url: `/v1/snapshots/0x${"00".repeat(32)}` });
    expect(missing.statusCode).to.equal(404);
  });

  it("M4: the list comes in pages, each snapshot once, the furthest first", async () => {
    const log = fc.sample(anyLog(30, 30), 1)[0] ?? [];
    const many = new SnapshotFolder(path.join(home, "many"));
    for (let cut = 1; cut <= 30; cut++) await createSnapshot(logSource(log), many, { ...SMALL, cut });
    const app = await createMirrorApp({ folder: many, logger: silentLogger });
    closers.push(() => app.close());
    type Page = { items: { digest: string; sequence: number; compressed: object }[]; next: string | null };
    const page = async (query: string) => (await app.inject({ url: `/v1/snapshots${query}` })).json<Page>();
    const first = await page("");
    expect(first.items.map(({ sequence }) => sequence)).to.deep.equal(Array.from({ length: 20 }, (_, n) => 30 - n));
    expect(first.items[0]?.compressed).to.have.keys(["scores", "stamps"]);
    const rest = await page(`?after=${first.next}`);
    expect([rest.items.length, rest.next]).to.deep.equal([10, null]);
    const found: number[] = [];
    for (let next: string | null = ""; next !== null;) {
      const { items, next: following }: Page = await page(`?limit=7${next === "" ? "" : `&after=${next}`}`);
      found.push(...items.map(({ sequence }) => sequence));
      next = following;
    }
    expect(found).to.deep.equal(Array.from({ length: 30 }, (_, n) => 30 - n));
    const status = async (query: string) => (await app.inject({ url: `/v1/snapshots${query}` })).statusCode;
    expect(await status(`?after=0x${"00".repeat(32)}`)).to.equal(404);
    for (const bad of ["?limit=0", "?limit=101", "?after=x", "?page=2"]) expect(await status(bad), bad).to.equal(400);
  });

  it("reads one range and ignores what it does not know", () => {
    const cases: Record<string, ReturnType<typeof parseByteRange>> = {
      "bytes=0-": { from: 0, to: 9 },
      "bytes=2-3": { from: 2, to: 3 },
      "bytes=2-99": { from: 2, to: 9 },
      "bytes=-3": { from: 7, to: 9 },
      "bytes=-30": { from: 0, to: 9 },
      "bytes=-0": "unsatisfiable",
      "bytes=10-": "unsatisfiable",
      "bytes=5-2": "whole",
      "bytes=-": "whole",
      "bytes=0-1,3-4": "whole",
      "lines=0-1": "whole",
    };
    for (const [header, range] of Object.entries(cases))
      expect(parseByteRange(header, 10), header).to.deep.equal(range);
    expect(parseByteRange(undefined, 10)).to.equal("whole");
  });

  it("snapshot/stamps-for-signers-alone: a mirror of scores refuses stamps, and scores can be restored from it", async () => {
    const url = await served(false);
    const mirror = new HttpMirror({ url, ...SMALL });
    expect(await codeOf(downloadSnapshot([mirror], target, { rounds: 1 }))).to.equal("snapshots/mirror-failed");
    await downloadSnapshot([mirror], target, { streams: ["scores"] });
    const { entries } = await verifySnapshot(target, { streams: ["scores"] });
    expect(entries).to.equal(
      manifest.chunks.reduce((sum, one) => sum + (one.stream === "scores" ? one.entries : 0), 0),
    );
    const { status } = await fetch(`${url}/v1/chunks/${chunk.digest}`);
    expect(status).to.equal(403);
  });

  it("snapshot/rogue-servers-are-survived: silence, breaks, redirects, false ranges and floods, and then a good mirror", async () => {
    const good = await served();
    const forward = async (url: string | undefined) => Buffer.from(await (await fetch(good + url)).arrayBuffer());
    const manifests: http.RequestListener = (request, response) =>
      void forward(request.url).then((bytes) => response.end(bytes));
    const rogues: Record<string, http.RequestListener> = {
      silence: () => {},
      "a break in the middle": (request, response) =>
        void forward(request.url).then((bytes) => {
          response.writeHead(200, { "content-length": bytes.length });
          response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
        }),
      "a redirect": (_request, response) => response.writeHead(302, { location: good }).end(),
      "another range": (_request, response) =>
        response.writeHead(206, { "content-range": "bytes 7-9/10", "content-length": 3 }).end("abc"),
      "a flood": (_request, response) => {
        response.writeHead(200);
        const flood = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on("drain", flood);
        flood();
      },
      "a compressed answer": (_request, response) =>
        response.writeHead(200, { "content-encoding": "gzip" }).end("not gzip"),
      "an error": (_request, response) => response.writeHead(500).end("no"),
    };
    for (const [what, answer] of Object.entries(rogues)) {
      const url = await rogue((request, response) =>
        request.url?.startsWith("/v1/snapshots") === true ? manifests(request, response) : answer(request, response),
      );
      const own = new SnapshotFolder(path.join(home, what));
      const bad = new HttpMirror({ url, ...SMALL, silenceMilliseconds: 300 });
      expect(await codeOf(downloadSnapshot([bad], own, { rounds: 1 })), what).to.equal("snapshots/mirror-failed");
      await downloadSnapshot([bad, new HttpMirror({ url: good, ...SMALL })], own, { rounds: 1 });
      expect((await verifySnapshot(own, { digest: manifest.digest })).entries, what).to.equal(30);
    }
  });
});
