import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { expect } from "chai";
import fc from "fast-check";

import { createSnapshot } from "../../../src/snapshots/create.js";
import { downloadSnapshot } from "../../../src/snapshots/files/download.js";
import { SnapshotFolder } from "../../../src/snapshots/files/snapshot-folder.js";
import type { Manifest, ManifestChunk } from "../../../src/snapshots/manifest.js";
import { readSnapshot } from "../../../src/snapshots/read-snapshot.js";
import { anyLog, logSource } from "../../support/snapshots/records.js";
import { mirrorOf, type Behaviour } from "../../support/snapshots/mirrors.js";

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was thrown",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

describe("downloading snapshots", () => {
  let home: string;
  let source: SnapshotFolder;
  let target: SnapshotFolder;
  let manifest: Manifest;
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "touchstone-download-"));
    source = new SnapshotFolder(path.join(home, "source"));
    target = new SnapshotFolder(path.join(home, "target"));
    const log = fc.sample(anyLog(30, 30), 1)[0] ?? [];
    ({ manifest } = await createSnapshot(logSource(log), source, { chunkSequences: 8 }));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  async function readAll(folder: SnapshotFolder, of = manifest): Promise<number> {
    let records = 0;
    for await (const page of readSnapshot(folder, of)) records += page.records.length;
    return records;
  }
  const firstChunk = () => manifest.chunks[1] as ManifestChunk;

  it("snapshot/bad-mirror-then-good: wrong bytes of one mirror are mended by the next", async () => {
    const flipped: Behaviour = (bytes, from) => {
      const wrong = Buffer.from(bytes);
      wrong[wrong.length >> 1] = (wrong[wrong.length >> 1] as number) ^ 1;
      return { from, pieces: [wrong.subarray(from)] };
    };
    const bad = mirrorOf("bad", source, flipped);
    const alone = downloadSnapshot([bad], target, { rounds: 2 });
    expect(await codeOf(alone)).to.equal("snapshots/mirror-failed");
    expect(await target.list()).to.deep.equal([]);
    await downloadSnapshot([bad, mirrorOf("good", source)], target);
    expect(await readAll(target)).to.equal(30);
  });

  it("snapshot/range-ignored: a server that sends everything again is taken from the start", async () => {
    await writeFile(await target.partFile(firstChunk().digest), Buffer.from("12345"));
    const mirror = mirrorOf("whole", source, (bytes) => ({ from: 0, pieces: [bytes] }));
    await downloadSnapshot([mirror], target, { parallel: 1, rounds: 1 });
    expect(mirror.asked.map(({ from }) => from)).to.include(5);
    expect(await readAll(target)).to.equal(30);
  });

  it("snapshot/lying-length-is-refused: not a byte more than the manifest says is kept", async () => {
    let sent = 0;
    const endless: Behaviour = (bytes, from) => ({
      from,
      pieces: (function* () {
        for (; sent < 1_000; sent++) yield bytes;
      })(),
    });
    expect(await codeOf(downloadSnapshot([mirrorOf("endless", source, endless)], target, { rounds: 1 }))).to.equal(
      "snapshots/mirror-failed",
    );
    // Four chunks at a time, each of which stops at its second piece.
    expect(sent).to.be.lessThan(20);
    const other: Behaviour = (bytes, from) => ({ from: from + 1, pieces: [bytes] });
    expect(await codeOf(downloadSnapshot([mirrorOf("elsewhere", source, other)], target, { rounds: 1 }))).to.equal(
      "snapshots/mirror-failed",
    );
    const short: Behaviour = (bytes, from) => ({ from, pieces: [bytes.subarray(from, bytes.length - 3)] });
    expect(await codeOf(downloadSnapshot([mirrorOf("short", source, short)], target, { rounds: 2 }))).to.equal(
      "snapshots/mirror-failed",
    );
    // What was cut short stays and is completed.
    const good = mirrorOf("good", source);
    await downloadSnapshot([good], target, { parallel: 1 });
    expect(good.asked.some(({ from }) => from > 0)).to.equal(true);
    expect(await readAll(target)).to.equal(30);
  });

  it("snapshot/zip-bomb-is-bounded: a file that would grow beyond the manifest's size is refused", async () => {
    const chunk = firstChunk();
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
    const claimed: ManifestChunk = { ...chunk, compressed: bomb.length };
    await writeFile(await target.partFile(chunk.digest), bomb);
    await target.keepPart(chunk.digest);
    const before = process.memoryUsage().arrayBuffers;
    expect(await codeOf(target.chunk(claimed))).to.equal("snapshots/wrong-chunk");
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(32 * 2 ** 20);
  });

  it("snapshot/another-content-is-refused: gzip of as many other bytes is not the chunk", async () => {
    await downloadSnapshot([mirrorOf("good", source)], target);
    const chunk = firstChunk();
    const bytes = await target.chunk(chunk);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    const file = gzipSync(bytes);
    await writeFile(target.chunkFile(chunk.digest), file);
    expect(await codeOf(target.chunk({ ...chunk, compressed: file.length }))).to.equal("snapshots/wrong-chunk");
  });

  it("snapshot/wanted-digest-only: a mirror with another snapshot under its name is passed over", async () => {
    const wanted = `0x${"12".repeat(32)}`;
    const liar = { ...mirrorOf("liar", source), manifest: () => Promise.resolve(manifest) };
    expect(await codeOf(downloadSnapshot([liar], target, { digest: wanted }))).to.equal("snapshots/mirror-failed");
    await downloadSnapshot([liar], target, { digest: manifest.digest });
    expect(await readAll(target)).to.equal(30);
  });

  it("snapshot/forged-sizes: a manifest with the right digest and false sizes is passed over for the next mirror's", async () => {
    for (const change of [-1, 1]) {
      const own = new SnapshotFolder(path.join(home, `forged ${change}`));
      const chunks = manifest.chunks.map((chunk) => ({ ...chunk, compressed: chunk.compressed + change }));
      const liar = { ...mirrorOf("liar", source), manifest: () => Promise.resolve({ ...manifest, chunks }) };
      const { digest } = manifest;
      expect(await codeOf(downloadSnapshot([liar], own, { digest, rounds: 1 }))).to.equal("snapshots/mirror-failed");
      const got = await downloadSnapshot([liar, mirrorOf("good", source)], own, { digest, rounds: 1 });
      expect(got).to.deep.equal(manifest);
      expect(await readAll(own)).to.equal(30);
    }
  });

  it("snapshot/nothing-is-fetched-twice: what is there stays, scores alone need no stamps", async () => {
    const mirror = mirrorOf("good", source);
    await downloadSnapshot([mirror], target, { streams: ["scores"] });
    expect(mirror.asked.every(({ stream }) => stream === "scores")).to.equal(true);
    const { length } = mirror.asked;
    await downloadSnapshot([mirror], target);
    expect(mirror.asked.slice(length).every(({ stream }) => stream === "stamps")).to.equal(true);
    await downloadSnapshot([mirror], target);
    expect(mirror.asked.length).to.equal(manifest.chunks.length);
  });

  it("snapshot/damaged-folder-is-noticed: chunks that are altered, cut, exchanged or gone", async () => {
    await downloadSnapshot([mirrorOf("good", source)], target);
    const [, first, , second] = manifest.chunks as ManifestChunk[];
    if (first === undefined || second === undefined) throw new Error("too few chunks");
    const file = target.chunkFile(first.digest);
    const bytes = await readFile(file);
    const damages: [string, () => Promise<unknown>][] = [
      ["snapshots/wrong-chunk", () => writeFile(file, Buffer.concat([bytes.subarray(0, 20), Buffer.of(9), bytes.subarray(21)]))],
      ["snapshots/wrong-chunk", () => writeFile(file, bytes.subarray(0, bytes.length - 1))],
      ["snapshots/wrong-chunk", () => writeFile(file, Buffer.concat([bytes, Buffer.of(0)]))],
      ["snapshots/wrong-chunk", async () => writeFile(file, await readFile(target.chunkFile(second.digest)))],
      ["snapshots/missing-chunk", () => rm(file)],
    ];
    for (const [code, damage] of damages) {
      await damage();
      expect(await codeOf(readAll(target))).to.equal(code);
      await writeFile(file, bytes);
    }
    expect(await readAll(target)).to.equal(30);
  });
});
