import type { Points } from "../points.js";

export type GateLeaf =
  | { readonly kind: "has"; readonly provider: string }
  | { readonly kind: "sum"; readonly group: string; readonly atLeast: Points }
  | { readonly kind: "count"; readonly group: string; readonly atLeast: number };

/**
 * A condition besides the threshold. There is no `not`: absence of a stamp is up to its holder, so it proves nothing.
 */
export type Gate =
  | GateLeaf
  | { readonly kind: "and"; readonly branches: readonly Gate[] }
  | { readonly kind: "or"; readonly branches: readonly Gate[] };

/** The group that every provider is in. */
export const EVERYTHING = "all";
