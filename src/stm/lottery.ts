// The lottery of the STM paper (section 3.3 of "Mithril: Stake-based Threshold Multisignatures") as the native scheme runs
// it: index i wins for the signature σ iff ev(σ, i) / 2^512 < 1 − (1 − phi_f)^w, w the share of the stake.
import { blake2b512 } from "./blake2b.js";
import { concat, fromLittleEndian, utf8 } from "./bytes.js";
import { winsExactly } from "./lottery-rational.js";
import { c120, type StmParameters, winsAlways } from "./parameters.js";

const ONE = 1n << 120n;
const LABEL = utf8("map");
/** The rational rule's threshold is less than this above {@link lotteryThreshold}; both sides are tested. */
const MARGIN = 256n;

/**
 * T: an index wins for certain if the upper 120 bits of its draw are below it. This is the rule of the contract, digit for
 * digit; it is never above the rational rule's threshold, and at most {@link MARGIN} below it for c120 up to 3 · 2^120.
 */
export function lotteryThreshold(scaledLog: bigint, stake: bigint, totalStake: bigint): bigint {
  const x = (scaledLog * stake) / totalStake;
  let odd = x;
  let even = 0n;
  for (let term = x, i = 2n; term !== 0n; i += 1n) {
    term = ((term * x) >> 120n) / i;
    if (i % 2n === 0n) even += term;
    else odd += term;
  }
  let threshold = odd - even - 64n;
  // Every floor lowers a term; 64 units cover what the lowered even terms add. At stake zero nothing is left to subtract from.
  if (threshold < 0n) threshold = 0n;
  // The rational rule's first step loses every draw above 1 + x + 1.5x², a bound below e^x from x = 2.6557 on.
  if (10n * x > 26n * ONE) {
    const cut = ONE - (1n << 240n) / (ONE + x + ((3n * x * x) >> 121n)) - 2n;
    if (cut < threshold) threshold = cut;
  }
  return threshold;
}

/** ev(σ, i): 64 bytes, to be read as a little-endian integer. `message` is the signed message with the root behind it. */
export function draw(message: Uint8Array, sigma: Uint8Array, index: number): Uint8Array {
  return new Draws(message, sigma).at(index);
}

/** The draws of one signature: the hashed bytes are laid out once and only the index changes. */
export class Draws {
  readonly #input: Uint8Array;
  readonly #view: DataView;
  readonly #offset: number;

  constructor(message: Uint8Array, sigma: Uint8Array) {
    this.#input = concat(LABEL, message, new Uint8Array(8), sigma);
    this.#view = new DataView(this.#input.buffer);
    this.#offset = LABEL.length + message.length;
  }

  at(index: number): Uint8Array {
    this.#view.setBigUint64(this.#offset, BigInt(index), true);
    return blake2b512(this.#input);
  }
}

/** The upper 48 of the 120 compared bits of a draw; enough to decide all but one in 2^40. */
const top48 = (ev: Uint8Array): number =>
  (ev[63] ?? 0) * 0x10000000000 +
  (ev[62] ?? 0) * 0x100000000 +
  (ev[61] ?? 0) * 0x1000000 +
  (((ev[60] ?? 0) << 16) | ((ev[59] ?? 0) << 8) | (ev[58] ?? 0));

/** Decides draws of one stake: with the fixed-point threshold where it is certain, else with the rational rule. */
export class Lottery {
  readonly #always: boolean;
  readonly #scaledLog: bigint;
  readonly #stake: bigint;
  readonly #total: bigint;
  readonly #low: bigint;
  readonly #high: bigint;
  readonly #low48: number;
  readonly #high48: number;

  constructor(parameters: StmParameters, stake: bigint, totalStake: bigint) {
    this.#always = winsAlways(parameters.phiF);
    this.#scaledLog = this.#always ? 0n : c120(parameters.phiF);
    this.#stake = stake;
    this.#total = totalStake;
    // Beyond x = 3 the series' error bound is not proved: everything is then left to the rational rule.
    const certain = this.#scaledLog * stake <= 3n * ONE * totalStake;
    this.#low = certain ? lotteryThreshold(this.#scaledLog, stake, totalStake) : 0n;
    this.#high = certain ? this.#low + MARGIN : ONE;
    this.#low48 = Number(this.#low >> 72n);
    this.#high48 = Number(this.#high >> 72n);
  }

  wins(ev: Uint8Array): boolean {
    if (this.#always) return true;
    const top = top48(ev);
    if (top < this.#low48) return true;
    if (top > this.#high48) return false;
    const value = fromLittleEndian(ev);
    const upper = value >> 392n;
    if (upper < this.#low) return true;
    if (upper >= this.#high) return false;
    return winsExactly(value, this.#scaledLog, this.#stake, this.#total);
  }
}
