import path from "node:path";

import { numberOf, readTable } from "../sybil/tables/read-table.js";
import { FundingError } from "./errors.js";
import { toUnits } from "./pool.js";

export interface ProjectPayout {
  readonly project: string;
  readonly payout: number;
}

/** Who is paid for a project: cells of a list that `distribution build` checks. */
export interface Recipient {
  readonly userId: string;
  readonly address: string;
}

/** A row of a list; the amount is in the token's smallest unit. */
export interface PayoutRow extends Recipient {
  readonly amount: bigint;
}

/** Reads `project,payout`; the other columns that `qf match` and `qf tax` write may be there. */
export async function readPayouts(file: string): Promise<ProjectPayout[]> {
  const payouts = new Map<string, number>();
  for await (const { line, cells } of readTable(
    file,
    ["project", "payout"],
    ["matching", "flagged", "others", "tax"],
  )) {
    const [project, text] = cells as [string, string];
    const payout = numberOf(text, { file, line, column: "payout" }) as number;
    const wrong =
      payout < 0 ? `the payout ${text} is below 0` : payouts.has(project) ? `${project} is there twice` : "";
    if (wrong !== "") {
      throw new FundingError("funding/bad-donation", `${path.basename(file)}, line ${line}: ${wrong}`, { line });
    }
    payouts.set(project, payout);
  }
  return Array.from(payouts, ([project, payout]) => ({ project, payout }));
}

/** Reads `project,user_id,address`: one recipient for each project, and no user for two. */
export async function readRecipients(file: string): Promise<Map<string, Recipient>> {
  const recipients = new Map<string, Recipient>();
  const users = new Set<string>();
  for await (const { line, cells } of readTable(file, ["project", "user_id", "address"])) {
    const [project, userId, address] = cells as [string, string, string];
    const wrong = recipients.has(project)
      ? `the project ${project} is there twice`
      : users.has(userId)
        ? `the user ${userId} is there twice`
        : "";
    if (wrong !== "") {
      throw new FundingError("funding/bad-recipient", `${path.basename(file)}, line ${line}: ${wrong}`, { line });
    }
    users.add(userId);
    recipients.set(project, { userId, address });
  }
  return recipients;
}

/**
 * Cuts `units` of a token by payouts of a pool, whole units by largest remainder, never more than there are. Projects that get less
 * than a unit are left out, as a list has no empty rows. Throws `funding/bad-recipient` for a paid project that nobody is paid for.
 */
export function payoutList(
  payouts: readonly ProjectPayout[],
  recipients: ReadonlyMap<string, Recipient>,
  pool: number,
  units: bigint,
): PayoutRow[] {
  const amounts = toUnits(
    Float64Array.from(payouts, ({ payout }) => payout),
    pool,
    units,
  );
  return payouts.flatMap(({ project }, at) => {
    const amount = amounts[at] as bigint;
    if (amount === 0n) return [];
    const recipient = recipients.get(project);
    if (recipient === undefined) throw new FundingError("funding/bad-recipient", `${project} has no recipient`);
    return [{ ...recipient, amount }];
  });
}
