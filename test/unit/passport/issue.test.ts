import { expect } from "chai";

import { issueStamps, type BanGateway } from "../../../src/passport/issue.js";
import { memorySigner } from "../../../src/passport/signature.js";
import { ALICE, issued, NOW, testIssuer } from "../../support/passport/stamps.js";

describe("issueStamps", () => {
  it("stamp/one-ban-refuses-one-stamp: a ban or a missing answer costs that stamp only", async () => {
    const bans: BanGateway = {
      find: (_account, provider) => {
        if (provider === "Banned") return Promise.resolve({ kind: "stamp", until: null, reason: "farm" });
        return provider === "Unknown" ? Promise.reject(new Error("no answer")) : Promise.resolve(undefined);
      },
    };
    const requests = ["Google", "Banned", "Unknown", "Ens"].map((provider) => ({
      provider,
      account: ALICE,
      evidence: { id: "1" },
    }));
    const results = await issueStamps(requests, testIssuer(), bans, NOW);
    expect(results.map(({ status }) => status)).to.deep.equal(["issued", "banned", "failed", "issued"]);
  });

  it("stamp/no-evidence-leaves: the credential holds nullifier, provider and dates, not the evidence", async () => {
    const credential = await issued({ evidence: { email: "someone@example.com", name: "Someone Somewhere" } });
    expect(JSON.stringify(credential)).to.not.match(/someone|somewhere|email/i);
    expect(Object.keys(credential.credentialSubject).sort()).to.deep.equal([
      "@context",
      "id",
      "nullifiers",
      "provider",
    ]);
  });

  it("never issues a stamp that outlives the overlap of its nullifier keys", async () => {
    const request = { provider: "Google", account: ALICE, evidence: { id: "1" }, lifetime: 7_776_001 };
    const bans = { find: () => Promise.resolve(undefined) };
    expect((await issueStamps([request], testIssuer(), bans, NOW))[0]?.status).to.equal("failed");
    expect((await issueStamps([{ ...request, lifetime: 60 }], testIssuer(), bans, NOW))[0]?.status).to.equal("issued");
  });

  it("takes only keys that can sign", () => {
    for (const key of [new Uint8Array(32), new Uint8Array(31).fill(1), new Uint8Array(32).fill(255)]) {
      expect(() => memorySigner(key))
        .to.throw()
        .with.property("code", "passport/signing-key");
    }
  });
});
