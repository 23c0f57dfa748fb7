import { expect } from "chai";
import fc from "fast-check";

import { DomainError } from "../../../src/shared/errors.js";
import { parseWideJson, type WideJson, writeWideJson } from "../../../src/shared/wide-json.js";

const code = (text: string): string => {
  try {
    parseWideJson(text);
  } catch (error) {
    expect(error).to.be.instanceOf(DomainError);
    return (error as DomainError).code;
  }
  return "none";
};

describe("JSON with 64-bit integers", () => {
  it("keeps every digit of a whole number, and gives small ones as numbers", () => {
    expect(
      parseWideJson("[9007199254740991,9007199254740993,18446744073709551615,-9007199254740993,1.5,2e2]"),
    ).to.deep.equal([9007199254740991, 9007199254740993n, 18446744073709551615n, -9007199254740993n, 1.5, 200]);
  });

  it("reads what JSON.parse reads, the same", () => {
    const check = fc.property(fc.json(), fc.constantFrom(0, 2), (text, indent) => {
      const wanted: unknown = JSON.parse(text);
      if (text.includes("__proto__")) return;
      expect(
        JSON.stringify(parseWideJson(JSON.stringify(wanted, null, indent)), (_k, v: unknown) =>
          typeof v === "bigint" ? Number(v) : v,
        ),
      ).to.equal(JSON.stringify(wanted));
    });
    fc.assert(check, { numRuns: 200 });
  });

  it("refuses what JSON.parse refuses, and any garbage with one code", () => {
    for (const text of [
      "",
      "[1,]",
      "{,}",
      '{"a":1,}',
      "01",
      "1.",
      ".5",
      "+1",
      "[1 2]",
      '"\n"',
      '"\\x"',
      "tru",
      "[1]]",
      "{a:1}",
      '"',
      "[",
      "NaN",
      "1e999",
    ]) {
      expect(code(text), text).to.equal("json/malformed");
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        expect(code(text)).to.be.oneOf(["none", "json/malformed"]);
      }),
    );
  });

  it("refuses a member given twice, a prototype, and nesting without end", () => {
    for (const text of ['{"a":1,"a":2}', '{"__proto__":{}}', "[".repeat(100_000)])
      expect(code(text)).to.equal("json/malformed");
  });

  it("writes bigints without quotes and reads them back", () => {
    const value: WideJson = { total: 2n ** 64n - 1n, list: [1, "x", null, true, { deep: 2n ** 60n }] };
    expect(writeWideJson(value)).to.equal(
      '{"total":18446744073709551615,"list":[1,"x",null,true,{"deep":1152921504606846976}]}',
    );
    expect(parseWideJson(writeWideJson(value))).to.deep.equal(value);
  });
});
