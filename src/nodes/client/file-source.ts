// Certificates that somebody saved: one document, a list, or what an aggregator answered.
import { certificateFromJson } from "../../certificates/certificate-json.js";
import type { Certificate } from "../../certificates/certificate.js";
import type { CertificateErrorCode } from "../../certificates/errors.js";
import { DocumentReader } from "../../shared/document.js";
import type { CertificateSource } from "./ports.js";

const read = new DocumentReader<CertificateErrorCode>("certificates/malformed");

/** Reads the value of a JSON file; `name` is the file's. Throws `certificates/malformed`. */
export function readCertificateFile(value: unknown, name: string): Certificate[] {
  const isOne = typeof value === "object" && value !== null && !Array.isArray(value);
  const items = isOne ? [value] : read.array(value, name);
  const certificates = items.map((item, at) => {
    const path = isOne ? name : `${name}[${at}]`;
    const { certificate } = read.record(item, path);
    return certificateFromJson(certificate ?? item, path);
  });
  const hashes = certificates.map(({ hash }) => hash);
  const twice = hashes.find((hash, at) => hashes.indexOf(hash) !== at);
  if (twice !== undefined) read.fail(name, `has the certificate ${twice} twice`);
  return certificates;
}

/** The certificates of a file as a source like any other: they are verified like those of an aggregator. */
export function fileSource(certificates: readonly Certificate[], name: string): CertificateSource {
  const byHash = new Map(certificates.map((certificate) => [certificate.hash, certificate]));
  const listed = certificates.map(({ hash, epoch, content }, at) => ({
    sequence: BigInt(at + 1),
    hash,
    epoch,
    entity: content.kind === "genesis" ? undefined : content.entity,
  }));
  return {
    name,
    list: () => Promise.resolve({ items: [...listed].reverse(), next: undefined }),
    certificate: (hash) => Promise.resolve(byHash.get(hash)),
  };
}
