import { expect } from "chai";
import fc from "fast-check";

import { LOG_CLOCK_SKEW, LogTimes } from "../../../src/snapshots/log-times.js";
import type { SnapshotRecord } from "../../../src/snapshots/record.js";
import { logSource } from "../../support/snapshots/records.js";

const NOW = 1_800_000_000;
const kinds = ["version", "stamp", "ban", "revocation"] as const;

/** An entry of any kind; times alone matter. */
function entry(sequence: number, time: number, kind: (typeof kinds)[number]): SnapshotRecord {
  const own = kind === "version" ? { createdAt: time } : kind === "stamp" ? { at: time } : { event: { at: time } };
  return { kind, sequence, ...own } as SnapshotRecord;
}

const times = fc.array(
  fc.record({ time: fc.integer({ min: NOW - 2_000, max: NOW + 2_000 }), kind: fc.constantFrom(...kinds) }),
  { minLength: 1, maxLength: 12 },
);

describe("times of the log", () => {
  it("M1: no entry is dated back behind one in front of it, nor after the snapshot, but for the skew", () => {
    fc.assert(
      fc.property(times, fc.option(fc.integer({ min: NOW - 1_000, max: NOW + 2_000 })), (log, latest) => {
        const holds = log.every(
          ({ time }, at) =>
            log.slice(0, at).every((before) => time >= before.time - LOG_CLOCK_SKEW) &&
            (latest === null || time <= latest + LOG_CLOCK_SKEW),
        );
        const check = new LogTimes();
        const run = () => log.forEach(({ time, kind }, at) => check.check(entry(at + 1, time, kind), latest ?? undefined));
        if (holds) expect(run).not.to.throw();
        else expect(run).to.throw().with.property("code", "snapshots/bad-time");
      }),
      { numRuns: 500 },
    );
  });

  it("M1: small steps back do not add up", () => {
    const check = new LogTimes();
    check.check(entry(1, NOW, "stamp"));
    check.check(entry(2, NOW - LOG_CLOCK_SKEW, "stamp"));
    expect(() => check.check(entry(3, NOW - LOG_CLOCK_SKEW - 1, "stamp"))).to.throw();
  });

  it("a log is cut before the first entry that is later", async () => {
    const log = [NOW, NOW + 1, NOW + 5, NOW + 5].map((time, at) => entry(at + 1, time, "stamp"));
    const source = logSource(log);
    const cuts = await Promise.all([NOW - 1, NOW, NOW + 4, NOW + 5].map((time) => source.cutAt(time)));
    expect(cuts).to.deep.equal([0, 1, 2, 4]);
  });
});
