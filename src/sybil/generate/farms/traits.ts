// The farms of the library of exploits (sybil.md, Y17): what gives each kind away, and what it does about it once it has read the
// published thresholds.

export const FARM_KINDS = ["collector", "names", "funding", "copy", "rental", "staking"] as const;
export type FarmKind = (typeof FARM_KINDS)[number];

type Range = readonly [from: number, to: number];

/** Every knob of a farm. */
export interface FarmTraits {
  /** `own`: as people are called; `series`: a stem and a running number; `spaced`: a stem, names two edits or more apart. */
  readonly names: "own" | "series" | "spaced";
  /** Days before the close at which the first account was made. */
  readonly age: Range;
  /** Days within which all were made. */
  readonly madeWithin: number;
  readonly transactions: Range;
  /** How many accounts one wallet sends the first funds to; 1: each has them from an exchange or a wallet of its own. */
  readonly fundedTogether: number;
  /** How many accounts show one origin; 1: none does. */
  readonly seenTogether: number;
  /** Origins that an account shows besides. */
  readonly ownOrigins: Range;
  /** Projects besides the targets. */
  readonly camouflage: Range;
  /** `own`: each account chooses its camouflage; `template`: all have the same, up to `leastDistance`. */
  readonly donations: "own" | "template";
  /** With a template: the distance of donor DNA (Jaccard, with amounts) that any two accounts stay above; below 0 they are equal. */
  readonly leastDistance: number;
  /** Whether all gifts of the farm are the same sum. */
  readonly sameGift: boolean;
  /** Share of accounts that buy the cheapest stamps that pass the scorer; the others have a few cheap ones. */
  readonly passing: number;
  /** Stamps of people with documents, rented for the round, per account. */
  readonly rented: Range;
  /** Days before the close within which the stamps were issued. */
  readonly stampedWithin: number;
  /** `ring`: each vouches for the next ones; `circles`: small closed circles, and some vouches for people outside. */
  readonly vouches: "none" | "ring" | "circles";
}

/** A farm that has read nothing: besides what its kind is named for, one place from which several accounts are run. */
const PLAIN: FarmTraits = {
  names: "own",
  age: [10, 60],
  madeWithin: 4,
  transactions: [2, 14],
  fundedTogether: 1,
  seenTogether: 8,
  ownOrigins: [0, 2],
  camouflage: [1, 6],
  donations: "own",
  leastDistance: -1,
  sameGift: false,
  passing: 0.5,
  rented: [0, 0],
  stampedWithin: 40,
  vouches: "none",
};

/** A farm that has read what is published: old accounts, spread over months, every one of which passes. */
const CAREFUL: FarmTraits = {
  ...PLAIN,
  age: [200, 420],
  madeWithin: 150,
  transactions: [20, 160],
  seenTogether: 1,
  ownOrigins: [1, 4],
  camouflage: [2, 9],
  passing: 1,
  stampedWithin: 85,
};

/** Accounts with which a group of transfers begins to count (sybil.md, 2.8). */
const TRANSFER_GROUP = 8;
/** The graph's usual cut of the distance of donor DNA (2.1). */
const DNA_CUT = 0.1;

export const FARM_TRAITS: Readonly<Record<FarmKind, { readonly plain: FarmTraits; readonly adaptive: FarmTraits }>> = {
  collector: {
    plain: { ...PLAIN, camouflage: [0, 0], sameGift: true, fundedTogether: 20 },
    adaptive: CAREFUL,
  },
  names: {
    plain: { ...PLAIN, names: "series", fundedTogether: 10 },
    adaptive: { ...CAREFUL, names: "spaced" },
  },
  funding: {
    plain: { ...PLAIN, fundedTogether: Infinity, madeWithin: 1 },
    adaptive: { ...CAREFUL, fundedTogether: TRANSFER_GROUP - 1 },
  },
  copy: {
    plain: { ...PLAIN, donations: "template", camouflage: [8, 14], sameGift: true },
    adaptive: { ...CAREFUL, donations: "template", camouflage: [8, 14], leastDistance: DNA_CUT },
  },
  rental: {
    plain: { ...PLAIN, rented: [1, 2], passing: 0, stampedWithin: 3, fundedTogether: 8 },
    adaptive: { ...CAREFUL, rented: [1, 2], passing: 0.3 },
  },
  staking: {
    plain: { ...PLAIN, vouches: "ring" },
    adaptive: { ...CAREFUL, vouches: "circles" },
  },
};

/** A farm to plant. */
export interface FarmPlan {
  readonly kind: FarmKind;
  readonly accounts: number;
  readonly adaptive: boolean;
  /** What to do otherwise than the kind does. */
  readonly traits?: Partial<FarmTraits>;
}
