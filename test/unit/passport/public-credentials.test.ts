import { expect } from "chai";

import { verifyStamp } from "../../../src/passport/verify.js";
import { readData } from "../../support/data.js";
import { alterations } from "../../support/passport/alterations.js";
import { context, trust } from "../../support/passport/stamps.js";

interface PublicCredential {
  readonly expected: "valid" | "bad_proof";
  readonly credential: { readonly issuer: string; readonly credentialSubject: { readonly id: string } };
}

/** Within the validity of all of them: 1 February 2024. */
const now = 1_706_745_600;

describe("public credentials of the ecosystem", () => {
  const text = readData("passport/credentials.json");
  const credentials = text === undefined ? [] : (JSON.parse(text) as { credentials: PublicCredential[] }).credentials;
  const issuers = trust(
    ...[...new Set(credentials.map(({ credential }) => credential.issuer))].map((did) => ({ did, forms: ["legacy"] })),
  );
  const accountOf = ({ credential }: PublicCredential) =>
    credential.credentialSubject.id.slice("did:pkh:eip155:1:".length);

  it("stamp/public-credentials: the published ones verify, the edited one does not", () => {
    for (const entry of credentials) {
      expect(verifyStamp(entry.credential, accountOf(entry), context({ now, issuers })).status).to.equal(
        entry.expected,
      );
    }
    console.log(`      ${credentials.length} public credentials checked`);
    if (text !== undefined)
      expect(credentials.map(({ expected }) => expected)).to.include.members(["valid", "bad_proof"]);
  });

  it("stamp/altered-copies-refused: every altered copy of a published one", () => {
    let checked = 0;
    for (const entry of credentials.filter(({ expected }) => expected === "valid")) {
      for (const { what, copy } of alterations(entry.credential)) {
        expect(verifyStamp(copy, accountOf(entry), context({ now, issuers })).status, what).to.not.equal("valid");
        checked += 1;
      }
    }
    console.log(`      ${checked} altered copies refused`);
    if (text !== undefined) expect(checked).to.be.greaterThan(800);
  });

  it("are refused after they expired, and where nobody allowed the legacy form", () => {
    for (const entry of credentials) {
      const account = accountOf(entry);
      const modern = trust({ did: entry.credential.issuer });
      expect(verifyStamp(entry.credential, account, context({ issuers })).status).to.equal("expired");
      const result = verifyStamp(entry.credential, account, context({ now, issuers: modern }));
      expect(result).to.deep.equal({ status: "untrusted_issuer", detail: "form-not-allowed" });
    }
  });
});
