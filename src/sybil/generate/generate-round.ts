// A round with planted farms, whose truth is known (sybil.md, Y17). Its people and its farms are those that its author thought of: what
// finds these farms has not shown that it finds others.
import { collectRound } from "../../funding/round.js";
import { STAMP_SCALE } from "../../funding/influence.js";
import { DEFAULT_RULES } from "../../scoring/rules/default-rules.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { costOfForgery } from "../cost/stamp-costs.js";
import { SybilError } from "../errors.js";
import type { HumanLabel, RoundSettings, RoundTables } from "../round/round-tables.js";
import type { AccountKind, MadeAccount, MadeVouch } from "./account.js";
import { plantFarm, type Farm } from "./farms/farm.js";
import { parseFarms } from "./farms/parse-farms.js";
import type { FarmPlan } from "./farms/traits.js";
import { makePeople, PEOPLE, type PeopleSettings } from "./people/people.js";
import { makeProjects, type Projects } from "./projects.js";
import { Random } from "./random.js";
import { reviewSample } from "./review.js";
import { INVENTED_PRICES } from "./stamp-market.js";

export interface GeneratorSettings {
  readonly seed: number;
  /** Donors together, those of farms included. */
  readonly donors: number;
  readonly projects: number;
  readonly farms: readonly FarmPlan[];
  /** How many donors a simulated review labels. */
  readonly labels: number;
  /** The scorer that farmers have read, and that the round uses. */
  readonly rules: ScorerRules;
  /** Seconds since 1970. */
  readonly closedAt: number;
  readonly people: PeopleSettings;
}

/** A farm of each kind, a tenth of the donors together. */
export const DEFAULT_FARMS = "collector:40,names:30,funding:40,copy:40,rental:25,staking:25";

export const GENERATOR_DEFAULTS: GeneratorSettings = {
  seed: 1,
  donors: 2_000,
  projects: 60,
  farms: parseFarms(DEFAULT_FARMS),
  labels: 0,
  rules: DEFAULT_RULES,
  closedAt: Date.UTC(2026, 8, 30, 12) / 1_000,
  people: PEOPLE,
};

/** What is true of a donor: known for generated rounds only. */
export interface DonorTruth {
  readonly donor: string;
  readonly kind: AccountKind;
  /** As `copy-4`, or `copy-adaptive-4`; undefined for people. */
  readonly farm: string | undefined;
}

export interface GeneratedRound {
  readonly settings: GeneratorSettings;
  readonly round: RoundSettings;
  readonly projects: Projects;
  /** By position of the donor, in an order that says nothing. */
  readonly donors: readonly string[];
  readonly accounts: readonly MadeAccount[];
  readonly vouches: readonly MadeVouch[];
  readonly labels: readonly HumanLabel[];
  readonly farms: readonly Farm[];
}

/**
 * Makes a round: the same settings give the same round. Throws `sybil/bad-setting` for fewer than 4 projects, and for farms that leave
 * no people.
 */
export function generateRound(given: Partial<GeneratorSettings> = {}): GeneratedRound {
  const settings = { ...GENERATOR_DEFAULTS, ...given };
  check(settings);
  const { seed, closedAt, rules } = settings;
  const random = new Random(`touchstone-round-v1/${seed}`);
  const projects = makeProjects(settings.projects, random.part("projects"));
  const planted = settings.farms.reduce((sum, { accounts }) => sum + accounts, 0);
  const people = makePeople(settings.donors - planted, projects, closedAt, settings.people, random.part("people"));
  const farms = settings.farms.map((plan, at) => {
    const id = `${plan.kind}${plan.adaptive ? "-adaptive" : ""}-${at + 1}`;
    return plantFarm(id, plan, { projects, people, closedAt, rules }, random.part(`farm-${at}`));
  });
  const accounts = random.part("order").shuffled([...people.accounts, ...farms.flatMap((farm) => farm.accounts)]);
  const width = String(accounts.length).length;
  const donors = accounts.map((_, at) => `d${String(at + 1).padStart(width, "0")}`);
  const round: RoundSettings = {
    name: `Generated round ${seed}`,
    closedAt,
    pool: 100_000,
    cap: 0.25,
    scale: STAMP_SCALE,
    tax: { k: 0.5, cap: 0.25 },
    flagFrom: 0.5,
  };
  return {
    settings,
    round,
    projects,
    donors,
    accounts,
    vouches: random.part("vouches").shuffled([...people.vouches, ...farms.flatMap((farm) => farm.vouches)]),
    labels: reviewSample(donors, accounts, settings.labels, random.part("review")),
    farms,
  };
}

function check({ seed, donors, projects, farms, labels }: GeneratorSettings): void {
  const refuse = (what: string): never => {
    throw new SybilError("sybil/bad-setting", what);
  };
  const whole = (value: number, from: number, to: number) =>
    Number.isSafeInteger(value) && value >= from && value <= to;
  if (!whole(seed, 0, Number.MAX_SAFE_INTEGER)) refuse(`the seed ${seed} is no whole number from 0`);
  if (!whole(donors, 1, 1_000_000)) refuse(`${donors} donors: a round has 1 to 1,000,000 of them`);
  if (!whole(projects, 4, 10_000)) refuse(`${projects} projects: a generated round has 4 to 10,000 of them`);
  if (!whole(labels, 0, donors)) refuse(`${labels} labels: a review labels 0 to ${donors} donors`);
  const planted = farms.reduce((sum, { accounts }) => sum + accounts, 0);
  if (planted >= donors) refuse(`the farms have ${planted} accounts, and there are ${donors} donors: nobody is left`);
}

/** The donations as their table has them, donor after donor. */
export function* generatedDonations({ accounts, donors, projects }: GeneratedRound) {
  for (const [at, { gifts }] of accounts.entries()) {
    for (const [project, cents] of gifts) {
      yield { donor: donors[at] as string, project: projects.names[project] as string, amount: cents / 100 };
    }
  }
}

export const truthOf = ({ accounts, donors }: GeneratedRound): DonorTruth[] =>
  accounts.map(({ kind, farm }, at) => ({ donor: donors[at] as string, kind, farm }));

/** A generated round as the analysis reads one: without the truth. */
export function tablesOf(generated: GeneratedRound): RoundTables {
  const { round, accounts, donors, settings, labels } = generated;
  const names = new Map(accounts.map((account, at) => [account, donors[at] as string]));
  return {
    settings: round,
    donations: collectRound(generatedDonations(generated)),
    accounts: accounts.map(({ name, created, transactions, stake, funder, origins, owner }, at) => ({
      donor: donors[at] as string,
      ...{ name, created, transactions, stake, funder, origins, owner },
    })),
    stamps: accounts.map(({ stamps }) => {
      const valid = [...stamps].filter(
        ([, { issued, expires }]) => issued <= round.closedAt && round.closedAt < expires,
      );
      return new Set(valid.map(([provider]) => provider));
    }),
    rules: settings.rules,
    prices: new Map(INVENTED_PRICES.map((cost) => [cost.stamp, costOfForgery(cost)])),
    labels,
    vouches: generated.vouches.map(({ from, to, amount }) => ({
      staker: names.get(from) as string,
      donor: names.get(to) as string,
      amount,
    })),
  };
}
