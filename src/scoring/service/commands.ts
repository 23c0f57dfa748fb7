// What can happen to a passport, as pure functions over a workspace. The service runs them inside transactions, a replay over
// the log; both get the same scores.
import { DomainError } from "../../shared/errors.js";
import type { Refusal, VerifiedStamp } from "../../passport/verify.js";
import { claimOf, refusedStamp, scorable } from "../assemble.js";
import { claimLinks } from "../rules/links/claim-link.js";
import { releaseLinks, revokeLinks } from "../rules/links/release-link.js";
import { scoringTime } from "../rules/round.js";
import type { StampStatus } from "../rules/stamp-status.js";
import type { ScorableStamp } from "../rules/score.js";
import { recordOf, sameScore, type ScoreCause, type ScoreRecord, type ShownStamp } from "./records.js";
import { versionOf, type PassportWorkspace } from "./workspace.js";

/** Whether a stamp was let go of after it was accepted: then a fresh submission may take it back. */
function isReleased(workspace: PassportWorkspace, scope: string, { stamp, sequence }: ShownStamp): boolean {
  return stamp.linkKeys.some((key) => {
    const release = workspace.find(scope, key)?.release ?? null;
    return release !== null && release.account === stamp.account && sequence <= release.sequence;
  });
}

/** A scorer takes a valid stamp. One that it has already changes nothing, unless its holder had let go of it. */
export function acceptStamp(
  workspace: PassportWorkspace,
  scorerId: number,
  stamp: VerifiedStamp,
  credential: unknown,
  now: number,
): void {
  const { scope } = versionOf(workspace, scorerId);
  const { account, digest } = stamp;
  const known = workspace.stamp(scorerId, account, digest);
  if (known !== undefined && !isReleased(workspace, scope, known)) return;
  const sequence = workspace.nextSequence();
  workspace.addStamp(scorerId, account, { stamp, sequence, refusal: known?.refusal ?? null }, credential);
  workspace.record({ at: now, type: "accepted", scorerId, account, digest, data: { stamp } }, sequence);
}

/** Why a stamp was not taken. */
export interface Declined {
  readonly status: StampStatus;
  readonly detail: string;
}

/** A scorer does not take what was sent, and its history says why. */
export function declineStamp(
  workspace: PassportWorkspace,
  scorerId: number,
  account: string,
  { status, detail }: Declined,
  now: number,
): Declined {
  workspace.record({ at: now, type: "declined", scorerId, account, digest: null, data: { status, detail } });
  return { status, detail };
}

/** A stamp no longer verifies (or, with null, does again): its links end. */
export function refuseStamp(
  workspace: PassportWorkspace,
  scorerId: number,
  shown: ShownStamp,
  refusal: Refusal | null,
  now: number,
): void {
  const { stamp } = shown;
  const { account, digest } = stamp;
  workspace.putStamp(scorerId, account, { ...shown, refusal });
  if (refusal === null) {
    return workspace.record({ at: now, type: "restored", scorerId, account, digest, data: {} });
  }
  const { scope, rules } = versionOf(workspace, scorerId);
  // A round speaks of its closing time, and a link that ends later would still hold then.
  const time = scoringTime(rules.round, now);
  workspace.apply(revokeLinks(workspace, { scope, keys: stamp.linkKeys, digest }, time));
  workspace.record({ at: now, type: "refused", scorerId, account, digest, data: { ...refusal } });
}

/** The holder lets go of a provider's stamps for a scorer. Throws `scoring/not-your-link` when it holds none. */
export function releaseStamps(
  workspace: PassportWorkspace,
  scorerId: number,
  account: string,
  provider: string,
  now: number,
): void {
  const { scope, rules } = versionOf(workspace, scorerId);
  const keys = workspace
    .stamps(scorerId, account)
    .filter(({ stamp }) => stamp.provider === provider)
    .flatMap(({ stamp }) => stamp.linkKeys)
    .filter((key, index, all) => all.indexOf(key) === index)
    .filter((key) => {
      const link = workspace.find(scope, key);
      return link?.account === account && link.expiresAt > now && link.release === null;
    });
  if (keys.length === 0) {
    throw new DomainError("scoring/not-your-link", `this account holds no ${provider} stamp for the scorer`);
  }
  const sequence = workspace.nextSequence();
  const { cooling } = rules.dedupe;
  workspace.apply(releaseLinks(workspace, { scope, keys, account, sequence, cooling }, now));
  workspace.record({ at: now, type: "released", scorerId, account, digest: null, data: { provider } }, sequence);
}

/** What a settlement asks of a stamp. */
export type SettlingStamp = Pick<VerifiedStamp, "account" | "provider" | "digest" | "expiresAt" | "linkKeys"> & {
  readonly sequence: number;
};

/** A settlement's step: one stored stamp that is not refused meets the links again, in the order of acceptance. */
export function settleStamp(workspace: PassportWorkspace, scorerId: number, stamp: SettlingStamp, now: number): void {
  const { scope, rules } = versionOf(workspace, scorerId);
  const { changes } = claimLinks(workspace, claimOf(stamp, scope, stamp.sequence), scoringTime(rules.round, now));
  if (changes.length === 0) return;
  workspace.apply(changes);
  const { account, digest } = stamp;
  workspace.record({ at: now, type: "claimed", scorerId, account, digest, data: {} });
}

/**
 * Computes an account's score from what it shows: links first, then the rules. Writes history where anything changed. Of a round
 * that has closed, the score is that of the closing time.
 */
export function scorePassport(
  workspace: PassportWorkspace,
  scorerId: number,
  account: string,
  now: number,
  cause: ScoreCause,
): ScoreRecord {
  const { version, scope, scorer, rules } = versionOf(workspace, scorerId);
  const time = scoringTime(rules.round, now);
  let moved = false;
  const stamps = workspace.stamps(scorerId, account).map(({ stamp, sequence, refusal }): ScorableStamp => {
    if (refusal !== null) return refusedStamp(stamp, refusal);
    const { outcome, changes } = claimLinks(workspace, claimOf(stamp, scope, sequence), time);
    workspace.apply(changes);
    moved ||= changes.length > 0;
    return scorable(stamp, outcome);
  });
  const record = recordOf(scorerId, account, version, scorer.score(stamps, time));
  const before = workspace.score(scorerId, account);
  if (before === undefined || !sameScore(before, record)) workspace.putScore(record, { at: now, cause });
  else if (moved) workspace.record({ at: now, type: "settled", scorerId, account, digest: null, data: { cause } });
  return record;
}

/** A run that failed: the last good score stays, beside the word that it is not current. */
export function failScore(
  workspace: PassportWorkspace,
  scorerId: number,
  account: string,
  error: string,
  now: number,
  cause: ScoreCause,
): ScoreRecord {
  const { version, rulesHash, rules } = versionOf(workspace, scorerId);
  const before = workspace.score(scorerId, account) ?? {
    ...{ scorerId, account, version, rulesHash, score: null, sum: 0, threshold: rules.threshold, passing: false },
    ...{ chainScore: 0, scoredAt: now, expiresAt: null, flipsAt: null, scale: null, stamps: [] },
  };
  const record: ScoreRecord = { ...before, status: "ERROR", error };
  workspace.putScore(record, { at: now, cause });
  return record;
}
