import { expect } from "chai";
import { computeHmac, encodeBase64, toUtf8Bytes } from "ethers";
import fc from "fast-check";

import { NULLIFIER } from "../../../src/passport/credential/parse.js";
import { ecosystemNullifier, ecosystemValue } from "../../../src/passport/nullifiers/ecosystem.js";
import { NullifierKeyRing } from "../../../src/passport/nullifiers/key-ring.js";
import { verifyStamp } from "../../../src/passport/verify.js";
import { memorySigner } from "../../../src/passport/signature.js";
import { ALICE, accountOf, bytesOf, context, issued, NOW, testIssuer, trust } from "../../support/passport/stamps.js";

const DAY = 86_400;
const key = (version: number, from: number) => ({ version, secret: bytesOf(`nullifier key ${version}`), from });
const code = (work: () => unknown) => {
  try {
    work();
    return "none";
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("nullifiers", () => {
  it("stamp/ecosystem-nullifier-vector: reads the existing construction", () => {
    const record = { type: "Google", version: "0.0.0", email: "a@example.com" };
    expect(ecosystemValue(record)).to.equal('[["email","a@example.com"],["type","Google"],["version","0.0.0"]]');
    const expected = "v1:JLcmi40ViB3YdK7arQEAsJvlKRRrBqnlLZdmpvTpI3o=";
    expect(ecosystemNullifier("test-secret", record, "1")).to.equal(expected);
    expect(expected).to.match(NULLIFIER);
  });

  it("ours is HMAC-SHA-256 under its own key", () => {
    const ring = new NullifierKeyRing([key(1, 0)]);
    const message = '["touchstone-nullifier-v1","Google",[["a","1"],["b","2"]]]';
    const mac = computeHmac("sha256", bytesOf("nullifier key 1"), toUtf8Bytes(message));
    expect(ring.nullifiers("Google", { b: "2", a: "1" }, NOW)).to.deep.equal([`v1:${encodeBase64(mac)}`]);
  });

  it("stamp/sign-key-rotation-keeps-nullifiers: another signing key, the same nullifiers", async () => {
    const next = memorySigner(bytesOf("issuer, second key"));
    const before = await issued();
    const after = await issued({}, testIssuer({ signer: next, keyVersion: 2 }), NOW + DAY);
    expect(after.credentialSubject.nullifiers).to.deep.equal(before.credentialSubject.nullifiers);
    const keys = [
      { version: 0, address: testIssuer().signer.address, until: NOW + DAY },
      { version: 2, address: next.address, from: NOW + DAY },
    ];
    const issuers = trust({ did: testIssuer().did, keys });
    for (const credential of [before, after]) {
      expect(verifyStamp(credential, ALICE, context({ now: NOW + DAY, issuers })).status).to.equal("valid");
    }
  });

  it("stamp/nullifier-rotation-keeps-one-in-common: any two stamps alive at once share a nullifier", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 90 * DAY, max: 400 * DAY }), { minLength: 1, maxLength: 6 }),
        fc.nat(2000 * DAY),
        fc.integer({ min: 0, max: 90 * DAY - 1 }),
        (gaps, first, later) => {
          let from = 0;
          const keys = [key(1, 0), ...gaps.map((gap, index) => key(index + 2, (from += gap)))];
          const ring = new NullifierKeyRing(keys);
          const early = ring.nullifiers("Google", { id: "1" }, first);
          const late = ring.nullifiers("Google", { id: "1" }, first + later);
          expect(early.filter((nullifier) => late.includes(nullifier))).to.not.be.empty;
        },
      ),
    );
  });

  it("stamp/nullifiers-do-not-link: people, providers and keys give values with nothing in common", () => {
    const ring = new NullifierKeyRing([key(1, 0), key(2, 90 * DAY)]);
    const people = ["1", "2", "3"].map((id) => ({ id }));
    const all = ["Google", "Github"].flatMap((provider) =>
      people.flatMap((evidence) => ring.nullifiers(provider, evidence, NOW)),
    );
    const values = all.map((nullifier) => nullifier.slice(nullifier.indexOf(":") + 1));
    expect(new Set(values).size).to.equal(12);
    expect(all.every((nullifier) => NULLIFIER.test(nullifier))).to.equal(true);
  });

  it("stamp/nullifier-set-is-whole: both keys of an overlap or an error", () => {
    const ring = new NullifierKeyRing([key(1, 100), key(2, 100 + 90 * DAY), key(3, 100 + 180 * DAY)]);
    const versions = (now: number) => ring.nullifiers("Google", { id: "1" }, now).map((text) => text.split(":")[0]);
    expect(code(() => ring.nullifiers("Google", { id: "1" }, 99))).to.equal("passport/no-nullifier-key");
    expect(versions(100)).to.deep.equal(["v1"]);
    expect(versions(100 + 90 * DAY)).to.deep.equal(["v1", "v2"]);
    expect(versions(100 + 180 * DAY)).to.deep.equal(["v2", "v3"]);
  });

  it("refuses key rings that would break de-duplication", () => {
    const bad = [
      [],
      [key(0, 0)],
      [{ ...key(1, 0), secret: new Uint8Array(31) }],
      [key(2, 0), key(1, 90 * DAY)],
      [key(1, 0), { ...key(1, 90 * DAY), version: 2 }],
      [key(1, 0), key(2, 90 * DAY - 1)],
    ];
    for (const keys of bad) expect(code(() => new NullifierKeyRing(keys))).to.equal("passport/nullifier-keys");
  });

  it("stamp/reserved-evidence: a provider cannot set our members", () => {
    const ring = new NullifierKeyRing([key(1, 0)]);
    for (const name of ["type", "version", "provider", "scheme"]) {
      expect(code(() => ring.nullifiers("Google", { id: "1", [name]: "x" }, NOW))).to.equal(
        "passport/reserved-evidence",
      );
    }
    expect(accountOf("x")).to.not.equal(ALICE);
  });
});
