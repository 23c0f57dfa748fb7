// Reads a scorer's rules strictly. Only format, threshold and weights have to be there; what is absent means "none".
import { DocumentReader } from "../../shared/document.js";
import { DomainError } from "../../shared/errors.js";
import { EVERYTHING, type Gate } from "./gate/gate.js";
import { parseGate } from "./gate/parse.js";
import { MAX_SCORE, parsePoints, POINT, type Points } from "./points.js";
import type { Round } from "./round.js";
import {
  NO_LIMITS,
  RULES_FORMAT,
  type DedupeRules,
  type Factor,
  type Limits,
  type ProviderGroup,
  type ScorerRules,
} from "./scorer-rules.js";

const reader = new DocumentReader("scoring/rules-malformed");
/** A provider's name as in credentials, without the quote that the gate language needs. */
const NAME = /^[!#-~](?:[ !#-~]{0,126}[!#-~])?$/;
const GROUP = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** 1,000 points: ten times the ecosystem's largest. */
export const MAX_WEIGHT: Points = 1000 * POINT;
export const MAX_PROVIDERS = 4096;
export const DEFAULT_COOLING = 7 * 86_400;

const OPTIONAL = [
  "mode",
  "groups",
  "total",
  "gate",
  "required",
  "allowLists",
  "providers",
  "nonFungible",
  "dedupe",
  "scale",
  "round",
];

function points(value: unknown, path: string, maximum: Points): Points {
  const text = reader.string(value, path);
  try {
    const parsed = parsePoints(text);
    return parsed <= maximum ? parsed : reader.fail(path, "is too large");
  } catch (error) {
    // Off the grid keeps its own code: an importer may offer rounding.
    if (error instanceof DomainError && error.code === "scoring/points") return reader.fail(path, error.message);
    throw error;
  }
}

function readWeights(value: unknown): ReadonlyMap<string, Points> {
  const entries = Object.entries(reader.record(value, "weights"));
  if (entries.length > MAX_PROVIDERS) reader.fail("weights", `names more than ${MAX_PROVIDERS} providers`);
  const weights = new Map(
    entries.map(([name, weight]) => [
      reader.string(name, "weights", NAME),
      points(weight, `weights.${name}`, MAX_WEIGHT),
    ]),
  );
  // The chain's uint32: no set of stamps may add up to more.
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  if (sum > MAX_SCORE) reader.fail("weights", "add up to more than the chain can hold");
  return weights;
}

function readFactors(value: unknown, path: string): readonly Factor[] {
  const factors = reader
    .array(value, path)
    .map((factor, index) => reader.integer(factor, `${path}[${index}]`, 0, POINT));
  if (factors.length === 0 || factors.length > 256) reader.fail(path, "does not hold 1 to 256 factors");
  factors.forEach((factor, index) => {
    if (factor > (factors[index - 1] ?? POINT)) reader.fail(`${path}[${index}]`, "is larger than the one before");
  });
  return factors;
}

function readLimits(limits: Readonly<Record<string, unknown>>, path: string): Limits {
  const given = (name: string) => limits[name] !== undefined && limits[name] !== null;
  return {
    maxStamps: given("maxStamps") ? reader.integer(limits.maxStamps, `${path}.maxStamps`, 1, MAX_PROVIDERS) : null,
    diminishing: given("diminishing") ? readFactors(limits.diminishing, `${path}.diminishing`) : null,
    cap: given("cap") ? points(limits.cap, `${path}.cap`, MAX_SCORE) : null,
  };
}

const isLimited = ({ maxStamps, diminishing, cap }: Limits) =>
  maxStamps !== null || diminishing !== null || cap !== null;

function readGroups(value: unknown): ReadonlyMap<string, ProviderGroup> {
  const groups = new Map<string, ProviderGroup>();
  const limitedBy = new Map<string, string>();
  for (const [name, entry] of Object.entries(reader.record(value ?? {}, "groups"))) {
    const path = `groups.${name}`;
    reader.string(name, path, GROUP);
    if (name === EVERYTHING) reader.fail(path, "is the name of the group of all providers");
    const object = reader.object(entry, path, ["providers"], ["maxStamps", "diminishing", "cap"]);
    const group = {
      providers: reader.strings(object.providers, `${path}.providers`, NAME),
      ...readLimits(object, path),
    };
    groups.set(name, group);
    if (!isLimited(group)) continue;
    for (const provider of group.providers) {
      // Two limits on one stamp would need an order, and whoever reads the rules would have to know it.
      const other = limitedBy.get(provider);
      if (other !== undefined) reader.fail(path, `limits ${provider}, which ${other} limits already`);
      limitedBy.set(provider, name);
    }
  }
  return groups;
}

function checkGateNames(gate: Gate, groups: ReadonlyMap<string, ProviderGroup>): void {
  if (gate.kind === "and" || gate.kind === "or") for (const branch of gate.branches) checkGateNames(branch, groups);
  if ((gate.kind === "sum" || gate.kind === "count") && gate.group !== EVERYTHING && !groups.has(gate.group)) {
    reader.fail("gate", `there is no group ${gate.group}`);
  }
}

function readDedupe(value: unknown): DedupeRules {
  if (value === undefined) return { scope: "scorer", group: null, cooling: DEFAULT_COOLING };
  const dedupe = reader.object(value, "dedupe", ["scope"], ["group", "cooling"]);
  const scope = reader.literal(dedupe.scope, "dedupe.scope", "scorer", "group", "global");
  const named = dedupe.group !== undefined && dedupe.group !== null;
  if (named !== (scope === "group")) reader.fail("dedupe.group", "goes with the scope group, and only with it");
  return {
    scope,
    group: named ? reader.string(dedupe.group, "dedupe.group", GROUP) : null,
    cooling:
      dedupe.cooling === undefined ? DEFAULT_COOLING : reader.integer(dedupe.cooling, "dedupe.cooling", 0, 31_536_000),
  };
}

function readScale(value: unknown): readonly (readonly [Points, Factor])[] | null {
  if (value === undefined || value === null) return null;
  const corners = reader.array(value, "scale").map((corner, index) => {
    const path = `scale[${index}]`;
    const pair = reader.array(corner, path);
    if (pair.length !== 2) reader.fail(path, "is not a pair of points and factor");
    return [points(pair[0], path, MAX_SCORE), reader.integer(pair[1], path, 0, POINT)] as const;
  });
  if (corners.length === 0) reader.fail("scale", "is empty");
  corners.forEach(([sum], index) => {
    if (index > 0 && sum <= (corners[index - 1]?.[0] ?? 0)) reader.fail(`scale[${index}]`, "does not ascend");
  });
  return corners;
}

function readRound(value: unknown): Round | null {
  if (value === undefined || value === null) return null;
  const round = reader.object(value, "round", ["closesAt"], ["graceEndsAt"]);
  const closesAt = reader.integer(round.closesAt, "round.closesAt", 1);
  const graceEndsAt =
    round.graceEndsAt === undefined ? closesAt : reader.integer(round.graceEndsAt, "round.graceEndsAt", closesAt);
  return { closesAt, graceEndsAt };
}

/** Reads a `touchstone-scorer-rules-v1` document. */
export function parseRules(value: unknown): ScorerRules {
  const rules = reader.object(value, "rules", ["format", "threshold", "weights"], OPTIONAL);
  reader.literal(rules.format, "format", RULES_FORMAT);
  const names = (member: string, pattern = NAME) =>
    rules[member] === undefined ? [] : reader.strings(rules[member], member, pattern);
  const groups = readGroups(rules.groups);
  const gate = rules.gate === undefined || rules.gate === null ? null : parseGate(reader.string(rules.gate, "gate"));
  if (gate !== null) checkGateNames(gate, groups);
  const threshold = points(rules.threshold, "threshold", MAX_SCORE);
  // Zero is the chain's answer about strangers: at such a threshold everybody would pass.
  if (threshold === 0) reader.fail("threshold", "is zero");
  const total =
    rules.total === undefined
      ? NO_LIMITS
      : readLimits(reader.object(rules.total, "total", [], Object.keys(NO_LIMITS)), "total");
  return {
    mode: rules.mode === undefined ? "weighted" : reader.literal(rules.mode, "mode", "binary", "weighted"),
    threshold,
    weights: readWeights(rules.weights),
    groups,
    total,
    gate,
    required: names("required"),
    allowLists: names("allowLists", GROUP),
    providers: rules.providers === undefined || rules.providers === null ? null : names("providers"),
    nonFungible: names("nonFungible"),
    dedupe: readDedupe(rules.dedupe),
    scale: readScale(rules.scale),
    round: readRound(rules.round),
  };
}
