// What a version would change, before it is one: both sets of rules on the same stamps at the same time, so that nothing but the
// rules can differ. Nothing is written.
import { unixSeconds, type Clock } from "../../shared/clock.js";
import { parseRules } from "../rules/parse-rules.js";
import { rulesDocument, rulesHash } from "../rules/scorer-rules.js";
import { canonicalJson } from "../../shared/canonical-json.js";
import type { Points } from "../rules/points.js";
import { scorePassport } from "./commands.js";
import type { PassportService } from "./passport-service.js";
import type { PassportStore } from "./ports.js";
import { readVersion } from "./scorer-version.js";
import type { PassportWorkspace } from "./workspace.js";

/** An account whose verdict would turn. */
export interface Flip {
  readonly account: string;
  readonly before: { readonly sum: Points; readonly passing: boolean };
  readonly after: { readonly sum: Points; readonly passing: boolean };
}

export interface PreviewSummary {
  readonly version: number;
  readonly rulesHash: string;
  readonly proposedHash: string;
  readonly accounts: number;
  /** Whose sum would change. */
  readonly changed: number;
  /** Who would pass and does not. */
  readonly gained: number;
  /** Who passes and would not. */
  readonly lost: number;
  readonly passingBefore: number;
  readonly passingAfter: number;
  /** The proposed rules share nullifiers with others: who would hold which of them is not foreseen here. */
  readonly otherScope: boolean;
}

export interface PreviewPorts {
  readonly store: Pick<PassportStore, "readPassports">;
  readonly service: PassportService;
  readonly clock: Clock;
}

const PAGE = 500;

/** Compares a scorer's newest version with proposed rules: every flip as it is found, and the counts at the end. */
export async function* previewRules(
  { store, service, clock }: PreviewPorts,
  scorerId: number,
  proposed: unknown,
): AsyncGenerator<Flip, PreviewSummary> {
  const current = await service.version(scorerId);
  const rules = parseRules(proposed);
  const text = canonicalJson(rulesDocument(rules));
  const next = readVersion({ scorerId, version: current.version + 1, rules: text });
  const now = unixSeconds(clock);
  const counts = { accounts: 0, changed: 0, gained: 0, lost: 0, passingBefore: 0, passingAfter: 0 };
  for (let last = ""; ;) {
    const { accounts, workspaces } = await store.readPassports([current, next], { after: last, limit: PAGE });
    const [before, after] = workspaces as [PassportWorkspace, PassportWorkspace];
    for (const account of accounts) {
      const flip = {
        account,
        before: scoreUnder(before, scorerId, account, now),
        after: scoreUnder(after, scorerId, account, now),
      };
      count(counts, flip);
      if (flip.before.passing !== flip.after.passing) yield flip;
    }
    if (accounts.length < PAGE) break;
    last = accounts.at(-1) ?? "";
  }
  return {
    ...{ version: current.version, rulesHash: current.rulesHash, proposedHash: rulesHash(rules) },
    ...counts,
    otherScope: next.scope !== current.scope,
  };
}

/** The workspace is thrown away. */
function scoreUnder(workspace: PassportWorkspace, scorerId: number, account: string, now: number): Flip["before"] {
  const { sum, passing } = scorePassport(workspace, scorerId, account, now, "rescored");
  return { sum, passing };
}

function count(
  counts: {
    accounts: number;
    changed: number;
    gained: number;
    lost: number;
    passingBefore: number;
    passingAfter: number;
  },
  { before, after }: Flip,
): void {
  counts.accounts += 1;
  if (before.sum !== after.sum) counts.changed += 1;
  if (before.passing) counts.passingBefore += 1;
  if (after.passing) counts.passingAfter += 1;
  if (after.passing && !before.passing) counts.gained += 1;
  if (before.passing && !after.passing) counts.lost += 1;
}
