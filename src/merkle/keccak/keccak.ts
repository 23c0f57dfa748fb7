// Keccak-256 in bulk: the module's memory is one small buffer that stays in the processor's cache; callers fill it with
// messages and read the hashes out of it.
import { keccakModule } from "./module.js";
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

const pages = Math.ceil((OUTPUT + BATCH * 64) / PAGE);
const module = new WebAssembly.Instance(new WebAssembly.Module(keccakModule(pages))).exports as Exports;
writeRoundConstants(new DataView(module.memory.buffer));
const memory = new Uint8Array(module.memory.buffer);
const hashes = memory.subarray(OUTPUT, OUTPUT + BATCH * 32);

/** Messages of one length, hashed up to {@link BATCH} at a time (once, or twice for leaves). */
export interface MessageBatch {
  /** The messages, `step` bytes apart. Other batches use the same memory: fill it anew before every call. */
  readonly messages: Uint8Array;
  readonly step: number;
  /** Clears the messages and writes the padding; call before filling. */
  start(): void;
  /** The hashes of the first `count` messages, 32 bytes each, valid until the next call of anything here. */
  hash(count: number): Uint8Array;
  /** As {@link hash}, of the hashes. */
  hashTwice(count: number): Uint8Array;
}

/** A batch of messages of `length` bytes, at most 128. */
export function messageBatch(length: number): MessageBatch {
  const words = Math.floor(length / 8) + 1;
  const step = words * 8;
  const messages = memory.subarray(INPUT, INPUT + BATCH * step);
  return {
    messages,
    step,
    start() {
      messages.fill(0);
      for (let at = length; at < messages.length; at += step) messages[at] = 1;
    },
    hash(count) {
      module.hashMessages(INPUT, words, OUTPUT, 32, count);
      return hashes.subarray(0, count * 32);
    },
    hashTwice(count) {
      // The inner hashes become messages of five words: four of hash, one of padding.
      for (let at = OUTPUT + 32; at < OUTPUT + count * 40; at += 40) {
        memory.fill(0, at, at + 8);
        memory[at] = 1;
      }
      module.hashMessages(INPUT, words, OUTPUT, 40, count);
      module.hashMessages(OUTPUT, 5, OUTPUT, 32, count);
      return hashes.subarray(0, count * 32);
    },
  };
}

/** Hashes pairs of nodes (64 bytes each, smaller node first whatever their order) into nodes of 32 bytes. */
export function hashPairs(nodes: Uint8Array, target: Uint8Array): void {
  const count = target.length / 32;
  for (let done = 0; done < count; done += BATCH) {
    const now = Math.min(BATCH, count - done);
    memory.set(nodes.subarray(done * 64, (done + now) * 64), INPUT);
    module.hashPairs(INPUT, OUTPUT, now);
    target.set(hashes.subarray(0, now * 32), done * 32);
  }
}
