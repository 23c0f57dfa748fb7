import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import type { StmParameters } from "../stm/parameters.js";

/** phi_f in unsigned fixed point with 24 fraction bits, rounded to the nearest and to even: how certificates compare it. */
export function fixedPhi(phiF: number): number {
  const scaled = phiF * 2 ** 24; // exact: a power of two only moves the exponent
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** SHA-256 of k and m (8 bytes each, big-endian) and phi_f (4 bytes); 64 hex digits. A message part, and part of hashes. */
export function parametersHash({ k, m, phiF }: StmParameters): string {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, k);
  view.setBigUint64(8, m);
  view.setUint32(16, fixedPhi(phiF));
  return bytesToHex(sha256(bytes));
}

/** The same parameters, as far as certificates can tell. */
export const sameParameters = (a: StmParameters, b: StmParameters): boolean =>
  a.k === b.k && a.m === b.m && fixedPhi(a.phiF) === fixedPhi(b.phiF);
