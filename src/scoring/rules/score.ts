// A passport's score, explained stamp by stamp. The arithmetic is the kernel's.
import type { CompiledScorer } from "./compile.js";
import { CAPPED, COUNTED, EXPIRED, GATED, REFUSED, ScoreKernel, SUPERSEDED, UNKNOWN_PROVIDER } from "./kernel.js";
import type { DuplicateExplanation } from "./links/explain.js";
import { POINT, type Points } from "./points.js";
import { scaleOf } from "./scale.js";
import type { StampStatus } from "./stamp-status.js";
import type { Factor } from "./scorer-rules.js";

/** A stamp as scoring sees it: what verification and the links have said goes in, the clock comes as an argument. */
export interface ScorableStamp {
  readonly provider: string;
  /** Credential digest: names the stamp and breaks ties. */
  readonly digest: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Set when the stamp cannot count, whatever the rules say. */
  readonly refusal?: {
    readonly status: StampStatus;
    readonly detail: string;
    readonly dedup?: DuplicateExplanation;
  };
}

/** What became of one stamp. */
export interface StampScore {
  readonly provider: string;
  readonly digest: string;
  readonly status: StampStatus;
  readonly points: Points;
  readonly expiresAt: number;
  readonly detail?: string;
  readonly dedup?: DuplicateExplanation;
}

export interface PassportScore {
  /** Hash of the rules that made it. */
  readonly rulesHash: string;
  /** Seconds since the epoch: the time it speaks of. */
  readonly scoredAt: number;
  /** The sum of the counted stamps' points. */
  readonly sum: Points;
  readonly threshold: Points;
  /** What the scorer publishes: the sum, or 1 or 0 point in binary mode. */
  readonly score: Points;
  readonly passing: boolean;
  /** What a passing score needs besides the sum, and does not have. */
  readonly unmet: { readonly gate: boolean; readonly required: readonly string[]; readonly allowList: boolean };
  /** What goes to the chain: the sum, or 0 when a condition is unmet, because the chain knows thresholds only. */
  readonly chainScore: Points;
  /** Earliest expiry among the stamps that contribute; null when none does. */
  readonly expiresAt: number | null;
  /** When a passing verdict first turns although nothing else happens; null when it does not pass. */
  readonly flipsAt: number | null;
  /** Influence in 1e-4, where the scorer has a scale. */
  readonly scale: Factor | null;
  /** Sorted by provider, the longest-lived first. */
  readonly stamps: readonly StampScore[];
}

// Reasons that are the same for everybody; a packed history names them by a number.
export const GATED_DETAIL = "this scorer does not count this provider";
export const SUPERSEDED_DETAIL = "another stamp of this provider is valid for longer";
export const WEIGHTLESS_DETAIL = "this scorer gives it no weight";
export const expiredDetail = (expiresAt: number): string => `expired at ${expiresAt}`;

const finite = (time: number): number | null => (time === Infinity ? null : time);

function compareStamps(a: ScorableStamp, b: ScorableStamp): number {
  if (a.provider !== b.provider) return a.provider < b.provider ? -1 : 1;
  if (a.expiresAt !== b.expiresAt) return b.expiresAt - a.expiresAt;
  return a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0;
}

/** What became of a stamp that the kernel gave a code. */
export function describeStamp(stamp: ScorableStamp, code: number, points: Points, weight: Points): StampScore {
  const { provider, digest, expiresAt, refusal } = stamp;
  const base = { provider, digest, expiresAt, points };
  switch (code) {
    case REFUSED:
      return { ...base, ...(refusal as NonNullable<typeof refusal>) };
    case EXPIRED:
      return { ...base, status: "expired", detail: expiredDetail(expiresAt) };
    case GATED:
      return { ...base, status: "gated", detail: GATED_DETAIL };
    case SUPERSEDED:
      return { ...base, status: "duplicate", detail: SUPERSEDED_DETAIL };
    case CAPPED:
      return { ...base, status: "capped", detail: `a limit leaves ${points} of ${weight} ten-thousandths of a point` };
    default:
      return { ...base, status: "counted", ...(weight === 0 ? { detail: WEIGHTLESS_DETAIL } : {}) };
  }
}

/** Everything about a score that is not about one stamp, after the kernel has scored. */
export function finishScore(
  { hash, rules }: CompiledScorer,
  { sum, passing, conditionsMet, expiresAt, flipsAt }: ScoreKernel,
  now: number,
): Omit<PassportScore, "stamps" | "unmet"> {
  return {
    rulesHash: hash,
    scoredAt: now,
    sum,
    threshold: rules.threshold,
    score: rules.mode === "weighted" ? sum : passing ? POINT : 0,
    passing,
    chainScore: conditionsMet ? sum : 0,
    expiresAt: finite(expiresAt),
    flipsAt: finite(flipsAt),
    scale: rules.scale === null ? null : scaleOf(rules.scale, conditionsMet ? sum : 0),
  };
}

/** Scores passports under one version of a scorer's rules. Holds scratch memory and no state between calls. */
export class PassportScorer {
  readonly #kernel: ScoreKernel;
  constructor(readonly scorer: CompiledScorer) {
    this.#kernel = new ScoreKernel(scorer);
  }

  /** The score of an account that holds these stamps, at `now` in seconds. The order of the stamps changes nothing. */
  score(stamps: readonly ScorableStamp[], now: number): PassportScore {
    const { scorer } = this;
    const ordered = [...stamps].sort(compareStamps);
    const flat = {
      providers: Uint16Array.from(ordered, ({ provider }) => scorer.indexOf(provider) ?? UNKNOWN_PROVIDER),
      expiries: Float64Array.from(ordered, ({ expiresAt }) => expiresAt),
      refused: Uint8Array.from(ordered, ({ refusal }) => (refusal === undefined ? 0 : 1)),
    };
    const kernel = this.#kernel;
    kernel.score(flat, 0, ordered.length, now);
    const unknown = new Set<string>();
    return {
      ...finishScore(scorer, kernel, now),
      unmet: this.#unmet(),
      stamps: ordered.map((stamp, place) => {
        const provider = flat.providers[place] as number;
        const code = kernel.status[place] as number;
        const points = kernel.points[place] as number;
        // The kernel cannot tell providers apart that the rules do not name; sorted, the earlier one lives longer.
        const again = provider === UNKNOWN_PROVIDER && code === COUNTED && unknown.has(stamp.provider);
        if (provider === UNKNOWN_PROVIDER && code === COUNTED) unknown.add(stamp.provider);
        return describeStamp(stamp, again ? SUPERSEDED : code, points, scorer.weights[provider] ?? 0);
      }),
    };
  }

  #unmet(): PassportScore["unmet"] {
    const { required, allowed, providers } = this.scorer;
    const missing = required.filter((provider) => !this.#kernel.holds(provider)).map((index) => providers[index] ?? "");
    const listed = allowed.length === 0 || allowed.some((provider) => this.#kernel.holds(provider));
    const others = missing.length > 0 || !listed;
    return { gate: !others && !this.#kernel.conditionsMet, required: missing, allowList: !listed };
  }
}
