import { expect } from "chai";

import {
  parseRevocations,
  RevocationIndex,
  signRevocations,
  type Revocation,
  type SignedRevocationList,
} from "../../../src/passport/revocations.js";
import { memorySigner } from "../../../src/passport/signature.js";
import { verifyStamp } from "../../../src/passport/verify.js";
import { alterations } from "../../support/passport/alterations.js";
import { ALICE, bytesOf, context, ISSUER_DID, issued, issuerSigner, NOW } from "../../support/passport/stamps.js";

const entry = (kind: Revocation["kind"], value: string): Revocation => ({
  kind,
  value,
  revokedAt: NOW,
  reason: "sold",
});
const list = (sequence: number, entries: readonly Revocation[], issuer = ISSUER_DID) =>
  signRevocations({ format: "touchstone-revocations-v1", issuer, sequence, issuedAt: NOW, entries }, issuerSigner);

describe("revocations", () => {
  it("stamp/revoked-by-digest-and-nullifier: either refuses the stamp, with the reason", async () => {
    const credential = await issued();
    const valid = verifyStamp(credential, ALICE, context());
    if (valid.status !== "valid") throw new Error(valid.detail);
    const { digest, nullifiers } = valid.stamp;
    for (const revoked of [entry("credential", digest), entry("nullifier", nullifiers[0] ?? "")]) {
      const revocations = RevocationIndex.EMPTY.with(await list(1, [revoked]));
      const result = verifyStamp(credential, ALICE, context({ revocations }));
      expect(result).to.deep.equal({ status: "banned", detail: `${revoked.kind} revoked: sold` });
    }
  });

  it("speaks for the stamps of its own issuer alone", async () => {
    const credential = await issued();
    const other = `did:ethr:${memorySigner(bytesOf("other")).address}`;
    const nullifier = entry("nullifier", credential.credentialSubject.nullifiers?.[0] ?? "");
    const revocations = RevocationIndex.EMPTY.with(await list(1, [nullifier], other));
    expect(verifyStamp(credential, ALICE, context({ revocations })).status).to.equal("valid");
  });

  it("goes forward only", async () => {
    const index = RevocationIndex.EMPTY.with(await list(2, []));
    for (const sequence of [1, 2]) {
      const stale = await list(sequence, []);
      expect(() => index.with(stale))
        .to.throw()
        .with.property("code", "passport/revocations-stale");
    }
    expect(() => index.with({ ...index } as never)).to.throw();
  });

  it("stamp/revocations-are-signed: every altered list is refused", async () => {
    const signed = JSON.parse(
      JSON.stringify(await list(3, [entry("credential", `0x${"ab".repeat(32)}`)])),
    ) as SignedRevocationList;
    expect(parseRevocations(signed, [issuerSigner.address])).to.deep.equal(signed);
    for (const { what, copy } of alterations(signed)) {
      expect(() => parseRevocations(copy, [issuerSigner.address]), what).to.throw();
    }
    const stranger = memorySigner(bytesOf("stranger")).address;
    expect(() => parseRevocations(signed, [stranger]))
      .to.throw()
      .with.property("code", "passport/revocations-unsigned");
  });
});
