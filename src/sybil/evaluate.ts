// How well an analysis did, against a truth that is known: of generated rounds only. Labels that were derived from features are no
// truth, and farms of a generator are those that its author thought of.
import { Random } from "./generate/random.js";
import type { DonorTruth } from "./generate/generate-round.js";
import type { RoundAccount } from "./round/round-tables.js";

/** What an analysis, and a scorer, said of one donor. */
export interface DonorVerdict {
  readonly flagged: boolean;
  readonly passed: boolean;
}

/** One round: the donors in one order everywhere. */
export interface JudgedRound {
  readonly truth: readonly DonorTruth[];
  readonly verdicts: readonly DonorVerdict[];
  /** Whether the tables say little of the donor. */
  readonly littleData: readonly boolean[];
}

/**
 * A share over several rounds, and its interval of 95 % from drawing rounds again (Efron 1979): accounts of one farm are found or
 * missed together, so that an interval over accounts would be too narrow. NaN where there is nothing.
 */
export interface PooledShare {
  readonly hits: number;
  readonly count: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface FarmFigures {
  readonly kind: string;
  readonly adaptive: boolean;
  readonly farms: number;
  /** Accounts that were flagged, and that passed the scorer. */
  readonly caught: PooledShare;
  readonly passed: PooledShare;
}

export interface Evaluation {
  readonly rounds: number;
  readonly donors: number;
  readonly sybils: number;
  /** Sybils among the flagged, and flagged among the Sybils. */
  readonly precision: PooledShare;
  readonly recall: PooledShare;
  /** The burden: flagged among people who are no Sybils; newcomers, and those of whom little is known, apart. */
  readonly burden: { readonly people: PooledShare; readonly newcomers: PooledShare; readonly littleData: PooledShare };
  /** Who passes the scorer. */
  readonly passed: {
    readonly people: PooledShare;
    readonly newcomers: PooledShare;
    readonly littleData: PooledShare;
    readonly sybils: PooledShare;
  };
  readonly farms: readonly FarmFigures[];
}

/** Few stamps, or most of the account's past unknown: such people look like farms, whatever they are (sybil.md, 8). */
export function saysLittle(account: RoundAccount, stamps: ReadonlySet<string>): boolean {
  const { name, created, transactions, funder, origins } = account;
  const unknown = [name, created, transactions, funder].filter((value) => value === undefined).length;
  return stamps.size <= 2 || unknown + (origins.length === 0 ? 1 : 0) >= 3;
}

const DRAWS = 1_000;

interface Row extends DonorTruth, DonorVerdict {
  readonly littleData: boolean;
}

/** Judges rounds together. */
export function evaluate(rounds: readonly JudgedRound[]): Evaluation {
  const rows = rounds.map(({ truth, verdicts, littleData }) =>
    truth.map((donor, at): Row => ({
      ...donor,
      ...(verdicts[at] as DonorVerdict),
      littleData: littleData[at] as boolean,
    })),
  );
  const share = (of: (row: Row) => boolean, hit: (row: Row) => boolean) =>
    pooledShare(
      rows.map((round) => {
        const counted = round.filter(of);
        return [counted.filter(hit).length, counted.length];
      }),
    );
  const flagged = (row: Row) => row.flagged;
  const passed = (row: Row) => row.passed;
  const sybil = (row: Row) => row.kind === "sybil";
  const honest = (row: Row) => !sybil(row);
  const newcomer = (row: Row) => row.kind === "newcomer";
  const little = (row: Row) => honest(row) && row.littleData;
  const every = rows.flat();
  const variants = new Set(every.flatMap(({ farm }) => (farm === undefined ? [] : [farm.replace(/-\d+$/, "")])));
  return {
    rounds: rounds.length,
    donors: every.length,
    sybils: every.filter(sybil).length,
    precision: share(flagged, sybil),
    recall: share(sybil, flagged),
    burden: { people: share(honest, flagged), newcomers: share(newcomer, flagged), littleData: share(little, flagged) },
    passed: {
      people: share(honest, passed),
      newcomers: share(newcomer, passed),
      littleData: share(little, passed),
      sybils: share(sybil, passed),
    },
    farms: [...variants].sort().map((variant) => {
      const member = (row: Row) => row.farm?.replace(/-\d+$/, "") === variant;
      const farms = rows.flatMap((round) => [...new Set(round.filter(member).map(({ farm }) => farm))]).length;
      const kind = variant.replace(/-adaptive$/, "");
      return { kind, adaptive: kind !== variant, farms, caught: share(member, flagged), passed: share(member, passed) };
    }),
  };
}

/** Pools hits and counts of rounds. */
export function pooledShare(rounds: readonly (readonly [hits: number, count: number])[]): PooledShare {
  const sum = (list: typeof rounds) =>
    list.reduce<[number, number]>(([hits, count], [more, others]) => [hits + more, count + others], [0, 0]);
  const [hits, count] = sum(rounds);
  const random = new Random("resampling");
  const drawn = Array.from({ length: DRAWS }, () => {
    const [some, of] = sum(rounds.map(() => random.pick(rounds)));
    return some / of;
  })
    .filter((share) => !Number.isNaN(share))
    .sort((a, b) => a - b);
  const at = (share: number) => drawn[Math.min(drawn.length - 1, Math.floor(share * drawn.length))] ?? NaN;
  return { hits, count, share: hits / count, low: at(0.025), high: at(0.975) };
}
