// Rounds that are built in code, with people and farms that are known.
import { collectRound, type Donation } from "../../src/funding/round.js";
import { STAMP_SCALE } from "../../src/funding/influence.js";
import { DEFAULT_RULES } from "../../src/scoring/rules/default-rules.js";
import { seededRandom } from "../../src/sybil/model/seeded-random.js";
import type { RoundAccount, RoundTables } from "../../src/sybil/round/round-tables.js";

export const CLOSED_AT = 1_700_000_000;
const DAY = 86_400;

export interface DonorSpec extends Partial<Omit<RoundAccount, "donor" | "created">> {
  readonly donor: string;
  /** Amounts by project. */
  readonly gifts: Readonly<Record<string, number>>;
  readonly days?: number | undefined;
  readonly stamps?: readonly string[];
}

/** Tables of the donors in their order; donors without a gift are not in a round. */
export function roundOf(donors: readonly DonorSpec[], others: Partial<RoundTables> = {}): RoundTables {
  const donations = donors.flatMap(({ donor, gifts }): Donation[] =>
    Object.entries(gifts).map(([project, amount]) => ({ donor, project, amount })),
  );
  const accounts = donors.map(({ donor, name, days, transactions, stake, funder, origins, owner }): RoundAccount => {
    const created = days === undefined ? undefined : CLOSED_AT - days * DAY;
    return { donor, name, created, transactions, stake, funder, origins: origins ?? [], owner };
  });
  return {
    settings: {
      name: "test",
      closedAt: CLOSED_AT,
      pool: 100_000,
      cap: 1,
      scale: STAMP_SCALE,
      tax: { k: 0.5, cap: 0.25 },
      flagFrom: 0.5,
    },
    donations: collectRound(donations),
    accounts,
    stamps: donors.map(({ stamps }) => new Set(stamps ?? [])),
    rules: undefined,
    prices: new Map(),
    labels: [],
    vouches: [],
    ...others,
  };
}

/**
 * People with donations, names, ages and stamps of their own, and farms of `size` accounts each, with one list of grants, a series
 * of names, one funder and cheap stamps. Donors are called h1, h2, ... and f<farm>-1, ...
 */
export function plantedRound(seed: number, people: number, farms: number, size: number): RoundTables {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const word = () => Array.from({ length: 9 }, () => String.fromCharCode(97 + below(26))).join("");
  const gifts = (count: number, amount: () => number) =>
    Object.fromEntries(Array.from({ length: count }, () => [`p${below(60)}`, amount()]));
  const stamps = (chances: Readonly<Record<string, number>>) =>
    Object.entries(chances).flatMap(([provider, chance]) => (random() < chance ? [provider] : []));
  const donors: DonorSpec[] = Array.from({ length: people }, (_, at) => ({
    donor: `h${at + 1}`,
    name: word(),
    gifts: gifts(1 + below(9), () => 1 + below(200)),
    days: 10 + below(2500),
    transactions: below(900),
    stake: random() < 0.05 ? 1_000 : 0,
    funder: `w${below(people)}`,
    stamps: stamps({ Google: 0.7, Discord: 0.6, Ens: 0.5, Linkedin: 0.5, Biometrics: 0.3, CleanHands: 0.4, X: 0.2 }),
  }));
  for (let farm = 1; farm <= farms; farm++) {
    const list = gifts(6, () => 3);
    const name = word();
    for (let member = 1; member <= size; member++) {
      const days = 5 + below(60);
      const cheap = stamps({ Google: 0.8, Discord: 0.9, Ens: 0.1, Linkedin: 0.15 });
      const own = { donor: `f${farm}-${member}`, name: `${name}${member}`, funder: `farm${farm}`, stamps: cheap };
      donors.push({ ...own, gifts: list, days, transactions: 5 + below(30), stake: 0 });
    }
  }
  return roundOf(donors, { rules: DEFAULT_RULES });
}
