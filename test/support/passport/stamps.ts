import { getAddress, keccak256, toUtf8Bytes } from "ethers";

import { BanIndex } from "../../../src/passport/bans.js";
import type { StampCredential } from "../../../src/passport/credential/credential.js";
import { issueStamp, type StampIssuer, type StampRequest } from "../../../src/passport/issue.js";
import { parseIssuers } from "../../../src/passport/issuers.js";
import { NullifierKeyRing } from "../../../src/passport/nullifiers/key-ring.js";
import { RevocationIndex } from "../../../src/passport/revocations.js";
import { memorySigner } from "../../../src/passport/signature.js";
import type { VerificationContext } from "../../../src/passport/verify.js";

/** Any 32 bytes, the same for the same words. */
export const bytesOf = (words: string): Uint8Array => Buffer.from(keccak256(toUtf8Bytes(words)).slice(2), "hex");
/** An account in EIP-55 form. */
export const accountOf = (words: string): string =>
  getAddress(`0x${Buffer.from(bytesOf(words)).toString("hex").slice(24)}`);

export const NOW = 1_800_000_000;
export const ALICE = accountOf("alice");
export const noBans = { find: () => Promise.resolve(undefined) };

export const issuerSigner = memorySigner(bytesOf("issuer"));
export const ISSUER_DID = `did:ethr:${issuerSigner.address}`;

export function testIssuer(changes: Partial<StampIssuer> = {}): StampIssuer {
  return {
    did: ISSUER_DID,
    keyVersion: 0,
    signer: issuerSigner,
    nullifierKeys: new NullifierKeyRing([{ version: 1, secret: bytesOf("nullifier key 1"), from: 0 }]),
    ...changes,
  };
}

export const trust = (...issuers: readonly object[]) => parseIssuers({ format: "touchstone-issuers-v1", issuers });

export function context(changes: Partial<VerificationContext> = {}): VerificationContext {
  return {
    now: NOW,
    issuers: trust({ did: ISSUER_DID, forms: ["touchstone", "nullifiers"] }),
    revocations: RevocationIndex.EMPTY,
    bans: new BanIndex(),
    ...changes,
  };
}

export async function issued(
  changes: Partial<StampRequest> = {},
  issuer: StampIssuer = testIssuer(),
  now = NOW,
): Promise<StampCredential> {
  const request = { provider: "Google", account: ALICE, evidence: { id: "1" }, ...changes };
  const result = await issueStamp(request, issuer, noBans, now);
  if (result.status !== "issued") throw new Error(`not issued: ${result.status}`, { cause: result });
  // As it arrives: through JSON.
  return JSON.parse(JSON.stringify(result.credential)) as StampCredential;
}
