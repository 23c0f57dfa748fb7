// A review by people, simulated: they are right most of the time, and wrong most often about newcomers.
import type { HumanLabel, HumanVerdict } from "../round/round-tables.js";
import type { MadeAccount } from "./account.js";
import type { Random } from "./random.js";

const RATERS = ["rater-1", "rater-2", "rater-3"] as const;
const WRONG = 0.06;
const WRONG_ABOUT_NEWCOMERS = 0.15;
const UNSURE = 0.08;

/** Labels of `count` donors, each looked at by two of three raters. */
export function reviewSample(
  donors: readonly string[],
  accounts: readonly MadeAccount[],
  count: number,
  random: Random,
): HumanLabel[] {
  const sample = random.shuffled(accounts.map((_, at) => at)).slice(0, count);
  return sample.flatMap((at) => {
    const { kind } = accounts[at] as MadeAccount;
    const raters = random.shuffled(RATERS).slice(0, 2);
    return raters.map((rater): HumanLabel => {
      const verdict = judge(kind === "sybil", kind === "newcomer" ? WRONG_ABOUT_NEWCOMERS : WRONG, random);
      return { donor: donors[at] as string, rater, verdict };
    });
  });
}

function judge(sybil: boolean, wrong: number, random: Random): HumanVerdict {
  if (random.chance(UNSURE)) return "unsure";
  return sybil !== random.chance(wrong) ? "sybil" : "human";
}
