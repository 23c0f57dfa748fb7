import { expect } from "chai";

import { parseIssuers } from "../../../src/passport/issuers.js";
import { verifyStamp } from "../../../src/passport/verify.js";
import { memorySigner } from "../../../src/passport/signature.js";
import {
  ALICE,
  bytesOf,
  context,
  ISSUER_DID,
  issued,
  issuerSigner,
  NOW,
  testIssuer,
  trust,
} from "../../support/passport/stamps.js";

describe("trusted issuers", () => {
  it("stamp/issuer-bounds: provider list, windows, key versions and nullifier versions each refuse", async () => {
    const credential = await issued({ provider: "github#30" });
    const detail = (entry: object) => {
      const result = verifyStamp(credential, ALICE, context({ issuers: trust({ did: ISSUER_DID, ...entry }) }));
      return result.status === "valid" ? "valid" : `${result.status} ${result.detail}`;
    };
    const address = issuerSigner.address;
    expect(detail({ providers: ["github#30"] })).to.equal("valid");
    expect(detail({ providers: ["github#*"] })).to.equal("valid");
    expect(detail({ providers: ["github"] })).to.equal("untrusted_issuer provider-not-allowed");
    expect(detail({ forms: ["nullifiers", "legacy"] })).to.equal("untrusted_issuer form-not-allowed");
    expect(detail({ from: NOW, until: NOW + 1 })).to.equal("valid");
    expect(detail({ from: NOW + 1 })).to.equal("untrusted_issuer outside-issuer-window");
    expect(detail({ until: NOW })).to.equal("untrusted_issuer outside-issuer-window");
    expect(detail({ keys: [{ version: 0, address, until: NOW }] })).to.equal("untrusted_issuer outside-key-window");
    expect(detail({ keys: [{ version: 0, address, compromised: true }] })).to.equal("untrusted_issuer compromised-key");
    expect(detail({ keys: [{ version: 1, address }] })).to.equal("untrusted_issuer unknown-key");
    expect(detail({ nullifierVersions: ["1"] })).to.equal("valid");
    expect(detail({ nullifierVersions: ["2"] })).to.equal("untrusted_issuer nullifier-version-not-allowed");
  });

  it("believes a numbered key only under the number it signs with", async () => {
    const second = memorySigner(bytesOf("second"));
    const keys = [
      { version: 0, address: issuerSigner.address },
      { version: 2, address: second.address },
    ];
    const check = async (keyVersion: number, signer = second) =>
      verifyStamp(
        await issued({}, testIssuer({ keyVersion, signer })),
        ALICE,
        context({ issuers: trust({ did: ISSUER_DID, keys }) }),
      );
    expect((await check(2)).status).to.equal("valid");
    expect((await check(0)).status).to.equal("bad_proof");
    expect((await check(2, issuerSigner)).status).to.equal("bad_proof");
    expect((await check(3)).status).to.equal("untrusted_issuer");
    // The ecosystem's forms know the controller only.
    const plain = await issued({ form: "nullifiers" }, testIssuer({ keyVersion: 2, signer: second }));
    const issuers = trust({ did: ISSUER_DID, keys, forms: ["nullifiers"] });
    expect(verifyStamp(plain, ALICE, context({ issuers })).status).to.equal("untrusted_issuer");
  });

  it("stamp/realms-keep-issuers-apart: a copied nullifier of another issuer is another link", async () => {
    const thief = memorySigner(bytesOf("thief"));
    const did = `did:ethr:${thief.address}`;
    const own = await issued();
    const copied = await issued({}, testIssuer({ did, signer: thief }));
    expect(copied.credentialSubject.nullifiers).to.deep.equal(own.credentialSubject.nullifiers);
    const keys = (realm?: string) =>
      [own, copied].map((credential) => {
        const shared = realm === undefined ? {} : { realm };
        const issuers = trust({ did: ISSUER_DID, ...shared }, { did, ...shared });
        const result = verifyStamp(credential, ALICE, context({ issuers }));
        return result.status === "valid" ? result.stamp.linkKeys[0] : result.detail;
      });
    expect(new Set(keys()).size).to.equal(2);
    expect(new Set(keys("one-house")).size).to.equal(1);
  });

  it("reads strictly", () => {
    const did = ISSUER_DID;
    const bad: unknown[] = [
      {},
      { format: "touchstone-issuers-v2", issuers: [] },
      { format: "touchstone-issuers-v1", issuers: [{ did }, { did }] },
      ...[
        { did: did.toUpperCase() },
        { did, colour: "red" },
        { did, forms: ["any"] },
        { did, from: 5, until: 5 },
        { did, from: -1 },
        { did, keys: [] },
        { did, keys: [{ version: 0, address: `0x${"00".repeat(20)}` }] },
        { did, keys: [{ version: 1, address: "0x12" }] },
        { did, realm: "with space" },
      ].map((issuer) => ({ format: "touchstone-issuers-v1", issuers: [issuer] })),
    ];
    for (const document of bad) {
      expect(() => parseIssuers(document), JSON.stringify(document))
        .to.throw()
        .with.property("code", "passport/issuers-malformed");
    }
  });
});
