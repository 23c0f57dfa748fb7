import { expect } from "chai";

import { isCompatible, parseVersion } from "../../../src/nodes/protocol/api-version.js";
import { isSpent, registrationEpochOf, signingEpochOf } from "../../../src/nodes/protocol/epochs.js";

describe("the epochs of a key", () => {
  it("lie two apart, and one of grace passes before it is deleted", () => {
    expect(signingEpochOf(registrationEpochOf(9n))).to.equal(9n);
    expect([7n, 8n, 9n, 10n, 11n].map((now) => isSpent(7n, now))).to.deep.equal([false, false, false, false, true]);
  });
});

describe("the version of the interface", () => {
  it("is three numbers", () => {
    expect(parseVersion("1.20.3")).to.deep.equal({ major: 1, minor: 20, patch: 3 });
    for (const text of ["", "1", "1.0", "01.0.0", "1.0.0-beta", " 1.0.0", "1.0.0\n", "1.0.1234567"]) {
      expect(parseVersion(text), text).to.equal(undefined);
    }
  });

  it("serves older peers of the same major version, and no newer ones", () => {
    expect(isCompatible("1.2.0", "1.2.9")).to.equal(true);
    expect(isCompatible("1.1.7", "1.2.0")).to.equal(true);
    expect(isCompatible("1.3.0", "1.2.0")).to.equal(false);
    expect(isCompatible("2.0.0", "1.2.0")).to.equal(false);
    expect(isCompatible("0.1.0", "0.2.0")).to.equal(false);
    expect(isCompatible("nonsense", "1.2.0")).to.equal(false);
  });
});
