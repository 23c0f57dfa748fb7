// Rules for the next round: weights from evidence, held down by prices, and the threshold that serves a goal.
import { compileRules } from "../../scoring/rules/compile.js";
import { MAX_WEIGHT, parseRules } from "../../scoring/rules/parse-rules.js";
import { canonicalPoints, POINT, type Points } from "../../scoring/rules/points.js";
import { rulesDocument, type ScorerRules } from "../../scoring/rules/scorer-rules.js";
import { proposeWeights, SEPARATED_BEYOND } from "./coefficients.js";
import { pointsOf, scorePassports } from "./passing.js";
import { stampEffects } from "./evidence/stamp-effects.js";
import type { FitStamps, StampFit } from "./evidence/stamp-fit.js";
import type { TuningSubject } from "./evidence/subjects.js";
import { atThreshold, choosePoint, relevantPoints, tradeOff, type TuningGoal } from "./curve/trade-off.js";

/**
 * Why a stamp has the weight that it has: `fitted` from its coefficient; `negative` evidence gives 0; a `separated` coefficient, and
 * that of a stamp with too `few` holders in either class, is no weight: such a stamp keeps its points, against the
 * threshold too where the goal allows it.
 */
export type WeightOrigin = "fitted" | "negative" | "separated" | "few";

/** Holders in either class below which a coefficient says nothing (sybil.md, 2.9). */
export const FEWEST_HOLDERS = 20;

export interface ProposalRequest {
  readonly rules: ScorerRules;
  readonly goal: TuningGoal;
  readonly prices: ReadonlyMap<string, number>;
  /** Dollars that every set of priced stamps that passes must cost. */
  readonly leastCost: number;
  readonly fit: FitStamps;
}

export interface RulesProposal {
  readonly rules: ScorerRules;
  readonly origins: ReadonlyMap<string, WeightOrigin>;
  readonly fitted: StampFit;
}

/** Proposes rules for the accounts. Throws as {@link choosePoint} and {@link proposeWeights} do. */
export function proposeRules(subjects: readonly TuningSubject[], request: ProposalRequest): RulesProposal {
  const { rules, fit } = request;
  const origins = new Map<string, WeightOrigin>();
  const judged = stampEffects(subjects, [...rules.weights.keys()]).flatMap(({ stamp, people, sybils }) => {
    const enough = Math.min(people.hits, sybils.hits) >= FEWEST_HOLDERS;
    if (!enough) origins.set(stamp, "few");
    return enough ? [stamp] : [];
  });
  const fitted = fit(subjects, judged);
  const coefficients = new Map(judged.map((stamp) => [stamp, fitted.coefficients.get(stamp)?.value ?? 0]));
  for (const [stamp, value] of coefficients) {
    origins.set(stamp, Math.abs(value) > SEPARATED_BEYOND ? "separated" : value > 0 ? "fitted" : "negative");
  }
  const keeps = (stamp: string) => origins.get(stamp) === "few" || origins.get(stamp) === "separated";
  // The points of the stamps that were judged are dealt out anew among them.
  const dealt = [...rules.weights].reduce((sum, [stamp, weight]) => (keeps(stamp) ? sum : sum + weight), 0);
  const { points } = proposeWeights(coefficients, (dealt === 0 ? 100 * POINT : dealt) / POINT);
  const weights = new Map(
    [...rules.weights].map(([stamp, weight]) => [stamp, keeps(stamp) ? weight : (points.get(stamp) as number)]),
  );
  const chosen = chooseWeights(subjects, request, weights);
  const stretched = keepThreshold(rules, chosen);
  if (stretched === undefined) {
    return { rules: withWeights(rules, chosen.weights, chosen.threshold), origins, fitted };
  }
  // Nothing was learnt about a stamp that keeps its weight, so it must not come nearer to passing alone.
  const held = withWeights(
    stretched,
    new Map([...stretched.weights].map(([stamp, weight]) => [stamp, keeps(stamp) ? least(stamp, weight) : weight])),
    stretched.threshold,
  );
  return { rules: includesEnough(subjects, held, request.goal) ? held : stretched, origins, fitted };

  function least(stamp: string, weight: Points): Points {
    return Math.min(weight, rules.weights.get(stamp) as Points);
  }
}

