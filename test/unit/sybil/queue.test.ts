import { expect } from "chai";
import fc from "fast-check";

import { nearestDistances } from "../../../src/sybil/dna/donor-dna.js";
import { indexFingerprints } from "../../../src/sybil/dna/fingerprints.js";
import { findNearestInThreads } from "../../../src/sybil/dna/nearest-threads.js";
import { findNearest } from "../../../src/sybil/dna/nearest.js";
import { decodeSets, encodeSets, hashInput } from "../../../src/sybil/queue/encode-sets.js";
import { enqueueSearch, findQueued } from "../../../src/sybil/queue/find-queued.js";
import type { SaveOutcome, SearchStore } from "../../../src/sybil/queue/ports.js";
import type { NearestSearch, SearchPiece } from "../../../src/sybil/queue/search.js";
import { BlockWorker } from "../../../src/sybil/queue/work-block.js";
import { generatedSets } from "../../support/sybil/sets.js";

/** Searches in memory. */
class MemoryStore implements SearchStore {
  readonly searches = new Map<string, NearestSearch & { begun: number }>();
  readonly inputs = new Map<string, Buffer>();
  readonly blocks = new Map<string, Map<number, Buffer>>();
  saved = 0;

  async begin(search: NearestSearch, input: Buffer, begun: number): Promise<void> {
    this.searches.set(search.id, { ...search, begun });
    this.inputs.set(search.input, input);
    if (!this.blocks.has(search.id)) this.blocks.set(search.id, new Map());
  }
  async find(id: string): Promise<NearestSearch | undefined> {
    return this.searches.get(id);
  }
  async input(hash: string): Promise<Buffer> {
    return this.inputs.get(hash) ?? Buffer.alloc(0);
  }
  async hasBlock({ search, block }: SearchPiece): Promise<boolean> {
    return this.blocks.get(search)?.has(block) === true;
  }
  async saveBlock({ search, block }: SearchPiece, input: string, result: Buffer): Promise<SaveOutcome> {
    const known = this.searches.get(search);
    if (known === undefined) return "gone";
    if (known.input !== input) return "other-input";
    const before = this.blocks.get(search)?.get(block);
    if (before !== undefined) return before.equals(result) ? "there" : "differs";
    this.blocks.get(search)?.set(block, result);
    this.saved += 1;
    return "saved";
  }
  async results(id: string, except: readonly number[]): Promise<{ block: number; result: Buffer }[]> {
    const all = [...(this.blocks.get(id) ?? [])].map(([block, result]) => ({ block, result }));
    return all.filter(({ block }) => !except.includes(block));
  }
  async remove(id: string): Promise<void> {
    this.searches.delete(id);
    this.blocks.delete(id);
  }
  async removeBegunBefore(time: number): Promise<void> {
    for (const { id, begun } of this.searches.values()) if (begun < time) await this.remove(id);
  }
}

const ALONE = { threads: 1, now: 1_000 };
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

