import type { WireScorer, WrittenScorer } from "../../src/http/passport/passport-client.js";

export function describeScorer({ id, name, version, owner, rulesHash, registryId }: WireScorer): string[] {
  const anchored = registryId === null ? "not in a registry" : `${registryId} in the registry`;
  return [`Scorer ${id} "${name}": version ${version}, of ${owner}, ${anchored}`, `  rules ${rulesHash}`];
}

/** With what whoever writes a gate should know: money may buy the way through. */
export function describeWritten(scorer: WrittenScorer): string[] {
  const { gate } = scorer;
  if (gate === null) return describeScorer(scorer);
  const warnings = gate.warnings.map((warning) => `  warning: ${warning}`);
  return [...describeScorer(scorer), `  gate  ${gate.class}`, ...warnings];
}
