import type { NearestSearch, SearchPiece } from "./search.js";

/** What became of a result: `gone` where its search is over, `other-input` where it was not computed from that search's input. */
export type SaveOutcome = "saved" | "there" | "differs" | "gone" | "other-input";

/** Where searches, their inputs and the results of their blocks are. */
export interface SearchStore {
  /** Notes a search and its input. What is there already stays; a part of the input that is missing or damaged is written. */
  begin(search: NearestSearch, input: Buffer, now: number): Promise<void>;
  find(id: string): Promise<NearestSearch | undefined>;
  /** The stored bytes, not verified; empty where there are none. */
  input(hash: string): Promise<Buffer>;
  hasBlock(piece: SearchPiece): Promise<boolean>;
  /** Never changes a result that is there. */
  saveBlock(piece: SearchPiece, input: string, result: Buffer): Promise<SaveOutcome>;
  /** The results that are there, apart from the blocks `except`. */
  results(id: string, except: readonly number[]): Promise<{ readonly block: number; readonly result: Buffer }[]>;
  /** Removes a search with its results, and its input where no other search has it. */
  remove(id: string): Promise<void>;
  /** Removes searches that nobody has asked for since. */
  removeBegunBefore(time: number): Promise<void>;
}

/** How a coordinator hands out blocks. */
export interface SearchQueue {
  add(piece: SearchPiece): Promise<void>;
}
