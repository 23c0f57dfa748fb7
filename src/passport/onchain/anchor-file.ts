// A signed root in a file: what `passport anchor` brings to the registry. Whoever signed it need not be who sends it.
import { DocumentReader } from "../../shared/document.js";
import { toJson } from "../../shared/json.js";
import { hashRules, type Anchor } from "./anchor-typed-data.js";

export const ANCHOR_FORMAT = "touchstone-anchor-v1";

/** `passport/anchor-malformed`: a file with a signed root does not parse, or its rules hash is not that of its rules. */
export type AnchorFileErrorCode = "passport/anchor-malformed";

export interface SignedAnchor {
  readonly anchor: Anchor;
  /** Hex: 65 or 64 bytes of a key's, or whatever an ERC-1271 operator wants. */
  readonly signature: string;
}

const read = new DocumentReader<AnchorFileErrorCode>("passport/anchor-malformed");
const WORD = /^0x[0-9a-fA-F]{64}$/;
const DIGITS = /^(0|[1-9][0-9]*)$/;
const MAX_UINT32 = 2 ** 32 - 1;

/** Wide numbers are decimal text, since JSON's numbers are not exact. */
export function anchorFile({ anchor, signature }: SignedAnchor): string {
  const rulesHash = hashRules(anchor.threshold, anchor.definition);
  return `${toJson({ format: ANCHOR_FORMAT, ...anchor, rulesHash, signature })}\n`;
}

/** Parses such a file. Throws `passport/anchor-malformed`. */
export function parseAnchorFile(text: string): SignedAnchor {
  const fields = ["scorerId", "number", "root", "issuedAt", "threshold", "definition", "count", "uri", "deadline"];
  const file = read.object(parse(text), "anchor", [...fields, "signature"], ["format", "rulesHash"]);
  // What the service answers is taken as it is.
  if (file.format !== undefined) read.literal(file.format, "anchor.format", ANCHOR_FORMAT);
  const anchor: Anchor = {
    scorerId: wide(file.scorerId, "anchor.scorerId", 256n),
    number: read.integer(file.number, "anchor.number", 1, MAX_UINT32),
    root: read.string(file.root, "anchor.root", WORD),
    issuedAt: wide(file.issuedAt, "anchor.issuedAt", 64n),
    threshold: read.integer(file.threshold, "anchor.threshold", 1, MAX_UINT32),
    definition: read.string(file.definition, "anchor.definition", WORD),
    count: wide(file.count, "anchor.count", 64n),
    uri: read.string(file.uri, "anchor.uri"),
    deadline: wide(file.deadline, "anchor.deadline", 256n),
  };
  const expected = hashRules(anchor.threshold, anchor.definition);
  if (file.rulesHash !== undefined && file.rulesHash !== expected) {
    read.fail("anchor.rulesHash", `is not the hash of threshold and definition, which is ${expected}`);
  }
  return { anchor, signature: read.string(file.signature, "anchor.signature", /^0x([0-9a-fA-F]{2})+$/) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return read.fail("anchor", "is not a JSON document");
  }
}

/** A number of at most `bits` bits, as text or as an exact JSON number. */
function wide(value: unknown, path: string, bits: bigint): bigint {
  const number = Number.isSafeInteger(value) ? String(value) : read.string(value, path, DIGITS);
  if (!DIGITS.test(number) || BigInt(number) >= 2n ** bits) read.fail(path, `does not fit ${bits} bits`);
  return BigInt(number);
}
