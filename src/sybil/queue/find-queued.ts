import { distancesOf } from "../dna/donor-dna.js";
import { indexFingerprints, NONE, type FingerprintIndex, type TokenSets } from "../dna/fingerprints.js";
import type { Metric, Nearest } from "../dna/nearest.js";
import { SybilError } from "../errors.js";
import { placeBlock } from "./block-result.js";
import { encodeSets, hashInput } from "./encode-sets.js";
import type { SearchQueue, SearchStore } from "./ports.js";
import { blockSize, DEFAULT_BLOCKS, makeSearch, type NearestSearch } from "./search.js";
import { checkSaved, computeBlock, type WorkOptions } from "./work-block.js";

export interface CoordinatorOptions extends WorkOptions {
  readonly store: SearchStore;
  readonly queue: SearchQueue;
  readonly blocks?: number;
  /** Milliseconds. */
  readonly now: number;
}

/** Whoever never came back for a search in this time has given it up. */
const GIVEN_UP = 7 * 24 * 3_600_000;

/**
 * The distances of `nearestDistances`, with whoever takes blocks off the queue. Workers begin at the first block and the coordinator at
 * the last, so that they meet and one without workers ends, too. What a worker holds that was killed, or is slow, the coordinator
 * does itself. Killed itself, it goes on from the stored blocks when it is called with the same again. `progress` is told how many
 * distinct sets are done. Throws `sybil/damaged-search` where a stored result is none, and forgets the search.
 */
export async function findQueued(sets: TokenSets, metric: Metric, options: CoordinatorOptions): Promise<Float64Array> {
  const { store, now } = options;
  const search = await enqueueSearch(sets, metric, options);
  const index = indexFingerprints(sets);
  const nearest = await collect(index, search, options);
  await store.remove(search.id);
  await store.removeBegunBefore(now - GIVEN_UP);
  return distancesOf(index, metric, nearest);
}

/** Stores a search and queues the blocks that are not there. */
export async function enqueueSearch(
  sets: TokenSets,
  metric: Metric,
  { store, queue, blocks = DEFAULT_BLOCKS, now }: Omit<CoordinatorOptions, "threads">,
): Promise<NearestSearch> {
  const input = encodeSets(sets);
  const search = makeSearch(hashInput(input), metric, blocks);
  await store.begin(search, input, now);
  for (let block = 0; block < blocks; block++) {
    const piece = { search: search.id, block };
    // Of a search that was begun before some may be queued still: who takes one of these finds it done.
    if (!(await store.hasBlock(piece))) await queue.add(piece);
  }
  return search;
}

async function collect(index: FingerprintIndex, search: NearestSearch, options: CoordinatorOptions): Promise<Nearest> {
  const { store, progress } = options;
  const count = index.copies.length;
  const nearest = { neighbours: new Uint32Array(count).fill(NONE), common: new Uint32Array(count) };
  const there = new Set<number>();
  let done = 0;
  const place = async (block: number, result: Buffer) => {
    if (!placeBlock(nearest, result, index, search, block)) {
      await store.remove(search.id);
      const message = `What is stored of block ${block} is no result of it; the search is forgotten: run it again`;
      throw new SybilError("sybil/damaged-search", message, { search: search.id, block });
    }
    there.add(block);
    progress?.((done += blockSize(index, search, block)));
  };
  for (let block = search.blocks - 1; ; block--) {
    // Kept here: another coordinator of the same search may end first and remove it.
    for (const found of await store.results(search.id, [...there])) await place(found.block, found.result);
    while (there.has(block)) block--;
    if (block < 0) return nearest;
    const own = { ...options, progress: (part: number) => progress?.(done + part) };
    const result = await computeBlock(index, search, block, own);
    const piece = { search: search.id, block };
    checkSaved(await store.saveBlock(piece, search.input, result), piece);
    await place(block, result);
  }
}
