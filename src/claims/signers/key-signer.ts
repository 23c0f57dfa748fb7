import { getBytes, isHexString } from "ethers";

import type { Secret } from "../../shared/secret.js";
import { createClaimHasher } from "../claim-hasher.js";
import { ClaimError } from "../errors.js";
import { accountOfKey, signDigest } from "../signature.js";
import type { ClaimSigner } from "../signer.js";
import type { ClaimDomain } from "../typed-data.js";

/** Signs with a private key in this process's memory. The key is 32 bytes of hex. */
export function keySigner(privateKey: Secret, domain: ClaimDomain): ClaimSigner {
  const text = privateKey.expose();
  const key = isHexString(text, 32) ? getBytes(text) : new Uint8Array();
  const account = accountOfKey(key);
  // The message must not quote what it was given: it might be a key with one digit too many.
  if (account === undefined) throw new ClaimError("claims/invalid-key", "The signing key is not 32 bytes of 0x hex");
  const digest = createClaimHasher(domain);
  return {
    account,
    sign: (claim) => Promise.resolve(`0x${Buffer.from(signDigest(digest(claim), key)).toString("hex")}`),
  };
}
