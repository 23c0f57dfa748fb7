// Who passes a scorer, by the arithmetic of the scorer itself.
import { compileRules } from "../../scoring/rules/compile.js";
import { ScoreKernel, UNKNOWN_PROVIDER } from "../../scoring/rules/kernel.js";
import type { Points } from "../../scoring/rules/points.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";

/** The points of each account that meets gate, required stamps and lists; -1 of one that does not, which passes nowhere. */
export function pointsOf(rules: ScorerRules, passports: readonly ReadonlySet<string>[]): Int32Array {
  const scorer = compileRules(rules);
  const kernel = new ScoreKernel(scorer);
  return Int32Array.from(passports, (stamps): Points => {
    const providers = Uint16Array.from(stamps, (stamp) => scorer.indexOf(stamp) ?? UNKNOWN_PROVIDER);
    const expiries = new Float64Array(providers.length).fill(1);
    kernel.score({ providers, expiries, refused: new Uint8Array(providers.length) }, 0, providers.length, 0);
    return kernel.conditionsMet ? kernel.sum : -1;
  });
}
