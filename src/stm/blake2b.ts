import { createBLAKE2b } from "hash-wasm";

// WebAssembly: a lottery is one hash per index, and the JavaScript one takes four times as long (docs/adr/0014).
const [hasher128, hasher256, hasher512] = await Promise.all([
  createBLAKE2b(128),
  createBLAKE2b(256),
  createBLAKE2b(512),
]);

/** Unkeyed Blake2b with 16 bytes of output: the coefficients of aggregated signatures. */
export const blake2b128 = (data: Uint8Array): Uint8Array => hasher128.init().update(data).digest("binary");

/** Unkeyed Blake2b with 32 bytes of output: leaves and nodes of the tree. */
export const blake2b256 = (data: Uint8Array): Uint8Array => hasher256.init().update(data).digest("binary");

/** Unkeyed Blake2b with 64 bytes of output: the draws of the lottery. */
export const blake2b512 = (data: Uint8Array): Uint8Array => hasher512.init().update(data).digest("binary");
