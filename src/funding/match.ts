import { clusterRound, type Memberships } from "./clusters.js";
import { FundingError } from "./errors.js";
import { clusterProfileMatching } from "./rules/cluster-profiles.js";
import { cocmMatching, type Closeness, type Discount } from "./rules/cocm.js";
import { donationProfileMatching } from "./rules/donation-profiles.js";
import { pairwiseMatching } from "./rules/pairwise.js";
import { standardMatching } from "./rules/standard.js";
import type { Round } from "./round.js";

/** A matching rule with its settings. */
export type MatchingRule =
  | { readonly kind: "standard" }
  | { readonly kind: "pairwise"; readonly m: number }
  | { readonly kind: "donation-profiles" }
  | { readonly kind: "cluster-profiles" }
  | { readonly kind: "cocm"; readonly closeness: Closeness; readonly discount: Discount };

export const RULE_KINDS = ["standard", "pairwise", "donation-profiles", "cluster-profiles", "cocm"] as const;

/** Matching of each project. Throws `funding/bad-setting` when a rule needs clusters and there are none. */
export function matchRound(round: Round, rule: MatchingRule, memberships?: Memberships): Float64Array {
  switch (rule.kind) {
    case "standard":
      return standardMatching(round);
    case "pairwise":
      return pairwiseMatching(round, rule.m);
    case "donation-profiles":
      return donationProfileMatching(round);
    case "cluster-profiles":
      return clusterProfileMatching(clusterRound(round, clustersOf(rule.kind, memberships)));
    case "cocm":
      return cocmMatching(clusterRound(round, clustersOf(rule.kind, memberships)), rule.closeness, rule.discount);
  }
}

function clustersOf(kind: string, memberships: Memberships | undefined): Memberships {
  if (memberships !== undefined) return memberships;
  throw new FundingError("funding/bad-setting", `the rule ${kind} needs to know who belongs to which cluster`);
}
