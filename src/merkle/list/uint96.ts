import type { ListOptions } from "./options.js";
import { TOKEN_DECIMALS } from "./options.js";

const WORD = 2 ** 32;
const DIGITS_PER_STEP = 6; // a 32-bit word times 10^6 is still exact in a double
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const [ZERO, NINE, POINT] = [0x30, 0x39, 0x2e];

export type AmountFault = "not-decimal" | "too-large";

/** An unsigned 96-bit integer in three words. A list of ten million rows makes no BigInt of them. */
export class Uint96 {
  high = 0;
  middle = 0;
  low = 0;

  toBigInt(): bigint {
    return (BigInt(this.high) << 64n) | (BigInt(this.middle) << 32n) | BigInt(this.low);
  }

  /** Reads plain digits; in tokens with an optional fraction. No sign, space, exponent or leading zero. */
  parse(source: Uint8Array, start: number, end: number, unit: ListOptions["unit"]): AmountFault | undefined {
    this.high = this.middle = this.low = 0;
    let pending = 0;
    let digits = 0;
    let wholeDigits = 0;
    let point = -1;
    let fits = true;
    for (let at = start; at < end; at++) {
      const byte = source[at] as number;
      if (byte === POINT && unit === "token" && point === -1) {
        point = at;
        continue;
      }
      if (byte < ZERO || byte > NINE) return "not-decimal";
      if (point === -1) wholeDigits++;
      pending = pending * 10 + byte - ZERO;
      if (++digits === DIGITS_PER_STEP) {
        fits = this.#shift(DIGITS_PER_STEP, pending) && fits;
        pending = digits = 0;
      }
    }
    const fraction = point === -1 ? 0 : end - point - 1;
    if (wholeDigits === 0 || fraction > TOKEN_DECIMALS || (point !== -1 && fraction === 0)) return "not-decimal";
    if (wholeDigits > 1 && source[start] === ZERO) return "not-decimal";
    fits = this.#shift(digits, pending) && fits;
    for (let zeros = unit === "token" ? TOKEN_DECIMALS - fraction : 0; zeros > 0; zeros -= DIGITS_PER_STEP) {
      fits = this.#shift(Math.min(zeros, DIGITS_PER_STEP), 0) && fits;
    }
    return fits ? undefined : "too-large";
  }

  /** Multiplies by ten to the power of `digits` and adds; false if the result does not fit. */
  #shift(digits: number, addend: number): boolean {
    const factor = POWERS[digits] as number;
    const low = this.low * factor + addend;
    const middle = this.middle * factor + Math.floor(low / WORD);
    const high = this.high * factor + Math.floor(middle / WORD);
    this.low = low % WORD;
    this.middle = middle % WORD;
    this.high = high % WORD;
    return high < WORD;
  }

  /** Adds; false if the sum does not fit. */
  add(other: Uint96): boolean {
    const low = this.low + other.low;
    const middle = this.middle + other.middle + (low >= WORD ? 1 : 0);
    const high = this.high + other.high + (middle >= WORD ? 1 : 0);
    this.low = low % WORD;
    this.middle = middle % WORD;
    this.high = high % WORD;
    return high < WORD;
  }

  isZero(): boolean {
    return this.low === 0 && this.middle === 0 && this.high === 0;
  }

  isAbove(other: Uint96): boolean {
    if (this.high !== other.high) return this.high > other.high;
    if (this.middle !== other.middle) return this.middle > other.middle;
    return this.low > other.low;
  }

  static from(value: bigint): Uint96 {
    const result = new Uint96();
    result.high = Number(value >> 64n);
    result.middle = Number((value >> 32n) & 0xffff_ffffn);
    result.low = Number(value & 0xffff_ffffn);
    return result;
  }
}
