// Verification of what sources give, back to the registry's anchors. Several are asked one after the other: a bad one is named and
// passed over, and cannot keep a good one from being heard.
import type { Certificate } from "../../certificates/certificate.js";
import { type TrustedChain, verifyCertificates } from "../../certificates/verify.js";
import { DomainError } from "../../shared/errors.js";
import { noProgress, type Progress } from "../../shared/progress.js";
import type { StewardChain } from "../protocol/chain.js";
import { compareWithRegistry, type RegistryStanding } from "./compare-registry.js";
import { ClientError } from "./errors.js";
import type { CertificateSource } from "./ports.js";
import { type ChainReport, reportCertificates } from "./report.js";
import { listAll, walkBack } from "./walk.js";

export interface VerifyOptions {
  /** The certificate to begin at; everything that the source has without one. */
  readonly hash?: string;
  /** Compares with what this registry holds for each epoch. */
  readonly registry?: Pick<StewardChain, "certifiedEpoch">;
  readonly progress?: Progress;
}

export interface VerifiedSource {
  readonly source: CertificateSource;
  /** Oldest first. */
  readonly certificates: readonly Certificate[];
  readonly report: ChainReport;
}

/** A source that did not give what it should. */
export interface RejectedSource {
  readonly source: string;
  readonly reason: string;
  /** Where something came that did not verify. */
  readonly report?: ChainReport;
}

/** What the registry says itself: where chains begin, and for whom. */
export const trustedChain = async (chain: Pick<StewardChain, "registry" | "anchors">): Promise<TrustedChain> => ({
  registry: chain.registry,
  anchors: await chain.anchors(),
});

/** Fetches and verifies; what is wrong stands in the report. Throws what the source throws. */
export async function verifySource(
  source: CertificateSource,
  trusted: TrustedChain,
  { hash, registry, progress = noProgress }: VerifyOptions = {},
): Promise<VerifiedSource> {
  const certificates = hash === undefined ? await fetchAll(source, progress) : (await walkBack(source, hash)).reverse();
  progress.update("verifying certificates", 0, certificates.length);
  const verdict = verifyCertificates(certificates, trusted);
  progress.update("verifying certificates", certificates.length, certificates.length);
  progress.finish();
  const held = registry === undefined ? undefined : await compareAll(certificates, registry);
  return { source, certificates, report: reportCertificates(source.name, verdict, held) };
}

/** The first source whose answer verifies, and those before it that did not. `good` is undefined when none does. */
export async function verifyFromAny(
  sources: readonly CertificateSource[],
  trusted: TrustedChain,
  options: VerifyOptions = {},
): Promise<{ readonly good: VerifiedSource | undefined; readonly rejected: readonly RejectedSource[] }> {
  const rejected: RejectedSource[] = [];
  for (const source of sources) {
    try {
      const verified = await verifySource(source, trusted, options);
      if (verified.report.ok) return { good: verified, rejected };
      rejected.push(rejection(verified.report));
    } catch (error) {
      rejected.push({ source: source.name, reason: reasonOf(error) });
    }
  }
  return { good: undefined, rejected };
}

/** Why a report is not good, in one clause. */
export function rejection(report: ChainReport): RejectedSource {
  const [bad] = report.certificates.filter(({ failed, registry }) => failed.length > 0 || registry === "differs");
  const why = bad?.failed[0]?.reason ?? "the registry holds something else for its epoch";
  const reason =
    bad !== undefined
      ? `its certificate ${bad.hash} fails: ${why}`
      : report.forks.length > 0
        ? "its certificates fork"
        : "it has no such certificate";
  return { source: report.source, reason, report };
}

/** Of a source, in one clause. A fault of ours is not a source's and is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  throw error;
}

/** Everything, each after what it follows. What the list leaves out is fetched too, where a certificate names it. */
async function fetchAll(source: CertificateSource, progress: Progress): Promise<Certificate[]> {
  const listed = (await listAll(source)).reverse();
  const found = new Map<string, Certificate>();
  for (const { hash } of listed) {
    if (found.has(hash)) continue;
    const way = await walkBack(source, hash, (known) => found.has(known));
    if (way.length === 0) {
      const message = `${source.name} lists the certificate ${hash} and does not have it`;
      throw new ClientError("client/malformed-answer", message, { source: source.name, hash });
    }
    for (const certificate of way.reverse()) found.set(certificate.hash, certificate);
    progress.update("fetching certificates", found.size, Math.max(found.size, listed.length));
  }
  progress.finish();
  return [...found.values()];
}

async function compareAll(
  certificates: readonly Certificate[],
  registry: Pick<StewardChain, "certifiedEpoch">,
): Promise<Map<string, RegistryStanding>> {
  const epochs = [...new Set(certificates.map(({ epoch }) => epoch))];
  const held = new Map<bigint, Awaited<ReturnType<typeof registry.certifiedEpoch>>>();
  for (const epoch of epochs) held.set(epoch, await registry.certifiedEpoch(epoch));
  return new Map(
    certificates.map((certificate) => [
      certificate.hash,
      compareWithRegistry(certificate, held.get(certificate.epoch)),
    ]),
  );
}
