import { equalBytes } from "./bytes.js";
import { type G1Point, parseG1 } from "./curve/group.js";

const known = new WeakMap<Uint8Array, { readonly bytes: Uint8Array; readonly point: G1Point }>();

/**
 * The point of a signature's 48 bytes, checked for curve and subgroup (`stm/bad-point`). Remembered per array, because one
 * signature is looked at when it arrives, when it is aggregated and when the proof is verified, and the check is half of
 * that work. A copy of the bytes is compared, so writing to the array does not give the old point.
 */
export function signaturePoint(sigma: Uint8Array): G1Point {
  const before = known.get(sigma);
  if (before !== undefined && equalBytes(before.bytes, sigma)) return before.point;
  const point = parseG1(sigma, "the signature");
  known.set(sigma, { bytes: Uint8Array.from(sigma), point });
  return point;
}
