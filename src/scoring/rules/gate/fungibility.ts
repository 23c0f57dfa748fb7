// How strong a gate is against money. Evidence is fungible when money buys it. Joined by OR, the cheapest branch opens the gate,
// so it is fungible if any branch is; joined by AND, one branch that money cannot open closes it.
import type { Points } from "../points.js";
import type { Gate } from "./gate.js";
import { printGate } from "./parse.js";

export type Fungibility = "fungible" | "non-fungible";

/** What the algebra has to know about providers: which evidence money does not buy, and what a stamp is worth at most. */
export interface EvidenceClasses {
  isFungible(provider: string): boolean;
  members(group: string): readonly string[];
  weight(provider: string): Points;
}

/** A sum or a count is bought when its fungible members alone reach it. */
export function fungibility(gate: Gate, evidence: EvidenceClasses): Fungibility {
  switch (gate.kind) {
    case "has":
      return evidence.isFungible(gate.provider) ? "fungible" : "non-fungible";
    case "sum": {
      const buyable = evidence.members(gate.group).filter((name) => evidence.isFungible(name));
      const sum = buyable.reduce((total, name) => total + evidence.weight(name), 0);
      return sum >= gate.atLeast ? "fungible" : "non-fungible";
    }
    case "count": {
      const buyable = evidence.members(gate.group).filter((name) => evidence.isFungible(name));
      return buyable.length >= gate.atLeast ? "fungible" : "non-fungible";
    }
    case "or":
      return gate.branches.some((branch) => fungibility(branch, evidence) === "fungible") ? "fungible" : "non-fungible";
    case "and":
      return gate.branches.some((branch) => fungibility(branch, evidence) === "non-fungible")
        ? "non-fungible"
        : "fungible";
  }
}

/** What to tell whoever writes such a gate: one sentence for every OR whose branches differ in class, and one for the whole. */
export function gateWarnings(gate: Gate, evidence: EvidenceClasses): readonly string[] {
  const inner = mixedBranches(gate, evidence);
  if (fungibility(gate, evidence) === "non-fungible") return inner;
  return [...inner, "Money alone opens this gate: it raises the cost of a fake person and does not show a real one."];
}

function mixedBranches(gate: Gate, evidence: EvidenceClasses): readonly string[] {
  if (gate.kind !== "and" && gate.kind !== "or") return [];
  const inner = gate.branches.flatMap((branch) => mixedBranches(branch, evidence));
  if (gate.kind === "and") return inner;
  const bought = gate.branches.filter((branch) => fungibility(branch, evidence) === "fungible");
  const others = gate.branches.filter((branch) => fungibility(branch, evidence) === "non-fungible");
  if (bought.length === 0 || others.length === 0) return inner;
  const print = (branches: readonly Gate[]) => branches.map((branch) => `"${printGate(branch)}"`).join(", ");
  const sentence =
    `${print(bought)} is evidence that money buys. Joined by "or", it opens the gate by itself, so ` +
    `${print(others)} adds no protection: join them by "and", or leave the bought evidence out.`;
  return [...inner, sentence];
}
