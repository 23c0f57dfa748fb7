// The labels Loki and Thor (sybil.md, 2.6): "probably Sybil" and "probably human", cut from ranks. They are no ground truth: a
// model on the same features finds them again.
import { LOKI_AT_MOST, META_RANK_FEATURES, metaRank, THOR_AT_LEAST, type Direction } from "./meta-rank.js";

export type Label = "loki" | "thor" | "none";

export interface LabelledAccounts {
  readonly loki: Float64Array;
  readonly thor: Float64Array;
  readonly labels: readonly Label[];
}

/** The feature that ranks do count and labels do not. */
const LEFT_OUT = "DDNAGrantsDonated";

type Column = { readonly values: readonly (number | undefined)[]; readonly suspicious: Direction };

/**
 * Labels accounts by ten features: `features` are the columns of {@link META_RANK_FEATURES} in their order, with the trust bonus
 * missing (not 0) where an account has none. Loki: a rank of at most 0.30 with missing values last, and no grant owner; an account
 * of which nothing is known about grants is not Loki. Thor: at least 0.75 with missing values first.
 */
export function labelAccounts(features: readonly Column[]): LabelledAccounts {
  const nameOf = (at: number) => META_RANK_FEATURES[at]?.[0];
  const used = features.filter((_, at) => nameOf(at) !== LEFT_OUT);
  const owner = features.find((_, at) => nameOf(at) === "GrantOwner")?.values ?? [];
  const loki = metaRank(used, "loki");
  const thor = metaRank(used, "thor");
  const labels = Array.from(loki, (rank, row): Label => {
    if (rank <= LOKI_AT_MOST && owner[row] === 0) return "loki";
    return (thor[row] as number) >= THOR_AT_LEAST ? "thor" : "none";
  });
  return { loki, thor, labels };
}
