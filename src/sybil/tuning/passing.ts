// Who passes a scorer, by the arithmetic of the scorer itself.
import { compileRules } from "../../scoring/rules/compile.js";
import { ScoreKernel, UNKNOWN_PROVIDER } from "../../scoring/rules/kernel.js";
import type { Points } from "../../scoring/rules/points.js";
import type { ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { invariant } from "../../shared/errors.js";

/** Scores these passports under rules that differ in numbers alone: a search for weights scores the same people hundreds of times. */
export type ScorePassports = (rules: ScorerRules) => Int32Array;

/**
 * The points of each account that meets gate, required stamps and lists; -1 of one that does not, which passes nowhere. The rules that
 * are scored must name the same providers as `first`.
 */
export function scorePassports(first: ScorerRules, passports: readonly ReadonlySet<string>[]): ScorePassports {
  const { providers: names, indexOf } = compileRules(first);
  const starts = new Uint32Array(passports.length + 1);
  passports.forEach(({ size }, at) => (starts[at + 1] = (starts[at] as number) + size));
  const size = starts[passports.length] as number;
  const providers = new Uint16Array(size);
  passports.forEach((stamps, at) => {
    let place = starts[at] as number;
    for (const stamp of stamps) providers[place++] = indexOf(stamp) ?? UNKNOWN_PROVIDER;
  });
  const flat = { providers, expiries: new Float64Array(size).fill(1), refused: new Uint8Array(size) };
  return (rules) => {
    const scorer = compileRules(rules);
    invariant(scorer.providers.join("\n") === names.join("\n"), "the rules name other providers");
    if (scorer.plain) {
      // Points are a sum and nothing else; the kernel also finds out when they end.
      const { weights, open } = scorer;
      return Int32Array.from(passports, (_, at): Points => {
        let sum = 0;
        for (let place = starts[at] as number; place < (starts[at + 1] as number); place++) {
          const provider = providers[place] as number;
          if (provider !== UNKNOWN_PROVIDER && open[provider] === 1) sum += weights[provider] as number;
        }
        return sum;
      });
    }
    const kernel = new ScoreKernel(scorer);
    return Int32Array.from(passports, (_, at): Points => {
      kernel.score(flat, starts[at] as number, starts[at + 1] as number, 0);
      return kernel.conditionsMet ? kernel.sum : -1;
    });
  };
}

/** {@link scorePassports}, once. */
export const pointsOf = (rules: ScorerRules, passports: readonly ReadonlySet<string>[]): Int32Array =>
  scorePassports(rules, passports)(rules);
