// Keccak-f[1600] (FIPS 202, section 3) over 64-bit lanes, two independent states at a time: each vector holds the same
// lane of both. State lane (x, y) is number x + 5y.
import {
  add,
  andNot,
  below,
  get,
  i32,
  load,
  loadBoth,
  or,
  repeatWhile,
  seq,
  set,
  shiftLeft,
  shiftRight,
  store,
  tee,
  xor,
  type Code,
  type WasmFunction,
} from "./assembler.js";

const ROUNDS = 24;
/** Rounds per turn of the loop: an even number, so that it ends in the state it began with. */
const UNROLL = 4;

/** Where the state lies in the module's memory (25 vectors), and where the 24 round constants follow it. */
export const STATE = 0;
const CONSTANTS = STATE + 25 * 16;
export const END_OF_PERMUTATION = CONSTANTS + ROUNDS * 8;

// Locals: 0 counts the bytes of constants used; then two states, between which the rounds alternate; one row after rho
// and pi; theta's columns.
const OFFSET = 0;
const LANE = (state: number, x: number, y: number) => 1 + 25 * state + (x % 5) + 5 * (y % 5);
const B = (x: number) => 51 + (x % 5);
const C = (x: number) => 56 + ((x + 5) % 5);
const D = (x: number) => 61 + ((x + 5) % 5);
const TURNED = 66;
const VECTORS = 66;
const FIVE = [0, 1, 2, 3, 4];

const rotateLeft = (value: Code, bits: number): Code => {
  if (bits === 0) return value;
  return or(shiftLeft(tee(TURNED, value), bits), shiftRight(get(TURNED), 64 - bits));
};

/** Rho's offsets: lane (x, y) that the walk of the specification reaches at step t turns by (t + 1)(t + 2) / 2. */
function rotations(): number[] {
  const offsets = Array.from({ length: 25 }, () => 0);
  let [x, y] = [1, 0];
  for (let step = 0; step < 24; step++) {
    offsets[x + 5 * y] = (((step + 1) * (step + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return offsets;
}

/** One round, row by row: a row's five lanes are turned and mixed while they are still in registers. */
function round(number: number): Code {
  const turn = rotations();
  const from = number % 2;
  const lane = (x: number, y: number) => get(LANE(from, x, y));
  const columns = FIVE.map((x) =>
    set(
      C(x),
      FIVE.slice(1).reduce<Code>((sum, y) => xor(sum, lane(x, y)), lane(x, 0)),
    ),
  );
  const theta = FIVE.map((x) => set(D(x), xor(rotateLeft(get(C(x + 1)), 1), get(C(x - 1)))));
  const rows = FIVE.flatMap((y) => [
    // Pi takes lane (x', y') to (y', 2x' + 3y'): what lands on (x, y) came from (x + 3y, x).
    ...FIVE.map((x) => {
      const [sourceX, sourceY] = [(x + 3 * y) % 5, x];
      return set(B(x), rotateLeft(xor(lane(sourceX, sourceY), get(D(sourceX))), turn[sourceX + 5 * sourceY] ?? 0));
    }),
    ...FIVE.map((x) => {
      const chi = xor(get(B(x)), andNot(get(B(x + 2)), get(B(x + 1))));
      const iota = x === 0 && y === 0 ? xor(chi, loadBoth(get(OFFSET), CONSTANTS + 8 * number)) : chi;
      return set(LANE(1 - from, x, y), iota);
    }),
  ]);
  return seq(...columns, ...theta, ...rows);
}

/** Permutes the two states at {@link STATE} in place. */
export function permutation(): WasmFunction {
  const lanes = Array.from({ length: 25 }, (_, index) => index);
  const base = i32(0);
  return {
    parameters: 0,
    locals: { i32: 1, v128: VECTORS },
    body: seq(
      ...lanes.map((lane) => set(1 + lane, load(base, STATE + 16 * lane))),
      repeatWhile(
        below(get(OFFSET), i32(8 * ROUNDS)),
        seq(
          ...Array.from({ length: UNROLL }, (_, number) => round(number)),
          set(OFFSET, add(get(OFFSET), i32(8 * UNROLL))),
        ),
      ),
      ...lanes.map((lane) => store(base, STATE + 16 * lane, get(1 + lane))),
    ),
  };
}

/** The round constants as they lie in memory: little-endian words from the specification's shift register. */
export function writeRoundConstants(memory: DataView): void {
  let register = 1;
  const nextBit = () => {
    const bit = register & 1;
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    return bit;
  };
  for (let number = 0; number < ROUNDS; number++) {
    let constant = 0n;
    for (let j = 0; j < 7; j++) constant |= BigInt(nextBit()) << BigInt(2 ** j - 1);
    memory.setBigUint64(CONSTANTS + 8 * number, constant, true);
  }
}
