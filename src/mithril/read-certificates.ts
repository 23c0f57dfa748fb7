import { parseWideJson } from "../shared/wide-json.js";
import { type MithrilCertificate, shortHash } from "./certificate.js";
import { HASH, read } from "./fields.js";
import { parseCertificate } from "./parse-certificate.js";

/**
 * The certificates of a file, in its order: an object keyed by hash, a list, or one certificate as an aggregator's
 * `/certificate/{hash}` answers it. Throws `mithril/malformed` with one sentence that names `file`, certificate and field.
 */
export function readCertificates(text: string, file: string): MithrilCertificate[] {
  const entries = listEntries(parseText(text, file), file);
  if (entries.length === 0) read.fail(file, "holds no certificate");
  const seen = new Set<string>();
  return entries.map(({ value, path, key }) => {
    const certificate = parseCertificate(value, named(value, path, file));
    if (key !== undefined && certificate.hash !== key) {
      read.fail(`${path}.hash`, `is ${certificate.hash}, which is not what it is filed under`);
    }
    if (seen.has(certificate.hash)) read.fail(path, `the certificate ${certificate.hash} stands there twice`);
    seen.add(certificate.hash);
    return certificate;
  });
}

/** JSON with its integers whole; the message names the file. */
export function parseText(text: string, file: string): unknown {
  try {
    return parseWideJson(text);
  } catch (cause) {
    return read.fail(file, `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

interface Entry {
  readonly value: unknown;
  readonly path: string;
  readonly key?: string;
}

function listEntries(document: unknown, file: string): readonly Entry[] {
  if (Array.isArray(document)) {
    return document.map((value: unknown, index) => ({ value, path: `${file}: certificate ${index + 1}` }));
  }
  const object = read.record(document, file);
  if (["hash", "previous_hash", "protocol_message", "metadata"].some((name) => Object.hasOwn(object, name))) {
    return [{ value: object, path: `${file}: certificate` }];
  }
  return Object.entries(object).map(([key, value]) => {
    if (!HASH.test(key))
      read.fail(file, `holds neither certificates nor a certificate: what is "${key.slice(0, 40)}"?`);
    return { value, path: `${file}: certificate ${shortHash(key)}`, key };
  });
}

/** A certificate without a key is called by its own hash, once it has one. */
function named(value: unknown, path: string, file: string): string {
  const hash = typeof value === "object" && value !== null && "hash" in value ? value.hash : undefined;
  return typeof hash === "string" && HASH.test(hash) ? `${file}: certificate ${shortHash(hash)}` : path;
}
