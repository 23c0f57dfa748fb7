import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { createSnapshot } from "../../../src/snapshots/create.js";
import { SnapshotFolder } from "../../../src/snapshots/files/snapshot-folder.js";
import { readSnapshot } from "../../../src/snapshots/read-snapshot.js";
import { keeper } from "../../support/snapshots/keeper.js";
import { anyLog, logSource } from "../../support/snapshots/records.js";

const SMALL = { chunkSequences: 4 };

describe("creating snapshots", () => {
  let home: string;
  let folders = 0;
  const folder = () => new SnapshotFolder(path.join(home, String(folders++)));
  beforeEach(async () => void (home = await mkdtemp(path.join(tmpdir(), "touchstone-create-"))));
  afterEach(() => rm(home, { recursive: true, force: true }));

  it("snapshot/chunking-does-not-depend-on-runs: whenever and however often it was created, a cut has one digest", async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyLog(30), cuts, async (log, given) => {
        const source = logSource(log);
        const often = folder();
        for (const cut of given) await createSnapshot(source, often, { ...SMALL, cut: Math.min(cut, log.length) });
        const [a, b] = [await createSnapshot(source, often, SMALL), await createSnapshot(source, folder(), SMALL)];
        expect(a.manifest.digest).to.equal(b.manifest.digest);
        const read = [];
        for await (const page of readSnapshot(often, a.manifest)) read.push(...page.records);
        expect(read).to.deep.equal(log);
      }),
      { numRuns: 15 },
    );
  });

  it("snapshot/only-the-open-chunk-is-sealed-anew: closed ones are known by their cached digests", async () => {
    const log = fc.sample(anyLog(30, 20), 1)[0] ?? [];
    const source = logSource(log);
    const own = folder();
    await createSnapshot(source, own, { ...SMALL, cut: 18 });
    const read: number[] = [];
    const watched = { ...source, read: (first: number, last: number) => (read.push(first), source.read(first, last)) };
    const { kept, sealed } = await createSnapshot(watched, own, { ...SMALL, cut: 19 });
    expect({ kept, sealed }).to.deep.equal({ kept: 4, sealed: 1 });
    // The newest closed one is compared with the log, the open one is sealed.
    expect(read).to.deep.equal([13, 17]);
  });

  it("snapshot/interrupted-create-goes-on: half a line of the cache, a lost file and left-overs change nothing", async () => {
    const log = fc.sample(anyLog(30, 20), 1)[0] ?? [];
    const source = logSource(log);
    const own = folder();
    const { manifest } = await createSnapshot(source, own, SMALL);
    const place = path.join(home, String(folders - 1));
    await appendFile(path.join(place, "sealed.ndjson"), '{"size":4,"numb');
    await writeFile(path.join(place, "chunks", "left.gz.1.new"), "half");
    const lost = manifest.chunks[2];
    await own.removeChunk(lost?.digest ?? "");
    const again = await createSnapshot(source, own, SMALL);
    expect(again.manifest.digest).to.equal(manifest.digest);
    expect(await own.has(lost as NonNullable<typeof lost>)).to.equal(true);
    expect((await readdir(path.join(place, "manifests"))).length).to.equal(1);
  });

  it("snapshot/signed-stays-signed: what a keeper signed is not replaced when the same log is sealed without one", async () => {
    const log = fc.sample(anyLog(10, 10), 1)[0] ?? [];
    const own = folder();
    const { manifest: signed } = await createSnapshot(logSource(log), own, { ...SMALL, keeper, block: 100 });
    const { manifest: again } = await createSnapshot(logSource(log), own, SMALL);
    expect(signed.signature).not.to.equal(null);
    expect([again, await own.manifest(signed.digest)]).to.deep.equal([signed, signed]);
  });

  it("says what cannot be sealed", async () => {
    const code = (work: Promise<unknown>) => work.then(() => "", (error: { code: string }) => error.code);
    expect(await code(createSnapshot(logSource([]), folder()))).to.equal("snapshots/empty-log");
    const log = fc.sample(anyLog(2), 1)[0] ?? [];
    expect(await code(createSnapshot(logSource(log), folder(), { cut: 9 }))).to.equal("snapshots/invalid-request");
  });
});
