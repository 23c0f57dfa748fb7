// Packed passport in, packed breakdown out, by the kernel and without an object per stamp. What it writes is to the byte what
// `PassportScorer` and `packBreakdown` would: a property test holds both against each other.
import type { CompiledScorer } from "../../rules/compile.js";
import { COUNTED, ScoreKernel, SUPERSEDED, UNKNOWN_PROVIDER } from "../../rules/kernel.js";
import { describeStamp, finishScore, type PassportScore, type ScorableStamp } from "../../rules/score.js";
import { BreakdownWriter } from "./breakdown.js";
import type { FlatPassport } from "./flat-passport.js";

/** A score whose stamps are packed. */
export interface FlatScore {
  readonly score: Omit<PassportScore, "stamps" | "unmet">;
  readonly breakdown: Buffer<ArrayBuffer>;
}

export class FlatScorer {
  readonly #scorer: CompiledScorer;
  readonly #kernel: ScoreKernel;
  readonly #writer = new BreakdownWriter();
  /** The kernel's number of each provider that the passports have numbered; one table of words for ever. */
  #indices = new Uint16Array(0);
  #order = new Int32Array(64);
  #sorted = { providers: new Uint16Array(64), expiries: new Float64Array(64), refused: new Uint8Array(64) };

  constructor(scorer: CompiledScorer) {
    this.#scorer = scorer;
    this.#kernel = new ScoreKernel(scorer);
  }

  /** The score of what was read last. `refusalOf` gives what the links say against the stamp at a place, if anything. */
  score(
    passport: FlatPassport,
    now: number,
    refusalOf: (place: number) => ScorableStamp["refusal"] | undefined,
  ): FlatScore {
    const { count } = passport;
    if (count > this.#order.length) this.#grow(count);
    this.#number(passport);
    this.#sort(passport);
    const { providers, expiries, refused } = this.#sorted;
    const refusals = new Map<number, NonNullable<ScorableStamp["refusal"]>>();
    for (let rank = 0; rank < count; rank++) {
      const place = this.#order[rank] as number;
      providers[rank] = this.#indices[passport.providers[place] as number] as number;
      expiries[rank] = passport.expiries[place] as number;
      const refusal = refusalOf(place);
      refused[rank] = refusal === undefined ? 0 : 1;
      if (refusal !== undefined) refusals.set(rank, refusal);
    }
    const kernel = this.#kernel;
    kernel.score(this.#sorted, 0, count, now);
    return { score: finishScore(this.#scorer, kernel, now), breakdown: this.#breakdown(passport, refusals) };
  }

  #breakdown(
    passport: FlatPassport,
    refusals: ReadonlyMap<number, NonNullable<ScorableStamp["refusal"]>>,
  ): Buffer<ArrayBuffer> {
    const kernel = this.#kernel;
    this.#writer.start(passport.count);
    let unknown: Set<number> | undefined;
    for (let rank = 0; rank < passport.count; rank++) {
      const place = this.#order[rank] as number;
      const index = this.#sorted.providers[rank] as number;
      const points = kernel.points[rank] as number;
      const weight = this.#scorer.weights[index] ?? 0;
      let code = kernel.status[rank] as number;
      if (index === UNKNOWN_PROVIDER && code === COUNTED) {
        const provider = passport.providers[place] as number;
        if (unknown?.has(provider) === true) code = SUPERSEDED;
        unknown = (unknown ?? new Set()).add(provider);
      }
      if (code === COUNTED && weight !== 0) {
        this.#writer.counted(passport, place, points);
        continue;
      }
      const refusal = refusals.get(rank);
      const stamp = {
        provider: passport.provider(place),
        digest: passport.digest(place),
        expiresAt: passport.expiries[place] as number,
        ...(refusal === undefined ? {} : { refusal }),
      };
      this.#writer.stamp(describeStamp(stamp, code, points, weight));
    }
    return this.#writer.take();
  }

  /** By provider, the longest-lived first, then by digest, as `PassportScorer` orders them. */
  #sort(passport: FlatPassport): void {
    const { words } = passport.words;
    const { providers, expiries } = passport;
    const order = this.#order;
    for (let place = 0; place < passport.count; place++) {
      const [provider, expiry] = [providers[place] as number, expiries[place] as number];
      let hole = place;
      for (; hole > 0; hole--) {
        const other = order[hole - 1] as number;
        const rival = providers[other] as number;
        if (rival === provider) {
          const later = (expiries[other] as number) - expiry;
          if (later > 0 || (later === 0 && passport.digest(other) <= passport.digest(place))) break;
        } else if ((words[rival] as string) < (words[provider] as string)) break;
        order[hole] = other;
      }
      order[hole] = place;
    }
  }

  #number({ words: { words } }: FlatPassport): void {
    if (words.length <= this.#indices.length) return;
    this.#indices = Uint16Array.from(words, (word) => this.#scorer.indexOf(word) ?? UNKNOWN_PROVIDER);
  }

  #grow(count: number): void {
    this.#order = new Int32Array(2 * count);
    this.#sorted = {
      providers: new Uint16Array(2 * count),
      expiries: new Float64Array(2 * count),
      refused: new Uint8Array(2 * count),
    };
  }
}
