// A passport on its way from one service to another: an account's credentials as their issuers signed them, and nothing that
// either service made of them. Whoever takes them checks every one anew.
import { DocumentReader } from "../shared/document.js";
import { toJson } from "../shared/json.js";

export const PASSPORT_FORMAT = "touchstone-passport-v1";

/** `passport/file-malformed`: a file with credentials does not parse. */
export type PassportFileErrorCode = "passport/file-malformed";

export interface PassportFile {
  /** As the exporting service was asked for it. */
  readonly account: string;
  readonly credentials: readonly unknown[];
}

const read = new DocumentReader<PassportFileErrorCode>("passport/file-malformed");

export const passportFile = ({ account, credentials }: PassportFile): string =>
  `${toJson({ format: PASSPORT_FORMAT, account, credentials })}\n`;

/** Parses an exported passport. Throws `passport/file-malformed`. */
export function parsePassportFile(text: string): PassportFile {
  const file = read.object(parse(text), "passport", ["format", "account", "credentials"]);
  read.literal(file.format, "passport.format", PASSPORT_FORMAT);
  const account = read.string(file.account, "passport.account", /^0x[0-9a-fA-F]{40}$/);
  return { account, credentials: read.array(file.credentials, "passport.credentials") };
}

/** Credentials as issuers and wallets hand them out: one, a list, or an object with a list. Throws `passport/file-malformed`. */
export function parseCredentialFile(text: string): readonly unknown[] {
  const value = parse(text);
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null)
    return read.fail("file", "is neither a credential nor a list of them");
  const { credentials } = value as { credentials?: unknown };
  return Array.isArray(credentials) ? credentials : [value];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return read.fail("file", "is not a JSON document");
  }
}
