import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { ManifestIndex } from "../../../src/snapshots/files/manifest-index.js";
import type { Manifest } from "../../../src/snapshots/manifest.js";

const digestOf = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const manifestOf = (n: number, block = n): Manifest => ({
  ...{ digest: digestOf(n), sequence: n, chunkSequences: 8, epoch: null, block, createdAt: null, signature: null },
  ...{ scorers: [], chunks: [] },
});

describe("the list of a folder's manifests", () => {
  let folder: string;
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), "touchstone-index-")), "manifests");
    await mkdir(folder);
  });
  afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }));

  const write = (n: number) => writeFile(path.join(folder, `${digestOf(n).slice(2)}.json`), "");
  /** As if nothing had changed for a while: else the list is made anew to be sure. */
  const age = () => utimes(folder, new Date(1_000_000), new Date(1_000_000));

  /** A source that counts what is read, and how much at a time. */
  function counting(count: number, block = (n: number) => n) {
    const seen = { reads: 0, listings: 0, now: 0, most: 0 };
    const digests = Array.from({ length: count }, (_, n) => digestOf(n + 1));
    const source = {
      digests: () => {
        seen.listings += 1;
        return Promise.resolve([...digests]);
      },
      manifest: async (digest: string) => {
        seen.reads += 1;
        seen.most = Math.max(seen.most, (seen.now += 1));
        await new Promise((resolve) => setImmediate(resolve));
        seen.now -= 1;
        return manifestOf(Number(digest), block(Number(digest)));
      },
    };
    return { seen, source, digests };
  }

  it("M4: manifests are read a few at a time, once, and not again while nothing changes", async () => {
    for (let n = 1; n <= 300; n++) await write(n);
    await age();
    const { seen, source } = counting(300);
    const index = new ManifestIndex(folder, source);
    const [first, second] = await Promise.all([index.list(), index.list()]);
    expect(first.map(({ sequence }) => sequence)).to.deep.equal(Array.from({ length: 300 }, (_, n) => 300 - n));
    expect(second).to.deep.equal(first);
    expect(seen.most).to.be.at.most(16);
    expect([seen.reads, seen.listings]).to.deep.equal([300, 1]);
    await index.list();
    expect([seen.reads, seen.listings]).to.deep.equal([300, 1]);
  });

  it("M4: what is new, gone or written anew is noticed, and the rest is not read again", async () => {
    let shown = 0;
    const { seen, source, digests } = counting(3, (n) => n + shown);
    for (const n of [1, 2, 3]) await write(n);
    const index = new ManifestIndex(folder, source);
    await index.list();
    await write(4);
    digests.push(digestOf(4));
    expect((await index.list()).map(({ sequence }) => sequence)).to.deep.equal([4, 3, 2, 1]);
    expect(seen.reads).to.equal(4);
    await rm(path.join(folder, `${digestOf(2).slice(2)}.json`));
    digests.splice(1, 1);
    shown = 100;
    await rm(path.join(folder, `${digestOf(3).slice(2)}.json`));
    await write(3);
    await utimes(path.join(folder, `${digestOf(3).slice(2)}.json`), new Date(), new Date(5_000));
    expect((await index.list()).map(({ block }) => block)).to.deep.equal([4, 103, 1]);
    expect(seen.reads).to.equal(5);
  });

  it("an empty folder, and none, have no snapshots", async () => {
    expect(await new ManifestIndex(folder, counting(0).source).list()).to.deep.equal([]);
    await rm(folder, { recursive: true });
    expect(await new ManifestIndex(folder, counting(0).source).list()).to.deep.equal([]);
  });
});
