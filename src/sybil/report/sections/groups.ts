import { Type, type Static } from "typebox";

import type { ReportFacts } from "../facts.js";
import { closed, Share, shareOf } from "./parts.js";

export const Groups = Type.Array(closed({ group: Type.String(), meaning: Type.String(), flagged: Share }), {
  description: "How often accounts are flagged of which little is known, apart from the others",
});
export type Groups = Static<typeof Groups>;

const NEWCOMER_DAYS = 90;
const DAY = 86_400;
/** Of name, age, transactions, funder, origins and stamps: knowing two or fewer is little. */
const LITTLE = 2;

/** The flag rate of everybody, of newcomers, of accounts with little data, and of the others. Groups overlap. */
export function groupsSection({ tables, flagged }: ReportFacts): Groups {
  const { accounts, stamps, settings } = tables;
  const newest = settings.closedAt - NEWCOMER_DAYS * DAY;
  const known = accounts.map(
    ({ name, created, transactions, funder, origins }, row) =>
      [name, created, transactions, funder].filter((value) => value !== undefined).length +
      Number(origins.length > 0) +
      Number((stamps[row] as ReadonlySet<string>).size > 0),
  );
  const age = (row: number) => accounts[row]?.created;
  const groups: [group: string, meaning: string, belongs: (row: number) => boolean][] = [
    ["everybody", "all donors of the round", () => true],
    [
      "newcomers",
      `first seen on a chain in the ${NEWCOMER_DAYS} days before the round closed`,
      (row) => (age(row) ?? 0) > newest,
    ],
    ["established", "first seen before that", (row) => (age(row) ?? Infinity) <= newest],
    ["age unknown", "nobody looked when the account began", (row) => age(row) === undefined],
    [
      "little known",
      `at most ${LITTLE} of name, age, transactions, funder, origins, stamps are known`,
      (row) => (known[row] as number) <= LITTLE,
    ],
    ["more known", "at least three of them are known", (row) => (known[row] as number) > LITTLE],
    ["no stamps", "no valid stamp when the round closed", (row) => stamps[row]?.size === 0],
  ];
  return groups.flatMap(([group, meaning, belongs]) => {
    const rows = [...flagged.keys()].filter(belongs);
    if (rows.length === 0) return [];
    return [{ group, meaning, flagged: shareOf(rows.filter((row) => flagged[row] === 1).length, rows.length) }];
  });
}