/** Whether lower weights still let the people pass that the goal asks for; of Sybils they let no more pass. */
function includesEnough(subjects: readonly TuningSubject[], rules: ScorerRules, { include }: TuningGoal): boolean {
  const passports = subjects.map(({ stamps }) => stamps);
  const counted = { points: pointsOf(rules, passports), sybil: subjects.map(({ sybil }) => sybil) };
  return include === undefined || atThreshold(counted, rules.threshold).people.share >= include;
}

interface Chosen {
  readonly weights: ReadonlyMap<string, Points>;
  readonly threshold: Points;
}

/** How many prices of a point are tried. */
const RATES = 30;

/**
 * The threshold that serves the goal, and weights that no cheap set of stamps exploits. Evidence alone makes whatever attackers did
 * not bother to get the cheapest way in. So no stamp gets more than `rate` points a dollar, and the threshold is `rate` times the
 * least cost or more: whoever reaches it has paid that cost, whatever the set. The best of several rates is taken.
 */
function chooseWeights(
  subjects: readonly TuningSubject[],
  { rules, goal, prices, leastCost }: ProposalRequest,
  weights: ReadonlyMap<string, Points>,
): Chosen {
  const sybil = subjects.map((subject) => subject.sybil);
  const score = scorePassports(
    rules,
    subjects.map(({ stamps }) => stamps),
  );
  const pointsPerDollar = [...weights].flatMap(([stamp, weight]) => {
    const price = prices.get(stamp);
    return price === undefined || price === 0 || weight === 0 ? [] : [weight / price];
  });
  const [low, high] = [Math.min(...pointsPerDollar), Math.max(...pointsPerDollar)];
  const bound = leastCost > 0 && pointsPerDollar.length > 0;
  const rates = bound
    ? Array.from({ length: RATES }, (_, at) => high * (low / high) ** (at / (RATES - 1)))
    : [Infinity];
  const candidates = rates.flatMap((rate) => {
    const capped = new Map(
      [...weights].map(([stamp, weight]) => {
        const price = prices.get(stamp);
        return [stamp, price === undefined || !bound ? weight : Math.min(weight, Math.floor(rate * price))];
      }),
    );
    // At a threshold of one unit conditions decide alone: the curve finds the threshold itself.
    const points = score(withWeights(rules, capped, 1));
    const curve = tradeOff({ points, sybil }).filter(({ threshold }) => !bound || threshold >= rate * leastCost);
    return relevantPoints(curve, goal).map((point) => ({ ...point, weights: capped }));
  });
  return choosePoint(candidates, goal);
}

/**
 * The weights stretched so that the threshold stays what it was: the scale of influence hangs on it, and what people know. Rounded up,
 * so that whoever reached the threshold reaches it. Undefined where limits and conditions are in points too, and where a weight would
 * become larger than rules allow.
 */
function keepThreshold(rules: ScorerRules, { weights, threshold }: Chosen): ScorerRules | undefined {
  const stretched = new Map(
    [...weights].map(([stamp, weight]) => [stamp, Math.ceil((weight * rules.threshold) / threshold)]),
  );
  if (!compileRules(rules).plain || Math.max(...stretched.values()) > MAX_WEIGHT) return undefined;
  return withWeights(rules, stretched, rules.threshold);
}

/** The same rules with other weights, read again so that nothing comes out that a scorer would refuse. */
function withWeights(rules: ScorerRules, weights: ReadonlyMap<string, Points>, threshold: Points): ScorerRules {
  const texts = [...weights].map(([stamp, weight]) => [stamp, canonicalPoints(weight)] as const);
  return parseRules({
    ...rulesDocument(rules),
    weights: Object.fromEntries(texts),
    threshold: canonicalPoints(threshold),
  });
}
