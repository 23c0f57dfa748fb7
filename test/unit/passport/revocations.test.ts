import { expect } from "chai";

import {
  parseRevocations,
  RevocationIndex,
  signRevocations,
  type Revocation,
  type RevocationKey,
  type SignedRevocationList,
} from "../../../src/passport/revocations.js";
import { memorySigner } from "../../../src/passport/signature.js";
import { verifyStamp } from "../../../src/passport/verify.js";
import { alterations } from "../../support/passport/alterations.js";
import {
  ALICE,
  bytesOf,
  context,
  ISSUER_DID,
  issued,
  issuerSigner,
  NOW,
  trust,
} from "../../support/passport/stamps.js";

const entry = (kind: Revocation["kind"], value: string): Revocation => ({
  kind,
  value,
  revokedAt: NOW,
  reason: "sold",
});
const list = (sequence: number, entries: readonly Revocation[], issuedAt = NOW) =>
  signRevocations(
    { format: "touchstone-revocations-v1", issuer: ISSUER_DID, sequence, issuedAt, entries },
    issuerSigner,
  );
const indexOf = (...entries: readonly Revocation[]) =>
  RevocationIndex.EMPTY.with(entries.map((each) => ({ issuer: ISSUER_DID, entry: each })));
const key = (changes: Partial<RevocationKey> = {}): RevocationKey => ({
  address: issuerSigner.address,
  compromised: false,
  compromisedAt: null,
  ...changes,
});
const codeOf = (work: () => unknown) => {
  try {
    work();
    return "nothing thrown";
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("revocations", () => {
  it("stamp/revoked-by-digest-and-nullifier: either refuses the stamp, with the reason", async () => {
    const credential = await issued();
    const valid = verifyStamp(credential, ALICE, context());
    if (valid.status !== "valid") throw new Error(valid.detail);
    const { digest, nullifiers } = valid.stamp;
    for (const revoked of [entry("credential", digest), entry("nullifier", nullifiers[0] ?? "")]) {
      const revocations = indexOf(revoked);
      const result = verifyStamp(credential, ALICE, context({ revocations }));
      expect(result).to.deep.equal({ status: "banned", detail: `${revoked.kind} revoked: sold` });
    }
  });

  it("speaks for the stamps of its own issuer alone", async () => {
    const credential = await issued();
    const other = `did:ethr:${memorySigner(bytesOf("other")).address}`;
    const nullifier = entry("nullifier", credential.credentialSubject.nullifiers?.[0] ?? "");
    const revocations = RevocationIndex.EMPTY.with([{ issuer: other, entry: nullifier }]);
    expect(verifyStamp(credential, ALICE, context({ revocations })).status).to.equal("valid");
  });

  it("stamp/revocations-never-withdrawn: lists are united in any order, and the first reason stays", async () => {
    const [one, two] = [entry("credential", `0x${"01".repeat(32)}`), entry("credential", `0x${"02".repeat(32)}`)];
    const held = indexOf(one, two);
    const shorter = await list(9, [two, { ...two, reason: "again" }]);
    expect(held.missing(shorter)).to.deep.equal([]);
    const after = held.with(shorter.entries.map((each) => ({ issuer: ISSUER_DID, entry: each })));
    expect(after.size).to.equal(2);
    expect(after.findCredential(ISSUER_DID, one.value)).to.deep.equal(one);
    expect(after.findCredential(ISSUER_DID, two.value)?.reason).to.equal("sold");
    expect(indexOf(two).missing(await list(1, [one, two, one]))).to.deep.equal([one]);
  });

  it("stamp/revocation-index-is-immutable: indexes that grew from one another see their own entries alone", () => {
    const [one, two, three] = ["01", "02", "03"].map((byte) => entry("credential", `0x${byte.repeat(32)}`));
    const grown = (index: RevocationIndex, ...more: (typeof one)[]) =>
      index.with(more.flatMap((each) => (each === undefined ? [] : [{ issuer: ISSUER_DID, entry: each }])));
    const first = grown(RevocationIndex.EMPTY, one);
    const [left, right] = [grown(first, two), grown(first, three)];
    const again = grown(right, two);
    const known = (index: RevocationIndex) =>
      [one, two, three].map((each) => index.findCredential(ISSUER_DID, each?.value ?? "") !== undefined);
    expect([RevocationIndex.EMPTY, first, left, right, again].map(known)).to.deep.equal([
      [false, false, false],
      [true, false, false],
      [true, true, false],
      [true, false, true],
      [true, true, true],
    ]);
    expect([first.size, left.size, right.size, again.size]).to.deep.equal([1, 2, 2, 3]);
  });

  it("stamp/compromised-key-revokes-no-more: from the compromise on its lists are refused, retired keys' are not", async () => {
    const read = async (issuedAt: number, changes: Partial<RevocationKey>) => {
      const signed = JSON.parse(JSON.stringify(await list(1, [], issuedAt))) as unknown;
      return codeOf(() => parseRevocations(signed, [key(changes)]));
    };
    const stolen = { compromised: true, compromisedAt: NOW };
    expect(await read(NOW - 1, stolen)).to.equal("nothing thrown");
    expect(await read(NOW, stolen)).to.equal("passport/revocations-compromised");
    expect(await read(NOW - 1, { compromised: true })).to.equal("passport/revocations-compromised");
    const [issuer] = trust({
      did: ISSUER_DID,
      keys: [{ version: 0, address: issuerSigner.address, compromisedAt: NOW }],
    }).issuers;
    expect(issuer?.keys[0]).to.include({ compromised: true, compromisedAt: NOW });
    const honest = { version: 0, address: issuerSigner.address, compromised: false, compromisedAt: NOW };
    expect(codeOf(() => trust({ did: ISSUER_DID, keys: [honest] }))).to.equal("passport/issuers-malformed");
  });

  it("stamp/revocations-are-signed: every altered list is refused", async () => {
    const signed = JSON.parse(
      JSON.stringify(await list(3, [entry("credential", `0x${"ab".repeat(32)}`)])),
    ) as SignedRevocationList;
    expect(parseRevocations(signed, [key()])).to.deep.equal(signed);
    for (const { what, copy } of alterations(signed)) {
      expect(() => parseRevocations(copy, [key()]), what).to.throw();
    }
    const stranger = memorySigner(bytesOf("stranger")).address;
    expect(() => parseRevocations(signed, [key({ address: stranger })]))
      .to.throw()
      .with.property("code", "passport/revocations-unsigned");
  });
});
