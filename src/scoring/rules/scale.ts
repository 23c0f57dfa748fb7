import type { Points } from "./points.js";
import type { Factor } from "./scorer-rules.js";

/**
 * Influence in 1e-4 at a sum: linear between the corners, rounded down, level after the last. Below the first corner it is 0:
 * who does not reach the lower bound has no influence at all.
 */
export function scaleOf(corners: readonly (readonly [Points, Factor])[], sum: Points): Factor {
  const next = corners.findIndex(([at]) => at > sum);
  if (next === 0) return 0;
  const [fromSum, fromFactor] = corners.at(next === -1 ? -1 : next - 1) as readonly [Points, Factor];
  if (next === -1) return fromFactor;
  const [toSum, toFactor] = corners[next] as readonly [Points, Factor];
  // Products stay below 2^32 x 10^4, exact in a double; floor also where the line falls.
  return fromFactor + Math.floor(((toFactor - fromFactor) * (sum - fromSum)) / (toSum - fromSum));
}
