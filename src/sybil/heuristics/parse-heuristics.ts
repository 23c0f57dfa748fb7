// The configuration of the heuristics of a round. It can be committed to before the round by its hash, and shown after it: results
// never depend on a secret method, and attackers cannot tune to thresholds that they do not know (sybil.md, Y15).
import { canonicalJson, type CanonicalValue } from "../../shared/canonical-json.js";
import { DocumentReader } from "../../shared/document.js";
import { keccakHex } from "../../shared/keccak.js";
import type { SybilErrorCode } from "../errors.js";
import { isFeatureName } from "../features/catalogue.js";
import { DEFAULT_SIGNS, type SignSettings } from "../features/compute-features.js";
import { BUILT_IN_RULES } from "./built-in.js";
import { featuresOf, holds, parseCondition, parseFigure, printCondition } from "./condition.js";
import { figure, type Rule, type RuleKind, type Strength } from "./rule.js";

export const HEURISTICS_FORMAT = "touchstone-heuristics-v1";

export interface Heuristics {
  readonly signs: SignSettings;
  /** In order: the first strong rule that holds settles an account. */
  readonly rules: readonly Rule[];
}

const reader = new DocumentReader<SybilErrorCode>("sybil/bad-heuristics");
const MOST_RULES = 100;

/** Bounds of the settings of signs. */
const SIGN_BOUNDS: Readonly<Record<keyof SignSettings, readonly [least: number, most: number]>> = {
  copyGrants: [1, 1e6],
  nameLength: [1, 100],
  chance: [0, 1],
};

/**
 * Reads a configuration: `format`, `signs` (optional, with any of its settings), and `rules`, each either a built-in one
 * (`{"rule": name, "strength"?, "providers"?, and its thresholds}`) or one of the community's own (`{"name", "verdict", "strength",
 * "reason", "when"}`). In an own reason `{feature}` stands for the account's figure. Throws `sybil/bad-heuristics`.
 */
export function parseHeuristics(value: unknown): Heuristics {
  const object = reader.object(value, "heuristics", ["format", "rules"], ["signs"]);
  reader.literal(object.format, "heuristics.format", HEURISTICS_FORMAT);
  const list = reader.array(object.rules, "heuristics.rules");
  if (list.length > MOST_RULES) reader.fail("heuristics.rules", `has more than ${MOST_RULES} rules`);
  const rules = list.map((rule, at) => parseRule(rule, `heuristics.rules[${at}]`));
  const names = rules.map(({ name }) => name);
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice !== -1) reader.fail(`heuristics.rules[${twice}]`, `there are two rules named ${names[twice]}`);
  return { signs: parseSigns(object.signs), rules };
}

function parseSigns(value: unknown): SignSettings {
  if (value === undefined) return DEFAULT_SIGNS;
  const path = "heuristics.signs";
  const names = Object.keys(SIGN_BOUNDS) as (keyof SignSettings)[];
  const object = reader.object(value, path, [], names);
  const settings: Record<keyof SignSettings, number> = { ...DEFAULT_SIGNS };
  for (const name of names) {
    if (object[name] !== undefined) settings[name] = bounded(object[name], `${path}.${name}`, ...SIGN_BOUNDS[name]);
  }
  return settings;
}

function bounded(value: unknown, path: string, least: number, most: number): number {
  const figure = parseFigure(reader, value, path);
  if (!(figure >= least && figure <= most)) reader.fail(path, `is not between ${least} and ${most}`);
  return figure;
}

function parseRule(value: unknown, path: string): Rule {
  const record = reader.record(value, path);
  return Object.hasOwn(record, "rule") ? parseBuiltIn(value, path) : parseOwn(value, path);
}

