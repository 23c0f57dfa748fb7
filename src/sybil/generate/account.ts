// An account in the making: what the tables will say of it, and what only its maker knows.

export type AccountKind = "human" | "newcomer" | "sybil";

export interface StampDates {
  /** Seconds since 1970. */
  readonly issued: number;
  readonly expires: number;
}

export interface MadeAccount {
  readonly kind: AccountKind;
  /** The farm that it belongs to; undefined for people. */
  readonly farm: string | undefined;
  name: string | undefined;
  created: number | undefined;
  transactions: number | undefined;
  stake: number | undefined;
  funder: string | undefined;
  origins: string[];
  owner: boolean;
  /** Cents by position of the project. */
  readonly gifts: Map<number, number>;
  readonly stamps: Map<string, StampDates>;
}

export const DAY = 86_400;

/** An account of which nothing is known yet. */
export const blankAccount = (kind: AccountKind, farm?: string): MadeAccount => ({
  kind,
  farm,
  name: undefined,
  created: undefined,
  transactions: undefined,
  stake: undefined,
  funder: undefined,
  origins: [],
  owner: false,
  gifts: new Map(),
  stamps: new Map(),
});

/** A stake between accounts of the round, by position. */
export interface MadeVouch {
  readonly from: MadeAccount;
  readonly to: MadeAccount;
  readonly amount: number;
}
