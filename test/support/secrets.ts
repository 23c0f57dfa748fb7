import { Secret } from "../../src/shared/secret.js";

export const FRONTEND_SECRET = "ab".repeat(32);
export const OPERATOR_SECRET = "cd".repeat(32);
/** The claim signer's key in tests. */
export const SIGNER_KEY = `0x${"17".repeat(32)}`;

export const frontendSecret = new Secret<Uint8Array>(Buffer.from(FRONTEND_SECRET, "hex"));
export const operatorSecret = new Secret<Uint8Array>(Buffer.from(OPERATOR_SECRET, "hex"));
