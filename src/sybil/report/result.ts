// The result of a report: one document, from which page, plots and tables are made. Its schema ships as docs/sybil-result.schema.json.
import { Type, type Static } from "typebox";
import { Check, Errors } from "typebox/value";

import { SUMMARY_FORMAT } from "../drift.js";
import { SybilError } from "../errors.js";
import { Accounts } from "./sections/accounts.js";
import { Bands } from "./sections/bands.js";
import { Costs } from "./sections/costs.js";
import { Drift } from "./sections/drift.js";
import { Gate } from "./sections/gate.js";
import { Groups } from "./sections/groups.js";
import { Matching } from "./sections/matching.js";
import { Heuristics, Labels, Model } from "./sections/model.js";
import { Tuning } from "./sections/tuning.js";
import { closed, Count, Figure, Money, orNull } from "./sections/parts.js";

export const RESULT_FORMAT = "touchstone-sybil-result-v1";

const RoundFacts = closed({
  name: Type.String(),
  closedAt: Type.String({ description: "ISO 8601" }),
  donors: Count,
  projects: Count,
  donations: Count,
  donated: Money,
  pool: Money,
  cap: Figure,
  scale: closed({ lower: Figure, upper: Figure }),
  tax: closed({ k: Figure, cap: Figure }),
  flagFrom: Figure,
  rulesHash: orNull(Type.String({ description: "Of the scorer's rules" })),
});

/** Spreads of the features, for the next round's drift. */
const Summary = closed({
  format: Type.Literal(SUMMARY_FORMAT),
  donors: Count,
  flagged: Count,
  features: Type.Record(
    Type.String(),
    closed({ edges: Type.Array(Figure), counts: Type.Array(Count), unknown: Count }),
  ),
});

export const RoundResultSchema = closed(
  {
    format: Type.Literal(RESULT_FORMAT),
    round: RoundFacts,
    naming: Type.Union(
      [Type.Literal("names"), Type.Literal("pseudonyms-given-salt"), Type.Literal("pseudonyms-random-salt")],
      {
        description: "How accounts are called: by their ids, or by HMAC-SHA-256 of them under a salt",
      },
    ),
    notices: Type.Array(Type.String()),
    accounts: Accounts,
    heuristics: Heuristics,
    model: orNull(Model),
    labels: Labels,
    bands: orNull(Bands),
    gate: orNull(Gate),
    groups: Groups,
    costs: orNull(Costs),
    matching: Matching,
    tuning: orNull(Tuning),
    drift: orNull(Drift),
    summary: Summary,
    caveats: Type.Array(Type.String()),
  },
  "The analysis of a round by Touchstone. Shares carry intervals of 95 %; null is what cannot be known.",
);
export type RoundResult = Static<typeof RoundResultSchema>;

/** A result as another report wrote it. Throws `sybil/bad-round` for anything else. */
export function parseResult(value: unknown): RoundResult {
  if (Check(RoundResultSchema, value)) return value;
  const [first] = Errors(RoundResultSchema, value);
  const where = first === undefined ? "" : `: ${first.instancePath} ${first.message}`;
  throw new SybilError("sybil/bad-round", `the last round's result is no ${RESULT_FORMAT}${where}`);
}

/** The schema as a document (JSON Schema, draft 2020-12). */
export const resultSchemaDocument = (): object => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: RESULT_FORMAT,
  ...(JSON.parse(JSON.stringify(RoundResultSchema)) as object),
});
