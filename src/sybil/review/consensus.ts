import type { HumanLabel, HumanVerdict } from "../round/round-tables.js";

type Decided = Exclude<HumanVerdict, "unsure">;

/**
 * What most raters of each donor say, in the order of `donors`: more than half of those that decided. Undefined where nobody did, or
 * they are split. Raters who are unsure are not counted.
 */
export function consensus(donors: readonly string[], labels: readonly HumanLabel[]): (Decided | undefined)[] {
  const votes = new Map<string, { human: number; sybil: number }>();
  for (const { donor, verdict } of labels) {
    if (verdict === "unsure") continue;
    const count = votes.get(donor) ?? { human: 0, sybil: 0 };
    count[verdict] += 1;
    votes.set(donor, count);
  }
  return donors.map((donor) => {
    const { human, sybil } = votes.get(donor) ?? { human: 0, sybil: 0 };
    return human === sybil ? undefined : human > sybil ? "human" : "sybil";
  });
}
