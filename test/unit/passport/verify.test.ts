import { expect } from "chai";

import type { SignedContent } from "../../../src/passport/credential/credential.js";
import { parseInstant } from "../../../src/passport/credential/dates.js";
import { BanIndex } from "../../../src/passport/bans.js";
import { credentialDigest } from "../../../src/passport/credential/digest.js";
import { encodeCredential } from "../../../src/passport/credential/encode.js";
import { parseCredential } from "../../../src/passport/credential/parse.js";
import { RevocationIndex } from "../../../src/passport/revocations.js";
import { examineStamp, proveStamp, verifyStamp, type Verification } from "../../../src/passport/verify.js";
import { alterations } from "../../support/passport/alterations.js";
import {
  accountOf,
  ALICE,
  bytesOf,
  context,
  issued,
  issuerSigner,
  ISSUER_DID,
  NOW,
  trust,
} from "../../support/passport/stamps.js";

const refusal = (result: Verification) => (result.status === "valid" ? "valid" : `${result.status}: ${result.detail}`);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("verifyStamp", () => {
  it("accepts what its issuer signed and keeps nothing but facts", async () => {
    const credential = await issued();
    const result = verifyStamp(credential, ALICE.toLowerCase(), context());
    expect(result.status).to.equal("valid");
    if (result.status !== "valid") return;
    expect(result.stamp).to.deep.equal({
      digest: result.stamp.digest,
      form: "touchstone",
      provider: "Google",
      account: ALICE.toLowerCase(),
      issuer: ISSUER_DID,
      keyVersion: 0,
      nullifiers: credential.credentialSubject.nullifiers,
      linkKeys: credential.credentialSubject.nullifiers?.map((nullifier) => `${ISSUER_DID}/${nullifier}`),
      issuedAt: NOW,
      expiresAt: NOW + 7_776_000,
    });
  });

  it("stamp/every-stamp-gets-a-reason: one status for each way to fail", async () => {
    const credential = await issued();
    const check = (changes: Parameters<typeof context>[0], input: unknown = credential, account = ALICE) =>
      verifyStamp(input, account, context(changes)).status;
    const ban = new BanIndex([{ kind: "account", subject: ALICE.toLowerCase(), until: null, reason: "farm" }]);
    const forged = { ...credential, proof: { ...credential.proof, proofValue: `0x${"11".repeat(64)}1b` } };
    expect(check({})).to.equal("valid");
    expect(check({ now: NOW + 7_776_000 })).to.equal("expired");
    expect(check({}, credential, accountOf("bob"))).to.equal("wrong_subject");
    expect(check({ issuers: trust() })).to.equal("untrusted_issuer");
    expect(check({}, forged)).to.equal("bad_proof");
    expect(check({ bans: ban })).to.equal("banned");
    for (const nothing of [null, 1, "x", [], {}, { credentialSubject: null }, Object.create(null)]) {
      expect(check({}, nothing)).to.equal("malformed");
    }
  });

  it("does not quote what a credential holds, because reasons are logged and copied to others", async () => {
    const credential = await issued();
    const note = { "alice@example.org": "alice@example.org" };
    const subject = { ...credential.credentialSubject, ...note };
    for (const input of [
      { ...credential, ...note },
      { ...credential, credentialSubject: subject },
      { ...credential, issuanceDate: "alice@example.org" },
      { ...credential, credentialSubject: { ...credential.credentialSubject, provider: " alice@example.org" } },
    ]) {
      const told = refusal(verifyStamp(input, ALICE, context()));
      expect(told).to.match(/^malformed: /);
      expect(told).to.not.include("alice@");
    }
  });

  it("is valid until the second before it expires and not from it on", async () => {
    const credential = await issued();
    expect(verifyStamp(credential, ALICE, context({ now: NOW + 7_775_999 })).status).to.equal("valid");
    expect(verifyStamp(credential, ALICE, context({ now: NOW + 7_776_000 })).status).to.equal("expired");
  });

  it("refuses a stamp from the future beyond the clocks' skew", async () => {
    const credential = await issued();
    expect(verifyStamp(credential, ALICE, context({ now: NOW - 300 })).status).to.equal("valid");
    expect(refusal(verifyStamp(credential, ALICE, context({ now: NOW - 301 })))).to.match(/^malformed: .*future/);
    expect(verifyStamp(credential, ALICE, context({ now: NOW - 301, skew: 301 })).status).to.equal("valid");
  });

  it("stamp/cheap-checks-before-the-proof: only the signature is left for a candidate", async () => {
    const credential = await issued();
    const unsigned = { ...credential, proof: { ...credential.proof, proofValue: `0x${"00".repeat(64)}1b` } };
    expect(verifyStamp(unsigned, ALICE, context({ now: NOW + 7_776_000 })).status).to.equal("expired");
    expect(verifyStamp(unsigned, accountOf("bob"), context()).status).to.equal("wrong_subject");
    expect(verifyStamp(unsigned, ALICE, context({ issuers: trust() })).status).to.equal("untrusted_issuer");
    const candidate = examineStamp(unsigned, ALICE, context());
    if ("status" in candidate) throw new Error(candidate.detail);
    expect(proveStamp(candidate).status).to.equal("bad_proof");
  });

  it("stamp/pinned-types-only: own types, domain or purpose are refused even when the signature recovers", async () => {
    const parsed = parseCredential(await issued());
    if ("status" in parsed) throw new Error(parsed.detail);
    // The holder of the issuer's key signs the same digest; the credential then claims to have been signed under other rules.
    const credential = encodeCredential(parsed.content, await issuerSigner.sign(credentialDigest(parsed.content)));
    expect(verifyStamp(credential, ALICE, context()).status).to.equal("valid");
    const { eip712Domain } = credential.proof;
    const others = [
      { ...eip712Domain, domain: { name: "VerifiableCredential" } },
      { ...eip712Domain, domain: { ...eip712Domain.domain, chainId: 1 } },
      { ...eip712Domain, primaryType: "Proof" },
      { ...eip712Domain, types: { ...eip712Domain.types, Extra: [{ name: "a", type: "string" }] } },
      { ...eip712Domain, types: { ...eip712Domain.types, Proof: [{ name: "created", type: "string" }] } },
      undefined,
    ];
    for (const other of others) {
      const copy = { ...credential, proof: { ...credential.proof, eip712Domain: other } };
      expect(verifyStamp(copy, ALICE, context()).status).to.equal("bad_proof");
    }
    const purpose = { ...credential, proof: { ...credential.proof, proofPurpose: "authentication" } };
    expect(verifyStamp(purpose, ALICE, context()).status).to.equal("bad_proof");
  });

  it("stamp/own-form-has-version-and-scheme: neither form passes for the other", async () => {
    const own = await issued();
    const plain = await issued({ form: "nullifiers" });
    expect(own.proof.eip712Domain.domain).to.deep.equal({ name: "VerifiableCredential", version: "1" });
    expect(own.scheme).to.equal("touchstone-stamp-v1");
    expect(verifyStamp(plain, ALICE, context()).status).to.equal("valid");
    const { scheme: _scheme, ...stripped } = own;
    const asPlain = { ...stripped, proof: { ...own.proof, eip712Domain: plain.proof.eip712Domain } };
    expect(verifyStamp(asPlain, ALICE, context()).status).to.equal("bad_proof");
    const asOwn = { ...plain, scheme: own.scheme, proof: { ...plain.proof, eip712Domain: own.proof.eip712Domain } };
    expect(verifyStamp(asOwn, ALICE, context()).status).to.equal("bad_proof");
    expect(verifyStamp({ ...own, scheme: "touchstone-stamp-v2" }, ALICE, context()).status).to.equal("malformed");
  });

  for (const form of ["touchstone", "nullifiers"] as const) {
    it(`refuses every altered copy of the ${form} form`, async () => {
      const credential = await issued({ form });
      const copies = alterations(credential);
      expect(copies.length).to.be.greaterThan(400);
      for (const { what, copy } of copies) {
        expect(verifyStamp(copy, ALICE, context()).status, what).to.not.equal("valid");
      }
    });
  }

  it("refuses the twin of a signature and a v of another spelling", async () => {
    const credential = await issued();
    const { proofValue } = credential.proof;
    const s = ORDER - BigInt(`0x${proofValue.slice(66, 130)}`);
    const otherV = proofValue.endsWith("1b") ? "1c" : "1b";
    const twin = proofValue.slice(0, 66) + s.toString(16).padStart(64, "0") + otherV;
    for (const value of [
      twin,
      proofValue.slice(0, -2) + otherV,
      proofValue.slice(0, -2) + "00",
      proofValue.slice(0, -2),
    ]) {
      const copy = { ...credential, proof: { ...credential.proof, proofValue: value } };
      expect(verifyStamp(copy, ALICE, context()).status, value).to.equal("bad_proof");
    }
  });

  it("refuses what even its issuer must not sign: a nullifier twice, or the key of another issuer", async () => {
    const parsed = parseCredential(await issued());
    if ("status" in parsed) throw new Error(parsed.detail);
    const check = async (changes: Partial<SignedContent>) => {
      const content = { ...parsed.content, ...changes };
      const signature = await issuerSigner.sign(credentialDigest(content));
      return verifyStamp(encodeCredential(content, signature), ALICE, context()).status;
    };
    const [nullifier = ""] = parsed.content.nullifiers;
    expect(await check({})).to.equal("valid");
    expect(await check({ nullifiers: [nullifier, nullifier] })).to.equal("malformed");
    expect(await check({ nullifiers: [] })).to.equal("malformed");
    expect(await check({ nullifiers: ["v1:AAAA"] })).to.equal("malformed");
    expect(await check({ verificationMethod: `did:ethr:0x${"00".repeat(20)}#controller` })).to.equal("bad_proof");
    expect(await check({ expirationDate: parsed.content.issuanceDate })).to.equal("malformed");
  });

  it("reads no date that is none, and no spelling but one", () => {
    expect(parseInstant("2024-01-16T23:18:51.641Z")).to.equal(1_705_447_131);
    const bad = [
      "2024-02-30T00:00:00.000Z",
      "2024-13-01T00:00:00.000Z",
      "2024-01-01T24:00:00.000Z",
      "2024-01-01T00:00:00Z",
    ];
    for (const text of [...bad, "2024-01-01T00:00:00.000+00:00", "2024-01-01", ""])
      expect(parseInstant(text), text).to.equal(undefined);
  });

  it("respects bans of an account, a nullifier and one stamp, while they last", async () => {
    const credential = await issued();
    const account = ALICE.toLowerCase();
    const nullifier = credential.credentialSubject.nullifiers?.[0] ?? "";
    const status = (entry: ConstructorParameters<typeof BanIndex>[0]) =>
      verifyStamp(credential, ALICE, context({ bans: new BanIndex(entry) })).status;
    const reason = "x";
    expect(status([{ kind: "account", subject: account, until: NOW + 1, reason }])).to.equal("banned");
    expect(status([{ kind: "account", subject: account, until: NOW, reason }])).to.equal("valid");
    expect(status([{ kind: "nullifier", subject: nullifier, until: null, reason }])).to.equal("banned");
    expect(status([{ kind: "stamp", subject: account, provider: "Google", until: null, reason }])).to.equal("banned");
    expect(status([{ kind: "stamp", subject: account, provider: "Ens", until: null, reason }])).to.equal("valid");
  });

  it("does not let a prototype stand in for members", async () => {
    const credential = await issued();
    const hidden = Object.create(credential) as unknown;
    expect(verifyStamp(hidden, ALICE, context({ revocations: RevocationIndex.EMPTY })).status).to.equal("malformed");
    expect(bytesOf("issuer")).to.have.length(32);
  });
});
