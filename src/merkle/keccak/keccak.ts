// Keccak-256 in bulk: the module's memory is one small buffer that stays in the processor's cache; callers fill it with
// messages and read the hashes out of it.
import { keccakModule } from "./module.js";
import { wordsOf } from "../words.js";
import { END_OF_PERMUTATION, writeRoundConstants } from "./permutation.js";

/** Messages or pairs hashed per call. */
export const BATCH = 1024;

const PAGE = 65_536;
const MAX_WORDS = 17;
const INPUT = Math.ceil(END_OF_PERMUTATION / 64) * 64;
const OUTPUT = INPUT + BATCH * MAX_WORDS * 8;

// What we use of WebAssembly's interface; the compiler's library has it among the browser's types only.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  hashMessages(input: number, words: number, output: number, step: number, count: number): void;
  hashPairs(input: number, output: number, count: number): void;
}

const INNER = OUTPUT + BATCH * 32;
/** An inner hash as a message: four words of hash, one of padding. */
const INNER_WORDS = 5;
const INNER_STEP = INNER_WORDS * 8;

const pages = Math.ceil((INNER + BATCH * INNER_STEP) / PAGE);
const module = new WebAssembly.Instance(new WebAssembly.Module(keccakModule(pages))).exports as Exports;
const memory = new Uint8Array(module.memory.buffer);
const hashes = memory.subarray(OUTPUT, OUTPUT + BATCH * 32);
writeRoundConstants(new DataView(module.memory.buffer));
for (let at = INNER + 32; at < INNER + BATCH * INNER_STEP; at += INNER_STEP) memory[at] = 1;

/** Messages of one length, hashed up to {@link BATCH} at a time (once, or twice for leaves). */
export interface MessageBatch {
  /** The messages, `step` bytes apart. All batches share this memory: see {@link start}. */
  readonly messages: Uint8Array;
  /** The same memory as 32-bit words, for what is aligned: `step` is a multiple of eight. */
  readonly words: Uint32Array;
  readonly step: number;
  /**
   * Call before filling. What other batches left is cleared; what the same batch left stays, so that messages of which
   * always the same bytes are written need not be cleared in between.
   */
  start(): void;
  /** The hashes of the first `count` messages, 32 bytes each, valid until the next call of anything here. */
  hash(count: number): Uint8Array;
  /** As {@link hash}, of the hashes. */
  hashTwice(count: number): Uint8Array;
}

let owner: object | undefined;

/** A batch of messages of `length` bytes, at most 128. */
export function messageBatch(length: number): MessageBatch {
  const words = Math.floor(length / 8) + 1;
  const step = words * 8;
  const messages = memory.subarray(INPUT, INPUT + BATCH * step);
  return {
    messages,
    words: wordsOf(messages),
    step,
    start() {
      if (owner === this) return;
      owner = this;
      messages.fill(0);
      for (let at = length; at < messages.length; at += step) messages[at] = 1;
    },
    hash(count) {
      module.hashMessages(INPUT, words, OUTPUT, 32, count);
      return hashes.subarray(0, count * 32);
    },
    hashTwice(count) {
      module.hashMessages(INPUT, words, INNER, INNER_STEP, count);
      module.hashMessages(INNER, INNER_WORDS, OUTPUT, 32, count);
      return hashes.subarray(0, count * 32);
    },
  };
}

/** Hashes pairs of nodes (64 bytes each, smaller node first whatever their order) into nodes of 32 bytes. */
export function hashPairs(nodes: Uint8Array, target: Uint8Array): void {
  owner = undefined;
  const count = target.length / 32;
  for (let done = 0; done < count; done += BATCH) {
    const now = Math.min(BATCH, count - done);
    memory.set(nodes.subarray(done * 64, (done + now) * 64), INPUT);
    module.hashPairs(INPUT, OUTPUT, now);
    target.set(hashes.subarray(0, now * 32), done * 32);
  }
}
