// A version of a scorer that somebody proposes: rules, why, and the hash of the report that the why comes from.
import { createHash } from "node:crypto";

import { DocumentReader } from "../../shared/document.js";
import type { CanonicalValue } from "../../shared/canonical-json.js";
import { rulesDocument, type ScorerRules } from "./scorer-rules.js";

export const VERSION_FORMAT = "touchstone-scorer-version-v1";
/** Code units of a reason that the service takes. */
export const LONGEST_REASON = 500;

const reader = new DocumentReader("scoring/rules-malformed");
const HASH = /^0x[0-9a-f]{64}$/;

export interface ProposedVersion {
  /** A `touchstone-scorer-rules-v1` document; whoever reads it judges it. */
  readonly rules: unknown;
  /** Undefined where the document is rules and nothing else. */
  readonly reason: string | undefined;
  /** The hash of the report, as {@link hashReport} computes it. */
  readonly report: string | undefined;
}

/** What a version calls a report by: the SHA-256 of its bytes, or of a text's UTF-8 bytes, as 0x and 64 digits. */
export const hashReport = (report: Uint8Array | string): string =>
  `0x${createHash("sha256").update(report).digest("hex")}`;

/** The document of a proposed version. */
export const versionDocument = (
  rules: ScorerRules,
  reason: string,
  report: string | undefined,
): Readonly<Record<string, CanonicalValue>> => ({
  format: VERSION_FORMAT,
  reason,
  ...(report === undefined ? {} : { report }),
  rules: rulesDocument(rules),
});

/** Reads a proposed version, or rules alone: what has another format is taken for rules, and left to their reader. */
export function parseVersion(value: unknown): ProposedVersion {
  const format = typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
  if (format !== VERSION_FORMAT) return { rules: value, reason: undefined, report: undefined };
  const { rules, reason, report } = reader.object(value, "version", ["format", "reason", "rules"], ["report"]);
  const text = reader.string(reason, "reason", /^[^]+$/);
  if (text.length > LONGEST_REASON) reader.fail("reason", `is longer than ${LONGEST_REASON} characters`);
  return { rules, reason: text, report: report === undefined ? undefined : reader.string(report, "report", HASH) };
}
