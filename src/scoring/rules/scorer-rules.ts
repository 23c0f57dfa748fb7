// The rules of one version of a scorer: weights, threshold, gate, caps and lists together. A version never changes; a score
// names the hash of the rules that made it, and the chain carries the same hash beside every root.
import { canonicalJson, type CanonicalValue } from "../../shared/canonical-json.js";
import { keccakHex } from "../../shared/keccak.js";
import type { Gate } from "./gate/gate.js";
import { printGate } from "./gate/parse.js";
import { canonicalPoints, type Points } from "./points.js";
import type { Round } from "./round.js";

export const RULES_FORMAT = "touchstone-scorer-rules-v1";

/** 1e-4: a factor of 10,000 keeps a stamp's points whole. */
export type Factor = number;

/** Limits on a set of stamps, best first: how many count, what the later ones are worth, what the set can reach. */
export interface Limits {
  readonly maxStamps: number | null;
  /** Falls or stays; the last entry goes on for ever, so end with 0 to stop. */
  readonly diminishing: readonly Factor[] | null;
  readonly cap: Points | null;
}

export interface ProviderGroup extends Limits {
  readonly providers: readonly string[];
}

/** Whose stamps compete for a nullifier: this scorer's, those of all scorers that name the group, or everybody's. */
export interface DedupeRules {
  readonly scope: "scorer" | "group" | "global";
  readonly group: string | null;
  /** Seconds between an owner's release and the moment somebody else may take the nullifier. */
  readonly cooling: number;
}

export interface ScorerRules {
  /** Both kinds compute the same; `binary` publishes 1 or 0, `weighted` the sum. */
  readonly mode: "binary" | "weighted";
  readonly threshold: Points;
  readonly weights: ReadonlyMap<string, Points>;
  readonly groups: ReadonlyMap<string, ProviderGroup>;
  readonly total: Limits;
  readonly gate: Gate | null;
  /** Every one of them must be held. */
  readonly required: readonly string[];
  /** Names of signed lists; when there are any, the account must be on one (stamp `AllowList#<name>`). */
  readonly allowLists: readonly string[];
  /** The only providers that count; null is all of them. */
  readonly providers: readonly string[] | null;
  /** Providers whose evidence money does not buy; all others are taken to be for sale. */
  readonly nonFungible: readonly string[];
  readonly dedupe: DedupeRules;
  /** Corners of the piecewise-linear map from sum to influence, ascending; null publishes none. */
  readonly scale: readonly (readonly [Points, Factor])[] | null;
  /** Null goes on for ever. */
  readonly round: Round | null;
}

export const NO_LIMITS: Limits = { maxStamps: null, diminishing: null, cap: null };
export const allowListProvider = (list: string): string => `AllowList#${list}`;

const limits = ({ maxStamps, diminishing, cap }: Limits) => ({
  maxStamps,
  diminishing,
  cap: cap === null ? null : canonicalPoints(cap),
});
const sorted = (names: readonly string[]) => [...names].sort();

/**
 * The rules as a document, every member present and every list in order: the text that people review and that is hashed. Only
 * `round` is left out where there is none: it came later, and a version's hash, once on the chain, never changes.
 */
export function rulesDocument(rules: ScorerRules): Readonly<Record<string, CanonicalValue>> {
  const weights = [...rules.weights].map(([name, weight]) => [name, canonicalPoints(weight)] as const);
  const groups = [...rules.groups].map(
    ([name, group]) => [name, { providers: sorted(group.providers), ...limits(group) }] as const,
  );
  return {
    format: RULES_FORMAT,
    mode: rules.mode,
    threshold: canonicalPoints(rules.threshold),
    weights: Object.fromEntries(weights),
    groups: Object.fromEntries(groups),
    total: limits(rules.total),
    gate: rules.gate === null ? null : printGate(rules.gate),
    required: sorted(rules.required),
    allowLists: sorted(rules.allowLists),
    providers: rules.providers === null ? null : sorted(rules.providers),
    nonFungible: sorted(rules.nonFungible),
    dedupe: { scope: rules.dedupe.scope, group: rules.dedupe.group, cooling: rules.dedupe.cooling },
    scale: rules.scale === null ? null : rules.scale.map(([sum, factor]) => [canonicalPoints(sum), factor]),
    ...(rules.round === null ? {} : { round: { ...rules.round } }),
  };
}

/** Keccak-256 of the document's canonical JSON: `rulesHash` on the chain, 0x and 64 digits. */
export const rulesHash = (rules: ScorerRules): string => keccakHex(canonicalJson(rulesDocument(rules)));
