import { packBreakdown, unpackBreakdown } from "../../scoring/service/packed/breakdown.js";
import type { StampScore } from "../../scoring/rules/score.js";

/** What became of each stamp, packed from its JSON; null for a text that would not come back as it is, and so must stay one. */
export function packedText(text: string): Buffer | null {
  try {
    const packed = packBreakdown(JSON.parse(text) as StampScore[]);
    return JSON.stringify(unpackBreakdown(packed)) === text ? packed : null;
  } catch {
    return null;
  }
}
