import { expect } from "chai";

import { parseStrictJson, StrictJsonError } from "../../../src/http/strict-json.js";

const parse = (text: string) => parseStrictJson(Buffer.from(text));

describe("parseStrictJson", () => {
  it("reads plain digits, text and structures", () => {
    expect(parse('{"a":[0,7,4294967295],"b":"x","c":null}')).to.deep.equal({ a: [0, 7, 4294967295], b: "x", c: null });
  });

  it("refuses every other way of writing a number, and numbers that JSON cannot hold", () => {
    for (const text of ["1.0", "1e3", "1E0", "-1", "-0", "9007199254740993", "1e400"]) {
      expect(() => parse(`{"userId":${text}}`), text).to.throw(StrictJsonError);
    }
  });

  it("refuses what is not JSON, or not UTF-8", () => {
    for (const text of ["", "{", "{'a':1}", "undefined", '{"a":01}', "+1", "NaN"]) {
      expect(() => parse(text), text).to.throw(StrictJsonError);
    }
    expect(() => parseStrictJson(Uint8Array.from([0x22, 0xff, 0x22]))).to.throw(StrictJsonError);
  });
});
