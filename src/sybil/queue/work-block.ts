import { indexFingerprints, type FingerprintIndex } from "../dna/fingerprints.js";
import { findNearestInThreads, THREADS_FROM } from "../dna/nearest-threads.js";
import { SybilError } from "../errors.js";
import { encodeBlock } from "./block-result.js";
import { decodeSets } from "./encode-sets.js";
import type { SaveOutcome, SearchStore } from "./ports.js";
import { makeSearch, type NearestSearch, type SearchPiece } from "./search.js";

export interface WorkOptions {
  /** As in `nearestDistancesInThreads`. */
  readonly threads: number;
  readonly threadsFrom?: number;
  /** Told how many distinct sets of the block are done. */
  readonly progress?: (done: number) => void;
  /** Ends what is under way, which then fails and is another's. */
  readonly signal?: AbortSignal;
}

/** `over` where there is nothing to do: the search is over, or the block was there. */
export type BlockOutcome = "done" | "over";

/** Works blocks, whoever hands them out. Keeps the index of the last input: its blocks mostly come one after the other. */
export class BlockWorker {
  readonly #store: SearchStore;
  readonly #options: WorkOptions;
  #indexed: { readonly input: string; readonly index: FingerprintIndex } | undefined;

  constructor(store: SearchStore, options: WorkOptions) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * Finds the nearest neighbours of a block and stores them. Doing it twice changes nothing. Throws `sybil/damaged-search` where the
   * stored search or input is not what it was, and stores nothing then.
   */
  async work(piece: SearchPiece): Promise<BlockOutcome> {
    const search = await this.#store.find(piece.search);
    if (search === undefined || (await this.#store.hasBlock(piece))) return "over";
    const { input, metric, blocks } = search;
    const isBlock = Number.isInteger(piece.block) && piece.block >= 0 && piece.block < blocks;
    if (!isBlock || makeSearch(input, metric, blocks).id !== search.id) {
      throw new SybilError("sybil/damaged-search", `The stored search ${search.id} was changed: run it again`);
    }
    const index = await this.#indexOf(input);
    checkSaved(
      await this.#store.saveBlock(piece, input, await computeBlock(index, search, piece.block, this.#options)),
      piece,
    );
    return "done";
  }

  async #indexOf(input: string): Promise<FingerprintIndex> {
    if (this.#indexed?.input !== input) {
      this.#indexed = undefined; // two at a time would need twice the memory
      this.#indexed = { input, index: indexFingerprints(decodeSets(await this.#store.input(input), input)) };
    }
    return this.#indexed.index;
  }
}

/** The result of one block, as it is stored. */
export async function computeBlock(
  index: FingerprintIndex,
  search: NearestSearch,
  block: number,
  { threads, threadsFrom = THREADS_FROM, progress, signal }: WorkOptions,
): Promise<Buffer> {
  const used = index.copies.length < threadsFrom ? 1 : threads;
  const share = { from: block, step: search.blocks, ...(signal === undefined ? {} : { signal }) };
  return encodeBlock(await findNearestInThreads(index, search.metric, used, progress, share), search, block);
}

/** Throws where a result cannot be that of its block; a search that is over needs none. */
export function checkSaved(outcome: SaveOutcome, { search, block }: SearchPiece): void {
  if (outcome === "other-input") {
    throw new SybilError(
      "sybil/other-input",
      `Block ${block} was computed from another input than the search ${search} has`,
    );
  }
  if (outcome === "differs") {
    throw new SybilError(
      "sybil/damaged-search",
      `Block ${block} of the search ${search} is stored with another result`,
    );
  }
}
