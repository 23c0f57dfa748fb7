import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";

import type { BanGateway, StampIssuer } from "../../src/passport/issue.js";
import { NullifierKeyRing } from "../../src/passport/nullifiers/key-ring.js";
import { memorySigner } from "../../src/passport/signature.js";

/** An issuer of stamps with fresh keys, which has banned nobody. */
export function newIssuer(): { readonly issuer: StampIssuer; readonly bans: BanGateway } {
  const signer = memorySigner(randomBytes(32));
  const did = `did:ethr:${signer.address.toLowerCase()}`;
  const keys = [{ version: 1, secret: randomBytes(32), from: 0 }];
  return {
    issuer: { did, keyVersion: 0, signer, nullifierKeys: new NullifierKeyRing(keys) },
    bans: { find: () => Promise.resolve(undefined) },
  };
}

export const issuersDocument = ({ did }: StampIssuer) => ({ format: "touchstone-issuers-v1", issuers: [{ did }] });

/** The file by which services and nodes trust the issuer. */
export const writeIssuers = (file: string, issuer: StampIssuer): void =>
  writeFileSync(file, JSON.stringify(issuersDocument(issuer)));
