// The Keccak-256 module: whole buffers per call, two messages at a time. Every message fits one block (136 bytes).
import {
  add,
  assemble,
  below,
  bothLanes,
  call,
  choose,
  differs,
  get,
  giveBack,
  i32,
  load,
  loadByte,
  loadLanes,
  multiply,
  repeatWhile,
  seq,
  set,
  store,
  storeLane,
  when,
  xor,
  type Code,
  type WasmFunction,
} from "./assembler.js";
import { permutation, STATE } from "./permutation.js";

const PERMUTE = 0;
const IS_BELOW = 1;
const RATE_WORDS = 17;
const LAST_BIT = bothLanes([0, 0, 0, 0, 0, 0, 0, 0x80]);
const FIRST_BIT = bothLanes([1, 0, 0, 0, 0, 0, 0, 0]);
const ZERO = bothLanes([0, 0, 0, 0, 0, 0, 0, 0]);

const lanes = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
const clear = (from: number): Code => seq(...lanes(from, 25).map((lane) => store(i32(0), STATE + 16 * lane, ZERO)));
const endBlock: Code = store(
  i32(0),
  STATE + 16 * (RATE_WORDS - 1),
  xor(load(i32(0), STATE + 16 * (RATE_WORDS - 1)), LAST_BIT),
);
const squeeze = (first: Code, second: Code): Code =>
  seq(
    ...lanes(0, 4).flatMap((word) => [
      storeLane(first, 8 * word, load(i32(0), STATE + 16 * word), 0),
      storeLane(second, 8 * word, load(i32(0), STATE + 16 * word), 1),
    ]),
  );

/** Whether the 32 bytes at the first address are below those at the second, as big-endian numbers. */
function isBelow(): WasmFunction {
  const [p, q, index, x, y] = [0, 1, 2, 3, 4];
  return {
    parameters: 2,
    returns: true,
    locals: { i32: 3 },
    body: seq(
      repeatWhile(
        below(get(index), i32(32)),
        seq(
          set(x, loadByte(add(get(p), get(index)))),
          set(y, loadByte(add(get(q), get(index)))),
          when(differs(get(x), get(y)), giveBack(below(get(x), get(y)))),
          set(index, add(get(index), i32(1))),
        ),
      ),
      i32(0),
    ),
  };
}

/**
 * `hashMessages(input, words, output, step, count)`: `count` messages of `words` 64-bit words each, one after another
 * from `input`, each already followed by Keccak's first padding bit within its words; the hashes are written from
 * `output`, `step` bytes apart.
 */
function hashMessages(): WasmFunction {
  const [input, words, output, step, count] = [0, 1, 2, 3, 4];
  const [second, secondOutput, word, size] = [5, 6, 7, 8];
  const single = below(get(count), i32(2));
  return {
    name: "hashMessages",
    parameters: 5,
    locals: { i32: 4 },
    body: seq(
      set(size, multiply(get(words), i32(8))),
      repeatWhile(
        get(count),
        seq(
          // An odd message at the end is hashed beside itself.
          set(second, choose(get(input), add(get(input), get(size)), single)),
          set(secondOutput, choose(get(output), add(get(output), get(step)), single)),
          clear(0),
          set(word, i32(0)),
          repeatWhile(
            below(get(word), get(words)),
            seq(
              store(
                multiply(get(word), i32(16)),
                STATE,
                loadLanes(
                  add(get(input), multiply(get(word), i32(8))),
                  add(get(second), multiply(get(word), i32(8))),
                  0,
                ),
              ),
              set(word, add(get(word), i32(1))),
            ),
          ),
          endBlock,
          call(PERMUTE),
          squeeze(get(output), get(secondOutput)),
          advance(input, second, get(size)),
          advance(output, secondOutput, get(step)),
          set(count, choose(i32(0), minus2(count), single)),
        ),
      ),
    ),
  };
}

/**
 * `hashPairs(input, output, count)`: `count` pairs of 32-byte nodes, one after another; of each pair the smaller node
 * is hashed first.
 */
function hashPairs(): WasmFunction {
  const [input, output, count] = [0, 1, 2];
  const [second, secondOutput, low1, high1, low2, high2, swap] = [3, 4, 5, 6, 7, 8, 9];
  const single = below(get(count), i32(2));
  const order = (pair: number, low: number, high: number): Code =>
    seq(
      set(swap, seq(add(get(pair), i32(32)), get(pair), call(IS_BELOW))),
      set(low, choose(add(get(pair), i32(32)), get(pair), get(swap))),
      set(high, choose(get(pair), add(get(pair), i32(32)), get(swap))),
    );
  return {
    name: "hashPairs",
    parameters: 3,
    locals: { i32: 7 },
    body: repeatWhile(
      get(count),
      seq(
        set(second, choose(get(input), add(get(input), i32(64)), single)),
        set(secondOutput, choose(get(output), add(get(output), i32(32)), single)),
        order(input, low1, high1),
        order(second, low2, high2),
        ...lanes(0, 4).map((word) => store(i32(0), STATE + 16 * word, loadLanes(get(low1), get(low2), 8 * word))),
        ...lanes(0, 4).map((word) =>
          store(i32(0), STATE + 16 * (4 + word), loadLanes(get(high1), get(high2), 8 * word)),
        ),
        store(i32(0), STATE + 16 * 8, FIRST_BIT),
        clear(9),
        endBlock,
        call(PERMUTE),
        squeeze(get(output), get(secondOutput)),
        advance(input, second, i32(64)),
        advance(output, secondOutput, i32(32)),
        set(count, choose(i32(0), minus2(count), single)),
      ),
    ),
  };
}

const minus2 = (local: number): Code => add(get(local), MINUS_TWO);
const MINUS_TWO: Code = [0x41, 0x7e];
const advance = (local: number, second: number, size: Code): Code => set(local, add(get(second), size));

/** The module's bytes; `pages` of 64 KiB of memory, of which the first {@link END_OF_PERMUTATION} bytes are its own. */
export const keccakModule = (pages: number): Uint8Array<ArrayBuffer> =>
  assemble([permutation(), isBelow(), hashMessages(), hashPairs()], pages);
