import { expect } from "chai";
import fc from "fast-check";

import { Uint96 } from "../../../src/merkle/list/uint96.js";
import { MAX_AMOUNT } from "../../../src/merkle/rows.js";
import { parseDecimal, parseUnits } from "../../../src/shared/decimal.js";

const parse = (text: string, unit: "wei" | "token") => {
  const source = Buffer.from(`xx${text}yy`, "latin1");
  const number = new Uint96();
  const fault = number.parse(source, 2, source.length - 2, unit);
  return fault ?? number.toBigInt();
};

const expected = (value: bigint | undefined) =>
  value === undefined ? "not-decimal" : value > MAX_AMOUNT ? "too-large" : value;

describe("Uint96", () => {
  const digits = fc.stringMatching(/^[0-9]{0,32}$/);
  const noise = fc.stringMatching(/^[-+ .0-9eExX,_]{0,12}$/);
  const fraction = fc.stringMatching(/^(0|[1-9][0-9]{0,12})\.[0-9]{0,20}$/);

  it("reads wei exactly as BigInt arithmetic does, and refuses what that refuses", () => {
    const text = fc.oneof(fc.bigInt(0n, 2n ** 97n).map(String), digits, noise, fraction);
    fc.assert(
      fc.property(text, (wei) => {
        expect(parse(wei, "wei")).to.equal(expected(parseDecimal(wei)));
      }),
      {
        numRuns: 500,
      },
    );
  });

  it("reads tokens exactly as BigInt arithmetic does, and refuses what that refuses", () => {
    const text = fc.oneof(fc.bigInt(0n, 2n ** 40n).map(String), digits, noise, fraction);
    fc.assert(
      fc.property(text, (token) => {
        expect(parse(token, "token")).to.equal(expected(parseUnits(token, 18)));
      }),
      {
        numRuns: 500,
      },
    );
  });

  it("stops at 2^96 - 1", () => {
    expect(parse("79228162514264337593543950335", "wei")).to.equal(MAX_AMOUNT);
    expect(parse("79228162514264337593543950336", "wei")).to.equal("too-large");
    expect(parse("79228162514.264337593543950335", "token")).to.equal(MAX_AMOUNT);
    expect(parse("79228162514.264337593543950336", "token")).to.equal("too-large");
    expect(parse("9".repeat(400), "wei")).to.equal("too-large");
  });

  it("adds and compares as BigInt does", () => {
    const number = fc.oneof(fc.bigInt(0n, MAX_AMOUNT), fc.bigInt(2n ** 96n - 2n ** 34n, MAX_AMOUNT), fc.bigInt(0n, 9n));
    fc.assert(
      fc.property(number, number, (a, b) => {
        const sum = Uint96.from(a);
        expect(sum.isAbove(Uint96.from(b))).to.equal(a > b);
        expect(sum.add(Uint96.from(b))).to.equal(a + b <= MAX_AMOUNT);
        expect(sum.toBigInt()).to.equal((a + b) & MAX_AMOUNT);
      }),
    );
  });
});
