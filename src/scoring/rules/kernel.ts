// The arithmetic of a score, over numbered providers in flat memory. The API's explained score, the bulk run and the tests'
// oracle all end here: two implementations of one rule will disagree one day.
//
// Order: drop what was refused or has expired or is not admitted, keep one stamp per provider (the latest expiry), apply each
// group's limits to its stamps best first, then the limits on everything, then add up and ask the conditions.
import type { CompiledScorer, GateFacts } from "./compile.js";
import { POINT } from "./points.js";
import type { Limits } from "./scorer-rules.js";

export const COUNTED = 0;
/** Refused before scoring: a duplicate of somebody else's, or not valid. */
export const REFUSED = 1;
export const EXPIRED = 2;
/** The scorer is not open to this provider. */
export const GATED = 3;
/** Another stamp of the same provider lives longer. */
export const SUPERSEDED = 4;
/** Worth less than its weight because of a limit. */
export const CAPPED = 5;

/** A provider index that the rules do not name. */
export const UNKNOWN_PROVIDER = 0xffff;

export interface FlatStamps {
  readonly providers: Uint16Array;
  /** Seconds since the epoch. */
  readonly expiries: Float64Array;
  /** 0 where a stamp may count, anything else where it was refused. */
  readonly refused: Uint8Array;
}

export class ScoreKernel {
  /** Results of the last `score`; arrays are indexed from the first stamp of that passport. */
  sum = 0;
  passing = false;
  /** Gate, required stamps and allow-list, without the threshold. */
  conditionsMet = false;
  /** Earliest expiry among the contributing stamps, Infinity when there are none. */
  expiresAt = Infinity;
  /** When a passing verdict first turns, Infinity when it does not pass. */
  flipsAt = Infinity;
  points: Int32Array;
  status: Uint8Array;

  readonly #scorer: CompiledScorer;
  readonly #best: Int32Array;
  readonly #mark: Uint32Array;
  #generation = 0;
  #held: Int32Array;
  #heldCount = 0;
  #order: Int32Array;
  readonly #facts: GateFacts;