describe("a queued search", () => {
  it("sybil/queued-blocks-give-what-one-process-does", async () => {
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 120 }),
      seed: fc.nat(999),
      blocks: fc.integer({ min: 1, max: 140 }),
    });
    const metric = fc.constantFrom("jaccard", "hamming");
    await fc.assert(
      fc.asyncProperty(shape, metric, fc.nat(999), async ({ rows, seed, blocks }, by, share) => {
        const sets = generatedSets(rows, seed);
        const store = new MemoryStore();
        const queued: SearchPiece[] = [];
        const queue = { add: async (piece: SearchPiece) => void queued.push(piece) };
        const { id } = await enqueueSearch(sets, by, { store, queue, blocks, ...ALONE });
        expect(queued).to.have.length(blocks);
        // Any of the blocks are done by workers, some of them twice.
        const worker = new BlockWorker(store, ALONE);
        for (const piece of queued.filter(({ block }) => (block * 7 + share) % 3 === 0)) {
          expect(await worker.work(piece)).to.equal("done");
          if (piece.block % 2 === 0) expect(await worker.work(piece)).to.equal("over");
        }
        const before = store.saved;
        const found = await findQueued(sets, by, { store, queue, blocks, ...ALONE });
        expect(found).to.deep.equal(nearestDistances(sets, by));
        expect(store.saved, "each block is done once").to.equal(blocks);
        expect(queued, "what is done is not queued again").to.have.length(2 * blocks - before);
        expect(store.searches.has(id)).to.equal(false);
      }),
      { numRuns: 60 },
    );
  });

  it("ends where another coordinator has ended and removed it", async () => {
    const sets = generatedSets(60, 3);
    const store = new MemoryStore();
    const queue = { add: async () => {} };
    let ended = false;
    store.saveBlock = async ({ search }) => {
      if (!ended) await store.remove(search);
      ended = true;
      return "gone";
    };
    const found = await findQueued(sets, "hamming", { store, queue, blocks: 4, ...ALONE });
    expect(found).to.deep.equal(nearestDistances(sets, "hamming"));
  });

  it("sybil/changed-searches-are-refused", async () => {
    const sets = generatedSets(60, 1);
    const store = new MemoryStore();
    const queue = { add: async () => {} };
    const search = await enqueueSearch(sets, "jaccard", { store, queue, blocks: 4, ...ALONE });
    const piece = { search: search.id, block: 2 };
    const work = () => refusal(new BlockWorker(store, ALONE).work(piece));
    store.searches.set(search.id, { ...search, metric: "hamming", begun: 0 });
    expect(await work(), "another metric").to.equal("sybil/damaged-search");
    store.searches.set(search.id, { ...search, blocks: 5, begun: 0 });
    expect(await work(), "other blocks").to.equal("sybil/damaged-search");
    store.searches.set(search.id, { ...search, begun: 0 });
    const input = store.inputs.get(search.input) as Buffer;
    const changed = Buffer.from(input);
    changed.writeUInt8((changed.readUInt8(changed.length - 4) + 1) & 255, changed.length - 4);
    store.inputs.set(search.input, changed);
    expect(await work(), "another input").to.equal("sybil/damaged-search");
    expect(store.saved).to.equal(0);
    store.inputs.set(search.input, input);
    expect(await work()).to.equal("none");
    // A stored result that is none ends the search; the next one is whole.
    for (const word of [0xfffffffe, 0xffffffff]) {
      await enqueueSearch(sets, "jaccard", { store, queue, blocks: 4, ...ALONE });
      const size = 4 * indexFingerprints(sets).copies.length;
      for (const result of [
        Buffer.alloc(size / 2 - 8),
        Buffer.alloc(size / 2, Buffer.from(Uint32Array.of(word).buffer)),
      ]) {
        store.blocks.set(search.id, new Map([[2, result]]));
        const found = await refusal(findQueued(sets, "jaccard", { store, queue, blocks: 4, ...ALONE }));
        expect(found).to.equal("sybil/damaged-search");
        expect(store.searches.size).to.equal(0);
      }
    }
    const found = await findQueued(sets, "jaccard", { store, queue, blocks: 4, ...ALONE });
    expect(found).to.deep.equal(nearestDistances(sets, "jaccard"));
  });

  it("forgets what nobody has asked for in a week", async () => {
    const store = new MemoryStore();
    const queue = { add: async () => {} };
    await enqueueSearch(generatedSets(20, 1), "jaccard", { store, queue, now: 1_000 });
    await findQueued(generatedSets(20, 2), "jaccard", { store, queue, threads: 1, now: 7 * 86_400_000 });
    expect(store.searches.size).to.equal(1);
    await findQueued(generatedSets(20, 2), "jaccard", { store, queue, threads: 1, now: 7 * 86_400_000 + 1_001 });
    expect(store.searches.size).to.equal(0);
  });

  it("has one block at least", async () => {
    const options = { store: new MemoryStore(), queue: { add: async () => {} }, ...ALONE };
    for (const blocks of [0, -1, 1.5, NaN, 10_001]) {
      const found = await refusal(findQueued(generatedSets(5, 1), "jaccard", { ...options, blocks }));
      expect(found, String(blocks)).to.equal("sybil/bad-setting");
    }
  });

  it("stores sets so that they are read as they were", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(999), (rows, seed) => {
        const sets = generatedSets(rows, seed);
        const bytes = encodeSets(sets);
        expect(decodeSets(bytes, hashInput(bytes))).to.deep.equal(sets);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses stored bytes that are no sets, even with their own hash", () => {
    const words = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
    const cases = {
      nothing: Buffer.alloc(0),
      "a part of a word": Buffer.alloc(13),
      "more rows than there are": words(3, 0xffffffff, 0, 1, 2),
      "starts that fall": words(3, 2, 0, 2, 1, 0),
      "a first start above zero": words(3, 1, 1, 1, 0),
      "tokens of no row": words(3, 1, 0, 1, 0, 1),
      "a token too high": words(3, 1, 0, 1, 3),
    };
    for (const [what, bytes] of Object.entries(cases)) {
      expect(() => decodeSets(bytes, hashInput(bytes)), what)
        .to.throw()
        .with.property("code", "sybil/damaged-search");
    }
  });

  it("gives each block's sets to several threads, and stops them", async () => {
    const index = indexFingerprints(generatedSets(300, 5));
    const share = { from: 2, step: 5 };
    const found = await findNearestInThreads(index, "jaccard", 2, undefined, share);
    const alone = findNearest(index, "jaccard", share.from, share.step);
    const own = (values: Uint32Array) => values.filter((_, u) => u % share.step === share.from);
    expect(own(found.neighbours)).to.deep.equal(own(alone.neighbours));
    expect(own(found.common)).to.deep.equal(own(alone.common));
    expect(
      found.neighbours.some((value, u) => u % share.step !== share.from && value !== 0),
      "others'",
    ).to.equal(false);
    const stop = new AbortController();
    const search = findNearestInThreads(index, "jaccard", 2, undefined, { ...share, signal: stop.signal });
    stop.abort();
    expect(String(await search.catch((error: unknown) => error))).to.include("stopped");
    expect(
      await refusal(findNearestInThreads(index, "jaccard", 2, undefined, { ...share, signal: stop.signal })),
    ).not.to.equal("none");
  });
});
