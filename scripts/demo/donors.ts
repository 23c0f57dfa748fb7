// The donors of a funding round: people who do not exist, and three farms among them that nobody knows of before the round is analysed.
import { randomBytes } from "node:crypto";

import { getAddress, hexlify } from "ethers";

import { parseRules } from "../../src/scoring/rules/parse-rules.js";
import { parseFarms } from "../../src/sybil/generate/farms/parse-farms.js";
import { generateRound, tablesOf, truthOf, type GeneratedRound } from "../../src/sybil/generate/generate-round.js";
import type { RoundTables } from "../../src/sybil/round/round-tables.js";
import { RULES } from "./community.js";

const DONORS = 2_000;
/** Forty accounts that give as one, forty that collect what passes most cheaply, forty that one wallet has funded. */
const FARMS = "copy:40,collector:40,funding:40";

export interface Donors {
  readonly generated: GeneratedRound;
  readonly tables: RoundTables;
  /** EIP-55 form, in the order of the donors. */
  readonly accounts: readonly string[];
  /** The farm of a donor, by position: known to whoever invented the round, and to no analysis. */
  readonly farms: readonly (string | undefined)[];
}

/** The same round every time, but for the addresses. */
export function inviteDonors(closedAt: number): Donors {
  const made = generateRound({ donors: DONORS, farms: parseFarms(FARMS), rules: parseRules(RULES), closedAt });
  const accounts = made.donors.map(() => getAddress(hexlify(randomBytes(20))));
  const generated = { ...made, donors: accounts.map((account) => account.toLowerCase()) };
  return { generated, tables: tablesOf(generated), accounts, farms: truthOf(generated).map(({ farm }) => farm) };
}