  constructor(scorer: CompiledScorer, capacity = 64) {
    this.#scorer = scorer;
    this.#best = new Int32Array(scorer.providers.length);
    this.#mark = new Uint32Array(scorer.providers.length);
    this.points = new Int32Array(capacity);
    this.status = new Uint8Array(capacity);
    this.#held = new Int32Array(capacity);
    this.#order = new Int32Array(capacity);
    this.#facts = {
      holds: (provider) => this.#mark[provider] === this.#generation,
      groupSum: new Float64Array(scorer.groups.length),
      groupCount: new Int32Array(scorer.groups.length),
    };
  }

  /** Scores the stamps `[from, to)` of one passport at `now`, in seconds. */
  score(stamps: FlatStamps, from: number, to: number, now: number): void {
    if (to - from > this.points.length) this.#grow(to - from);
    this.#evaluate(stamps, from, to, now, true);
    this.expiresAt = this.#contributingExpiry(stamps, from);
    this.flipsAt = this.passing ? this.#firstFlip(stamps, from, to) : Infinity;
  }

  /** Whether a provider's stamp is held after the last `score`. */
  holds(provider: number): boolean {
    return this.#facts.holds(provider);
  }

  #grow(size: number): void {
    this.points = new Int32Array(2 * size);
    this.status = new Uint8Array(2 * size);
    this.#held = new Int32Array(2 * size);
    this.#order = new Int32Array(2 * size);
  }

  #evaluate(stamps: FlatStamps, from: number, to: number, at: number, record: boolean): void {
    this.#select(stamps, from, to, at, record);
    const { weights, plain } = this.#scorer;
    let sum = 0;
    for (let slot = 0; slot < this.#heldCount; slot++) {
      const place = this.#held[slot] as number;
      const weight = weights[stamps.providers[from + place] as number] as number;
      this.points[place] = weight;
      sum += weight;
    }
    this.sum = sum;
    this.conditionsMet = true;
    if (!plain) this.#applyRules(stamps, from, record);
    this.passing = this.conditionsMet && this.sum >= this.#scorer.rules.threshold;
  }

  /** Leaves in `#held` one stamp per provider. */
  #select({ providers, expiries, refused }: FlatStamps, from: number, to: number, at: number, record: boolean): void {
    const { open } = this.#scorer;
    // The marks of 2^32 evaluations ago would look fresh after the counter wraps.
    if (++this.#generation === 0x1_0000_0000) {
      this.#mark.fill(0);
      this.#generation = 1;
    }
    const generation = this.#generation;
    const note = (place: number, status: number) => {
      if (record) {
        this.status[place] = status;
        this.points[place] = 0;
      }
    };
    let count = 0;
    for (let index = from; index < to; index++) {
      const place = index - from;
      const provider = providers[index] as number;
      if (refused[index] !== 0) note(place, REFUSED);
      else if ((expiries[index] as number) <= at) note(place, EXPIRED);
      else if (provider === UNKNOWN_PROVIDER) note(place, this.#scorer.rules.providers === null ? COUNTED : GATED);
      else if (open[provider] === 0) note(place, GATED);
      else if (this.#mark[provider] === generation) {
        const slot = this.#best[provider] as number;
        const rival = this.#held[slot] as number;
        if ((expiries[index] as number) > (expiries[from + rival] as number)) {
          note(rival, SUPERSEDED);
          note(place, COUNTED);
          this.#held[slot] = place;
        } else note(place, SUPERSEDED);
      } else {
        this.#mark[provider] = generation;
        this.#best[provider] = count;
        this.#held[count++] = place;
        note(place, COUNTED);
      }
    }
    this.#heldCount = count;
  }

  #applyRules(stamps: FlatStamps, from: number, record: boolean): void {
    const { groups, limitedBy, weights } = this.#scorer;
    this.#sortHeld(stamps, from);
    const last = groups.length - 1;
    for (let group = 0; group < last; group++) {
      const limits = (groups[group] as (typeof groups)[number]).limits;
      if (limits.maxStamps === null && limits.diminishing === null && limits.cap === null) continue;
      this.#limit(limits, (place) => limitedBy[stamps.providers[from + place] as number] === group);
    }
    this.#sortHeld(stamps, from);
    this.#limit((groups[last] as (typeof groups)[number]).limits, () => true);
    let sum = 0;
    for (let slot = 0; slot < this.#heldCount; slot++) {
      const place = this.#held[slot] as number;
      const points = this.points[place] as number;
      sum += points;
      if (record && points < (weights[stamps.providers[from + place] as number] as number)) this.status[place] = CAPPED;
    }
    this.sum = sum;
    this.conditionsMet = this.#conditions(stamps, from);
  }

  /** Held stamps by points, most first; ties by provider, so that the order of arrival changes nothing. */
  #sortHeld({ providers }: FlatStamps, from: number): void {
    const order = this.#order;
    for (let slot = 0; slot < this.#heldCount; slot++) {
      const place = this.#held[slot] as number;
      const points = this.points[place] as number;
      const provider = providers[from + place] as number;
      let hole = slot;
      while (hole > 0) {
        const other = order[hole - 1] as number;
        const ahead = this.points[other] as number;
        if (ahead > points || (ahead === points && (providers[from + other] as number) < provider)) break;
        order[hole--] = other;
      }
      order[hole] = place;
    }
  }

  #limit({ maxStamps, diminishing, cap }: Limits, applies: (place: number) => boolean): void {
    if (maxStamps === null && diminishing === null && cap === null) return;
    let rank = 0;
    let reached = 0;
    for (let slot = 0; slot < this.#heldCount; slot++) {
      const place = this.#order[slot] as number;
      if (!applies(place)) continue;
      let points = this.points[place] as number;
      if (maxStamps !== null && rank >= maxStamps) points = 0;
      if (diminishing !== null) {
        const factor = diminishing[Math.min(rank, diminishing.length - 1)] as number;
        points = Math.floor((points * factor) / POINT);
      }
      if (cap !== null) points = Math.min(points, cap - reached);
      this.points[place] = points;
      reached += points;
      rank += 1;
    }
  }

  #conditions(stamps: FlatStamps, from: number): boolean {
    const { gate, required, allowed, groups } = this.#scorer;
    for (const provider of required) if (!this.holds(provider)) return false;
    if (allowed.length > 0 && !allowed.some((provider) => this.holds(provider))) return false;
    if (gate === null) return true;
    const { groupSum, groupCount } = this.#facts;
    for (let group = 0; group < groups.length; group++) {
      const members = (groups[group] as (typeof groups)[number]).members;
      groupSum[group] = 0;
      groupCount[group] = 0;
      for (let slot = 0; slot < this.#heldCount; slot++) {
        const place = this.#held[slot] as number;
        if (members[stamps.providers[from + place] as number] !== 1) continue;
        groupSum[group] = (groupSum[group] as number) + (this.points[place] as number);
        groupCount[group] = (groupCount[group] as number) + 1;
      }
    }
    return gate(this.#facts);
  }

  #contributingExpiry({ providers, expiries }: FlatStamps, from: number): number {
    let earliest = Infinity;
    for (let slot = 0; slot < this.#heldCount; slot++) {
      const place = this.#held[slot] as number;
      const named = this.#scorer.named[providers[from + place] as number] === 1;
      if (named || (this.points[place] as number) > 0) {
        earliest = Math.min(earliest, expiries[from + place] as number);
      }
    }
    return earliest;
  }

  /** Drops the held stamps in the order of their expiry until the verdict turns. */
  #firstFlip(stamps: FlatStamps, from: number, to: number): number {
    const order = this.#order;
    const count = this.#heldCount;
    const expiry = (place: number) => stamps.expiries[from + place] as number;
    for (let slot = 0; slot < count; slot++) {
      const place = this.#held[slot] as number;
      let hole = slot;
      while (hole > 0 && expiry(order[hole - 1] as number) > expiry(place)) order[hole] = order[--hole] as number;
      order[hole] = place;
    }
    if (this.#scorer.plain) {
      let rest = this.sum;
      for (let slot = 0; slot < count; slot++) {
        const place = order[slot] as number;
        rest -= this.points[place] as number;
        if (rest < this.#scorer.rules.threshold) return expiry(place);
      }
      return Infinity;
    }
    return this.#flipByReplay(stamps, from, to, count);
  }

  #flipByReplay(stamps: FlatStamps, from: number, to: number, count: number): number {
    const { sum, points, conditionsMet } = this;
    const times = Array.from(this.#order.subarray(0, count), (place) => stamps.expiries[from + place] as number);
    const held = this.#held.slice(0, count);
    this.points = points.slice();
    let flip = Infinity;
    for (const time of times) {
      this.#evaluate(stamps, from, to, time, false);
      if (!this.passing) {
        flip = time;
        break;
      }
    }
    // Put the answer for `now` back.
    for (let slot = 0; slot < count; slot++) {
      this.#mark[stamps.providers[from + (held[slot] as number)] as number] = this.#generation;
    }
    this.points = points;
    this.sum = sum;
    this.conditionsMet = conditionsMet;
    this.passing = true;
    return flip;
  }
}