function parseBuiltIn(value: unknown, path: string): Rule {
  const name = reader.string(reader.record(value, path).rule, `${path}.rule`);
  const kind = BUILT_IN_RULES.find((known) => known.name === name);
  if (kind === undefined) return reader.fail(`${path}.rule`, `there is no rule ${name}`);
  const providers = kind.providers.length > 0 ? ["providers"] : [];
  const object = reader.object(value, path, ["rule"], ["strength", ...providers, ...Object.keys(kind.thresholds)]);
  const thresholds: Record<string, number> = {};
  for (const [threshold, { standard, least, most }] of Object.entries(kind.thresholds)) {
    const given = object[threshold];
    thresholds[threshold] = given === undefined ? standard : bounded(given, `${path}.${threshold}`, least, most);
  }
  const strength = object.strength === undefined ? kind.strength : parseStrength(object.strength, path);
  const named = object.providers === undefined ? kind.providers : reader.strings(object.providers, `${path}.providers`);
  if (kind.providers.length > 0 && named.length === 0) reader.fail(`${path}.providers`, "names no provider");
  return buildRule(kind, strength, thresholds, named);
}

function parseStrength(value: unknown, path: string): Strength {
  return reader.literal(value, `${path}.strength`, "strong", "weak");
}

function buildRule(
  kind: RuleKind,
  strength: Strength,
  thresholds: Readonly<Record<string, number>>,
  providers: readonly string[],
): Rule {
  const figures = Object.fromEntries(Object.entries(thresholds).map(([name, value]) => [name, String(value)]));
  const listed: Readonly<Record<string, CanonicalValue>> =
    providers.length === 0 ? {} : { providers: [...providers].sort() };
  return {
    name: kind.name,
    verdict: kind.verdict,
    strength,
    reads: kind.reads(providers),
    document: { rule: kind.name, strength, ...listed, ...figures },
    judge: (read) => kind.judge(read, thresholds, providers),
  };
}

const PLACEHOLDER = /\{([^{}]*)\}/g;

function parseOwn(value: unknown, path: string): Rule {
  const object = reader.object(value, path, ["name", "verdict", "strength", "reason", "when"]);
  const name = reader.string(object.name, `${path}.name`, /^[a-z0-9][a-z0-9-]{0,63}$/);
  if (BUILT_IN_RULES.some((known) => known.name === name)) reader.fail(`${path}.name`, `${name} is a built-in rule`);
  const verdict = reader.literal(object.verdict, `${path}.verdict`, "human", "sybil");
  const strength = parseStrength(object.strength, path);
  const reason = reader.string(object.reason, `${path}.reason`, /^[^\p{Cc}]{1,500}$/u);
  for (const [, feature] of reason.matchAll(PLACEHOLDER)) {
    if (!isFeatureName(feature as string)) reader.fail(`${path}.reason`, `"${feature}" is no feature`);
  }
  const when = parseCondition(reader, object.when, `${path}.when`);
  const shown = (value: number) => (Number.isNaN(value) ? "unknown" : figure(value));
  return {
    name,
    verdict,
    strength,
    reads: featuresOf(when),
    document: { name, verdict, strength, reason, when: printCondition(when) },
    judge: (read) =>
      holds(when, read) ? reason.replaceAll(PLACEHOLDER, (_, feature: string) => shown(read(feature))) : undefined,
  };
}

/** The configuration with every setting present. */
export function heuristicsDocument({ signs, rules }: Heuristics): Readonly<Record<string, CanonicalValue>> {
  const settings = Object.fromEntries(Object.entries(signs).map(([name, value]) => [name, String(value)]));
  return { format: HEURISTICS_FORMAT, signs: settings, rules: rules.map(({ document }) => document) };
}

/** Keccak-256 of the configuration's canonical JSON: what can be published before a round. */
export const heuristicsHash = (heuristics: Heuristics): string =>
  keccakHex(canonicalJson(heuristicsDocument(heuristics)));

/** All built-in rules with their standard thresholds. */
export const DEFAULT_HEURISTICS: Heuristics = parseHeuristics({
  format: HEURISTICS_FORMAT,
  rules: BUILT_IN_RULES.map(({ name }) => ({ rule: name })),
});
