import { expect } from "chai";

import { compatibilitySignature, rewriteAsPython, translateOriginalRequest } from "../../../src/http/compatibility.js";
import { Secret } from "../../../src/shared/secret.js";

const key = new Secret<Uint8Array>(Uint8Array.from({ length: 32 }, (_, index) => index));
const spaced =
  '{"user_id": 49909, "user_address": "0x25468E86ED8eC296de39FcB798C7f212924443AB", ' +
  '"user_amount": 9208256099999000035328, "delegate_address": "0x4C0a466DF0628FE8699051b3Ac6506653191cc21"}';

const hmac = (text: string) => compatibilitySignature(key, Buffer.from(text)).toString("hex").toUpperCase();

describe("the original's request authentication", () => {
  it("esms/hmac-compat-vector: signs the body as the original re-serialises it, whatever its spacing", () => {
    const expected = "F0ADCD7EDC850D1418F7AE10800938CE8E2F16665EEE4EFD703D227136EBA2C5";
    const ordered = vectorBody(": ", ", ");
    expect(hmac(ordered)).to.equal(expected);
    expect(hmac(vectorBody(":", ","))).to.equal(expected);
    expect(rewriteAsPython(vectorBody(":", ","))).to.equal(ordered);
  });

  it("writes what Python's json module writes", () => {
    const cases: [string, string][] = [
      [
        '{"a":[1,{"b":null}],"c":true,"d":"\\u00e9\\ud83d\\ude00\\n\\"\\/"}',
        '{"a": [1, {"b": null}], "c": true, "d": "\\u00e9\\ud83d\\ude00\\n\\"/"}',
      ],
      ["{}", "{}"],
      ["[]", "[]"],
      ['"\u007f"', '"\\u007f"'],
      ["-12345678901234567890", "-12345678901234567890"],
    ];
    for (const [given, expected] of cases) expect(rewriteAsPython(given)).to.equal(expected);
    for (const wrong of ["1.0", "1e3", "", "{", "nothing"]) {
      expect(() => rewriteAsPython(wrong), wrong).to.throw(SyntaxError);
    }
  });

  it("reads the original's field names", () => {
    expect(translateOriginalRequest(JSON.parse(spaced.replace(/: (\d+)/g, ': "$1"')))).to.deep.equal({
      userId: 49909,
      account: "0x25468E86ED8eC296de39FcB798C7f212924443AB",
      delegatee: "0x4C0a466DF0628FE8699051b3Ac6506653191cc21",
      amount: "9208256099999000035328",
    });
    expect(translateOriginalRequest({ userId: 1 })).to.deep.equal({ userId: 1 });
  });
});

function vectorBody(colon: string, comma: string): string {
  return `{${[
    `"user_id"${colon}49909`,
    '"user_address"' + colon + '"0x25468E86ED8eC296de39FcB798C7f212924443AB"',
    '"delegate_address"' + colon + '"0x4C0a466DF0628FE8699051b3Ac6506653191cc21"',
    `"user_amount"${colon}9208256099999000035328`,
  ].join(comma)}}`;
}
