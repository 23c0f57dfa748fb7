// Rules turned into numbered tables, once, so that a million passports can be scored without looking a name up.
import { EVERYTHING, type Gate, type GateLeaf } from "./gate/gate.js";
import { allowListProvider, rulesHash, type Limits, type ScorerRules } from "./scorer-rules.js";

/** What a gate asks while a passport is scored. Indices are the compiled ones. */
export interface GateFacts {
  holds(provider: number): boolean;
  readonly groupSum: Float64Array;
  readonly groupCount: Int32Array;
}

export interface CompiledScorer {
  readonly rules: ScorerRules;
  readonly hash: string;
  /** Every provider that the rules name, by index. */
  readonly providers: readonly string[];
  readonly weights: Int32Array;
  /** 1 where the scorer is open to the provider. */
  readonly open: Uint8Array;
  /** 1 where holding the stamp matters beyond its points: gate, required, allow-list. */
  readonly named: Uint8Array;
  readonly required: readonly number[];
  readonly allowed: readonly number[];
  /** The groups, the last being that of everything. */
  readonly groups: readonly { readonly name: string; readonly limits: Limits; readonly members: Uint8Array }[];
  /** For each provider the group that limits it, or -1. */
  readonly limitedBy: Int32Array;
  readonly gate: ((facts: GateFacts) => boolean) | null;
  /** Neither limits nor conditions: the verdict is the sum's. */
  readonly plain: boolean;
  indexOf(provider: string): number | undefined;
}

const limited = ({ maxStamps, diminishing, cap }: Limits) => maxStamps !== null || diminishing !== null || cap !== null;

function* gateLeaves(gate: Gate | null): Generator<GateLeaf> {
  if (gate === null) return;
  if (gate.kind === "and" || gate.kind === "or") for (const branch of gate.branches) yield* gateLeaves(branch);
  else yield gate;
}

type Index = (name: string) => number;

function compileGate(gate: Gate, provider: Index, group: Index): (facts: GateFacts) => boolean {
  switch (gate.kind) {
    case "has": {
      const index = provider(gate.provider);
      return (facts) => facts.holds(index);
    }
    case "sum": {
      const index = group(gate.group);
      return (facts) => (facts.groupSum[index] as number) >= gate.atLeast;
    }
    case "count": {
      const index = group(gate.group);
      return (facts) => (facts.groupCount[index] as number) >= gate.atLeast;
    }
    case "and":
    case "or": {
      const branches = gate.branches.map((branch) => compileGate(branch, provider, group));
      return gate.kind === "and"
        ? (facts) => branches.every((branch) => branch(facts))
        : (facts) => branches.some((branch) => branch(facts));
    }
  }
}

export function compileRules(rules: ScorerRules): CompiledScorer {
  const lists = rules.allowLists.map(allowListProvider);
  const leaves = [...gateLeaves(rules.gate)];
  const gateProviders = leaves.flatMap((leaf) => (leaf.kind === "has" ? [leaf.provider] : []));
  const named = [...gateProviders, ...rules.required, ...lists];
  const grouped = [...rules.groups.values()].flatMap((group) => group.providers);
  const providers = [...new Set([...rules.weights.keys(), ...grouped, ...named])].sort();
  const indices = new Map(providers.map((name, index) => [name, index]));
  const indexOf = (name: string) => indices.get(name) as number;

  const groups = [
    ...[...rules.groups].map(([name, group]) => ({ name, limits: group as Limits, names: group.providers })),
  ];
  groups.push({ name: EVERYTHING, limits: rules.total, names: providers });
  const groupIndex = (name: string) => groups.findIndex((group) => group.name === name);
  const compiled = groups.map(({ name, limits, names }) => {
    const members = new Uint8Array(providers.length);
    for (const provider of names) members[indexOf(provider)] = 1;
    return { name, limits, members };
  });

  const limitedBy = new Int32Array(providers.length).fill(-1);
  groups.slice(0, -1).forEach(({ limits, names }, group) => {
    if (limited(limits)) for (const provider of names) limitedBy[indexOf(provider)] = group;
  });
  const namedFlags = Uint8Array.from(providers, (name) => (named.includes(name) ? 1 : 0));
  for (const leaf of leaves) {
    if (leaf.kind === "has") continue;
    compiled[groupIndex(leaf.group)]?.members.forEach((member, index) => {
      if (member === 1) namedFlags[index] = 1;
    });
  }
  const conditions = rules.gate !== null || rules.required.length > 0 || lists.length > 0;
  return {
    rules,
    hash: rulesHash(rules),
    providers,
    weights: Int32Array.from(providers, (name) => rules.weights.get(name) ?? 0),
    // A list admits people, not evidence: its stamp gets in where the scorer is closed to providers that it does not name.
    open: Uint8Array.from(providers, (name) =>
      rules.providers?.includes(name) === false && !lists.includes(name) ? 0 : 1,
    ),
    named: namedFlags,
    required: rules.required.map(indexOf),
    allowed: lists.map(indexOf),
    groups: compiled,
    limitedBy,
    gate: rules.gate === null ? null : compileGate(rules.gate, indexOf, groupIndex),
    plain: !conditions && !groups.some(({ limits }) => limited(limits)),
    indexOf: (name) => indices.get(name),
  };
}
