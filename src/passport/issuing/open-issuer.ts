import { DomainError } from "../../shared/errors.js";
import type { Secret } from "../../shared/secret.js";
import type { StampIssuer } from "../issue.js";
import { NullifierKeyRing } from "../nullifiers/key-ring.js";
import { memorySigner } from "../signature.js";
import type { IssuerSettings } from "./issuer-document.js";

/**
 * The issuer of a document with its keys, each 32 bytes of 0x hex in a variable. Throws `passport/issuer-key` for a variable that
 * holds something else, and for a nullifier key that signs: one key for both would link what it must keep apart.
 */
export async function openIssuer(
  { key, did, nullifierKeys }: IssuerSettings,
  secretOf: (variable: string) => Promise<Secret>,
): Promise<StampIssuer> {
  const signing = keyBytes(await secretOf(key.variable), key.variable);
  const signer = memorySigner(signing);
  const own = `did:ethr:${signer.address}`;
  if (key.version === 0 && did !== undefined && did !== own) {
    throw new DomainError("passport/issuer-key", `${key.variable} holds the key of ${own}, not of ${did}`);
  }
  const ring = await Promise.all(
    nullifierKeys.map(async ({ version, from, variable }) => {
      const secret = keyBytes(await secretOf(variable), variable);
      if (secret.equals(signing)) {
        throw new DomainError(
          "passport/issuer-key",
          `${variable} holds the signing key; nullifiers need one of their own`,
        );
      }
      return { version, from, secret };
    }),
  );
  return { did: did ?? own, keyVersion: key.version, signer, nullifierKeys: new NullifierKeyRing(ring) };
}

function keyBytes(secret: Secret, variable: string): Buffer {
  const text = secret.expose();
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text.slice(2), "hex");
  throw new DomainError("passport/issuer-key", `${variable} must hold 32 bytes of 0x hex`);
}
