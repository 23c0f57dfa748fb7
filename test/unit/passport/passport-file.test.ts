import { expect } from "chai";

import { parseCredentialFile, parsePassportFile, passportFile } from "../../../src/passport/passport-file.js";
import type { DomainError } from "../../../src/shared/errors.js";
import { ALICE } from "../../support/passport/stamps.js";

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "no error";
  } catch (error) {
    return (error as DomainError).code;
  }
};

describe("files with credentials", () => {
  it("give back what was exported, byte for byte of each credential", () => {
    const passport = { account: ALICE, credentials: [{ proof: { b: 1, a: "2" } }, null] };
    expect(parsePassportFile(passportFile(passport))).to.deep.equal(passport);
    expect(JSON.stringify(parsePassportFile(passportFile(passport)).credentials)).to.equal(
      JSON.stringify(passport.credentials),
    );
  });

  it("take one credential, a list, or an object with a list", () => {
    expect(parseCredentialFile('{"proof":1}')).to.deep.equal([{ proof: 1 }]);
    expect(parseCredentialFile('[{"proof":1},2]')).to.deep.equal([{ proof: 1 }, 2]);
    expect(parseCredentialFile('{"credentials":[3]}')).to.deep.equal([3]);
  });

  it("refuse everything else with one code", () => {
    const passport = { format: "touchstone-passport-v1", account: ALICE, credentials: [] as unknown };
    const others = [
      { ...passport, format: "v2" },
      { ...passport, account: "0x12" },
      { ...passport, credentials: {} },
    ];
    for (const other of [...others, { ...passport, more: 1 }, {}, [], null]) {
      expect(codeOf(() => parsePassportFile(JSON.stringify(other)))).to.equal("passport/file-malformed");
    }
    for (const text of ["", "{", "7", "null", '"text"']) {
      expect(
        codeOf(() => parseCredentialFile(text)),
        text,
      ).to.equal("passport/file-malformed");
    }
  });
});
