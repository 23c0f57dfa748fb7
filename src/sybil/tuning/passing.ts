// Who passes a scorer, by the arithmetic of the scorer itself.
import { compileRules } from "../../scoring/rules/compile.js";
import { ScoreKernel, UNKNOWN_PROVIDER } from "../../scoring/rules/kernel.js";
import type { Points } from "../../scoring/rules/points.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";

/** The points of each account that meets gate, required stamps and lists; -1 of one that does not, which passes nowhere. */
export function pointsOf(rules: ScorerRules, passports: readonly ReadonlySet<string>[]): Int32Array {
  const scorer = compileRules(rules);
  if (scorer.plain) {
    // Points are a sum and nothing else: tuning asks for them hundreds of times, and the kernel also finds out when they end.
    const weights = new Map(scorer.providers.map((name, at) => [name, scorer.open[at] === 1 ? scorer.weights[at] : 0]));
    return Int32Array.from(passports, (stamps): Points => {
      let sum = 0;
      for (const stamp of stamps) sum += weights.get(stamp) ?? 0;
      return sum;
    });
  }
  const kernel = new ScoreKernel(scorer);
  return Int32Array.from(passports, (stamps): Points => {
    const providers = Uint16Array.from(stamps, (stamp) => scorer.indexOf(stamp) ?? UNKNOWN_PROVIDER);
    const expiries = new Float64Array(providers.length).fill(1);
    kernel.score({ providers, expiries, refused: new Uint8Array(providers.length) }, 0, providers.length, 0);
    return kernel.conditionsMet ? kernel.sum : -1;
  });
}
