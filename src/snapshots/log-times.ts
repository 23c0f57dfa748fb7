import { SnapshotError } from "./errors.js";
import type { SnapshotRecord } from "./record.js";

/**
 * Seconds by which times of the log may differ from its order, and from the chain's clock. The service looks at its clock before it
 * waits for the log, so two requests may enter it in the other order; and its clock is not the chain's.
 */
export const LOG_CLOCK_SKEW = 600;

/** When an entry was made, seconds since the epoch. */
export function timeOf(record: SnapshotRecord): number {
  if (record.kind === "version") return record.createdAt;
  return record.kind === "ban" || record.kind === "revocation" ? record.event.at : record.at;
}

/**
 * Holds the times of a log's entries against their order: none lies more than the skew before one that comes earlier in the log. So
 * nobody dates an entry back, and a log's newest time is known.
 */
export class LogTimes {
  #newest = 0;

  /** Takes the next entry. `latest` is the time of the snapshot's block, or of its making. Throws `snapshots/bad-time`. */
  check(record: SnapshotRecord, latest = Number.POSITIVE_INFINITY): void {
    const time = timeOf(record);
    if (time < this.#newest - LOG_CLOCK_SKEW) throw wrong(record, `is of ${time}, long before ${this.#newest}`);
    if (time > latest + LOG_CLOCK_SKEW) throw wrong(record, `is of ${time}, after the snapshot's time ${latest}`);
    this.#newest = Math.max(this.#newest, time);
  }
}

const wrong = ({ sequence }: SnapshotRecord, problem: string) =>
  new SnapshotError("snapshots/bad-time", `The log does not hold: entry ${sequence} ${problem}`, { sequence });
