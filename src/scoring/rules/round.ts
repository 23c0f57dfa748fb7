// A round closes, and for a while takes what people could not bring in time. When the service of the existing ecosystem broke
// down in January 2023, a grace period let users verify after the round; whoever had no score at the close lost nothing by the
// outage. The rule here: what arrives in the grace period counts as if it had arrived at the closing time, and only if it was
// there to be brought.
//
//   before closesAt               everything as ever
//   from closesAt to graceEndsAt  stamps are taken if they were valid at closesAt: issued by then, not expired by then
//   from graceEndsAt on           nothing is taken for this scorer any more
//
// From the close on, every run (submission, release, ban, rescore) scores as of closesAt, so a verdict of the round does not turn
// because a stamp expires later. Trust, bans and revocations are those that are known at the time of the run.

/** Times are seconds since the epoch; `closesAt <= graceEndsAt`, and equal ones are a round without grace. */
export interface Round {
  readonly closesAt: number;
  readonly graceEndsAt: number;
}

/** The time that a run at `now` speaks of. */
export const scoringTime = (round: Round | null, now: number): number =>
  round === null || now < round.closesAt ? now : round.closesAt;

/** Why a scorer with a round takes no stamp that was issued at `issuedAt` (seconds) any more; null where it does. */
export function refuseForRound(
  round: Round | null,
  issuedAt: number,
  now: number,
): { readonly status: "gated"; readonly detail: string } | null {
  if (round === null || now < round.closesAt) return null;
  const gated = (detail: string) => ({ status: "gated" as const, detail });
  if (now >= round.graceEndsAt) return gated(`the round takes nothing since ${round.graceEndsAt}`);
  return issuedAt > round.closesAt ? gated(`issued after the round closed at ${round.closesAt}`) : null;
}

/** Until when history has to be read for the score at `at`: what the grace period brought belongs to the closing time. */
export const historyTime = (round: Round | null, at: number): number =>
  round === null || at < round.closesAt ? at : Math.max(at, round.graceEndsAt - 1);
