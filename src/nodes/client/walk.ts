// Certificates from a source that nobody trusts: what it gives is bounded here and verified afterwards.
import type { Certificate } from "../../certificates/certificate.js";
import { ClientError } from "./errors.js";
import type { CertificateSource, ListedCertificate } from "./ports.js";

/** A chain has one certificate on the way back for each epoch: with days as epochs, more than two centuries. */
export const MOST_ANCESTORS = 100_000;
/** Certificates that a source may list. */
export const MOST_LISTED = 1_000_000;

/**
 * A certificate and those before it, newest first, back to a genesis certificate or to one that `isKnown` (which is left out). A
 * predecessor that the source does not have, and a circle, end the way: verification says what that means.
 */
export async function walkBack(
  source: CertificateSource,
  hash: string,
  isKnown: (hash: string) => boolean | Promise<boolean> = () => false,
  most = MOST_ANCESTORS,
): Promise<Certificate[]> {
  const way = new Map<string, Certificate>();
  let next = hash;
  while (!way.has(next) && !(await isKnown(next))) {
    if (way.size >= most) throw malformed(source, `gives a chain of more than ${most} certificates`);
    const certificate = await source.certificate(next);
    if (certificate === undefined) break;
    if (certificate.hash !== next) throw malformed(source, `gives ${certificate.hash} for the certificate ${next}`);
    way.set(next, certificate);
    if (certificate.isGenesis) break;
    next = certificate.previousHash;
  }
  return [...way.values()];
}

/** Everything that a source lists, newest first, until a page of which `isKnown` says that all of it is known. */
export async function listAll(
  source: Pick<CertificateSource, "name" | "list">,
  isKnown: (hash: string) => boolean | Promise<boolean> = () => false,
  most = MOST_LISTED,
): Promise<ListedCertificate[]> {
  const all: ListedCertificate[] = [];
  const hashes = new Set<string>();
  let before: string | undefined;
  do {
    const page = await source.list(before);
    let news = 0;
    for (const item of page.items) {
      const last = all.at(-1);
      const isInOrder = last === undefined || item.sequence < last.sequence;
      if (!isInOrder || hashes.has(item.hash)) throw malformed(source, "lists certificates twice or out of order");
      if (all.length >= most) throw malformed(source, `lists more than ${most} certificates`);
      all.push(item);
      hashes.add(item.hash);
      if (!(await isKnown(item.hash))) news += 1;
    }
    // A page of nothing that promises another one would go on for ever.
    if (page.next !== undefined && page.items.length === 0) throw malformed(source, "promises pages without end");
    before = news === 0 ? undefined : page.next;
  } while (before !== undefined);
  return all;
}

const malformed = (source: Pick<CertificateSource, "name">, problem: string) =>
  new ClientError("client/malformed-answer", `${source.name} ${problem}`, { source: source.name });
