import { expect } from "chai";
import fc from "fast-check";

import {
  canonicalPoints,
  exactDecimal,
  formatPoints,
  parsePoints,
  roundUpPoints,
} from "../../../src/scoring/rules/points.js";
import { codeOf } from "../../support/scoring.js";

describe("points", () => {
  it("reads and writes every value of the grid", () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (points) => {
        expect(parsePoints(canonicalPoints(points))).to.equal(points);
        expect(parsePoints(formatPoints(points))).to.equal(points);
        expect(formatPoints(points)).to.match(/^[0-9]+\.[0-9]{5}$/);
      }),
    );
  });

  it("scoring/fifth-decimal-is-refused-or-rounded-up: 20.00005", () => {
    expect(codeOf(() => parsePoints("20.00005"))).to.equal("scoring/off-grid");
    expect(roundUpPoints("20.00005")).to.deep.equal({ points: 200_001, rounded: true });
    expect(roundUpPoints("20.00000")).to.deep.equal({ points: 200_000, rounded: false });
    expect(roundUpPoints("21.758119658119657")).to.deep.equal({ points: 217_582, rounded: true });
  });

  it("reads exponents as JSON prints them and nothing that nobody meant", () => {
    expect(exactDecimal("1e-7")).to.deep.equal({ whole: 0, rest: 1n, digits: 7 });
    expect(exactDecimal("1.5e-1").whole).to.equal(1500);
    for (const text of ["", " 1", "1 ", "+1", "-1", "01", ".5", "1.", "0x1", "1e3", "NaN", "Infinity", "1,5"]) {
      expect(
        codeOf(() => parsePoints(text)),
        text,
      ).to.equal("scoring/points");
    }
  });
});
