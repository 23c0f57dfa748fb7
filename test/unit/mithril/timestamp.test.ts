import { expect } from "chai";
import * as fc from "fast-check";

import { parseNanoseconds } from "../../../src/mithril/timestamp.js";

describe("parseNanoseconds", () => {
  it("agrees with Date on milliseconds, and keeps the six digits that a Date loses", () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") }),
        fc.nat(999_999),
        (date, rest) => {
          const text = date.toISOString().replace("Z", `${String(rest).padStart(6, "0")}Z`);
          expect(parseNanoseconds(text)).to.equal(BigInt(date.getTime()) * 1_000_000n + BigInt(rest));
        },
      ),
    );
    expect(parseNanoseconds("1970-01-01T00:00:01.5Z")).to.equal(1_500_000_000n);
    expect(parseNanoseconds("1970-01-01T00:00:01+00:00")).to.equal(1_000_000_000n);
  });

  it("refuses what is no time in UTC", () => {
    for (const text of [
      "",
      "2024-02-30T00:00:00Z",
      "2024-13-01T00:00:00Z",
      "2024-01-01T24:00:00Z",
      "2024-01-01T00:00:00+01:00",
    ]) {
      expect(parseNanoseconds(text), text).to.equal(undefined);
    }
    expect(parseNanoseconds("2024-01-01 00:00:00Z")).to.equal(undefined);
    expect(parseNanoseconds("2024-01-01T00:00:00.1234567890Z")).to.equal(undefined);
  });
});
