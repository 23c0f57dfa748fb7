// The log of passports, replayed in the server's sequence: same log, same scores, on any machine and any database.
import { invariant } from "../../shared/errors.js";
import type { BanEvent } from "../../passport/bans.js";
import type { IssuerRevocation } from "../../passport/revocations.js";
import type { Refusal, VerifiedStamp } from "../../passport/verify.js";
import { failScore, refuseStamp, releaseStamps, scorePassport, settleStamp } from "./commands.js";
import type { ScoreCause, ScoreEvent, StampEvent } from "./records.js";
import type { ScorerVersion } from "./scorer-version.js";
import { PassportWorkspace } from "./workspace.js";

/** One entry of the log. */
export type LogEntry =
  | { readonly kind: "version"; readonly sequence: number; readonly version: ScorerVersion }
  | { readonly kind: "stamp"; readonly sequence: number; readonly event: StampEvent }
  | { readonly kind: "score"; readonly sequence: number; readonly event: ScoreEvent }
  | { readonly kind: "ban"; readonly sequence: number; readonly event: BanEvent }
  | { readonly kind: "revocation"; readonly sequence: number; readonly event: IssuerRevocation };

/** Replays a whole log, in order. What it leaves in the workspace is what the tables of current state must hold. */
export function replayPassports(log: Iterable<LogEntry>): PassportWorkspace {
  const workspace = new PassportWorkspace();
  for (const entry of log) replayEntry(workspace, entry);
  return workspace;
}

/** Replays the next entry into the workspace that the entries before it left. */
export function replayEntry(workspace: PassportWorkspace, entry: LogEntry): void {
  // Commands number their own events: the first one gets the number that it has in the log.
  workspace.setSequence(entry.sequence - 1);
  if (entry.kind === "version") workspace.loadVersion(entry.version);
  else if (entry.kind === "stamp") replayStamp(workspace, entry.event);
  // What bans and revocations do to a stamp are events of the stamp's own.
  else if (entry.kind === "ban") workspace.bans = workspace.bans.with([entry.event]);
  else if (entry.kind === "revocation") workspace.revocations = workspace.revocations.with([entry.event]);
  else replayScore(workspace, entry.event);
}

function replayStamp(workspace: PassportWorkspace, event: StampEvent): void {
  const { scorerId, account, digest, at, data } = event;
  const shown = digest === null ? undefined : workspace.stamp(scorerId, account, digest);
  switch (event.type) {
    case "accepted": {
      const stamp = data["stamp"] as VerifiedStamp;
      workspace.putStamp(scorerId, account, { stamp, sequence: event.sequence, refusal: shown?.refusal ?? null });
      return;
    }
    case "declined":
      return;
    case "refused":
      invariant(shown !== undefined, "the log refuses a stamp that was never accepted");
      return refuseStamp(workspace, scorerId, shown, data as unknown as Refusal, at);
    case "restored":
      invariant(shown !== undefined, "the log restores a stamp that was never accepted");
      return refuseStamp(workspace, scorerId, shown, null, at);
    case "released":
      return releaseStamps(workspace, scorerId, account, data["provider"] as string, at);
    case "claimed":
      invariant(shown !== undefined, "the log settles a stamp that was never accepted");
      if (shown.refusal === null) settleStamp(workspace, scorerId, { ...shown.stamp, sequence: shown.sequence }, at);
      return;
    case "revoked":
      return workspace.loadRevocation(digest as string, data["reason"] as string);
    case "settled":
      scorePassport(workspace, scorerId, account, at, data["cause"] as ScoreCause);
  }
}

function replayScore(workspace: PassportWorkspace, { scorerId, account, at, cause, status, error }: ScoreEvent): void {
  if (status === "ERROR") failScore(workspace, scorerId, account, error ?? "", at, cause);
  else scorePassport(workspace, scorerId, account, at, cause);
}
