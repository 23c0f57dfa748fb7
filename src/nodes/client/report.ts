// What was found out about a source's certificates, as people and programs read it.
import type { Check } from "../../certificates/check.js";
import type { Certificate } from "../../certificates/certificate.js";
import { entityKey } from "../../certificates/entity.js";
import type { ChainVerdict, CertificateVerdict, Fork, Standing } from "../../certificates/verify-chain.js";
import { DomainError } from "../../shared/errors.js";
import { proofFromHex } from "../../stm/encoding/json.js";
import type { RegistryStanding } from "./compare-registry.js";

export interface CertificateReport {
  readonly hash: string;
  readonly previousHash: string;
  readonly epoch: bigint;
  /** As `entityKey`; `genesis 1` for the first anchor. */
  readonly subject: string;
  /** Signers and lottery indices of the multisignature; absent for a genesis certificate, and where it does not decode. */
  readonly signers?: number;
  readonly indices?: number;
  /** Whether it is good: all its checks, and those of its ancestors. */
  readonly ok: boolean;
  readonly standing: Standing;
  readonly failed: readonly Check[];
  /** Only where it was asked for. */
  readonly registry?: RegistryStanding;
}

export interface ChainReport {
  readonly ok: boolean;
  readonly source: string;
  readonly count: number;
  readonly anchored: number;
  readonly broken: number;
  readonly forks: readonly Fork[];
  /** Oldest first. */
  readonly certificates: readonly CertificateReport[];
}

export function reportCertificates(
  source: string,
  { ok, verdicts, forks }: ChainVerdict<Certificate>,
  registry: ReadonlyMap<string, RegistryStanding> = new Map(),
): ChainReport {
  const certificates = verdicts.map((verdict) => reportOne(verdict, registry.get(verdict.certificate.hash)));
  const count = (standing: Standing) => certificates.filter((item) => item.standing === standing).length;
  const differs = certificates.some((item) => item.registry === "differs");
  return {
    // Nothing at all vouches for nothing.
    ok: ok && certificates.length > 0 && !differs,
    source,
    count: certificates.length,
    anchored: count("anchored"),
    broken: certificates.length - count("anchored"),
    forks,
    certificates,
  };
}

function reportOne(
  { certificate, checks, standing }: CertificateVerdict<Certificate>,
  registry: RegistryStanding | undefined,
): CertificateReport {
  const { hash, previousHash, epoch } = certificate;
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  return {
    hash,
    previousHash,
    epoch,
    subject: subjectOf(certificate),
    ...countSignatures(certificate),
    ok: standing === "anchored" && failed.length === 0 && registry !== "differs",
    standing,
    failed,
    ...(registry === undefined ? {} : { registry }),
  };
}

export const subjectOf = ({ content }: Certificate): string =>
  content.kind === "genesis" ? `genesis ${content.anchor}` : entityKey(content.entity);

function countSignatures({ content }: Certificate): { signers?: number; indices?: number } {
  if (content.kind === "genesis") return {};
  try {
    const { signatures } = proofFromHex(content.proof);
    const indices = signatures.reduce((sum, { signature }) => sum + signature.indexes.length, 0);
    return { signers: signatures.length, indices };
  } catch (error) {
    // The verdict already says that it does not decode.
    if (error instanceof DomainError) return {};
    throw error;
  }
}

/** One line per certificate, then the chain. */
export function describeReport(report: ChainReport): string[] {
  const { source, count, anchored, broken, forks, ok } = report;
  const good = report.certificates.filter((item) => item.ok).length;
  return [
    ...report.certificates.map(describeOne),
    ...forks.map(
      ({ epoch, hashes: [a, b] }) =>
        `fork in epoch ${epoch}: ${short(a)} and ${short(b)} name different next keys or parameters`,
    ),
    `${source}: ${good} of ${count} certificates pass; ${anchored} anchored, ${broken} not`,
    ok ? "verdict: ok" : "verdict: FAILED",
  ];
}

function describeOne({ hash, epoch, subject, signers, indices, ok, failed, registry }: CertificateReport): string {
  const seal = signers === undefined ? [] : [`${signers} ${signers === 1 ? "signer" : "signers"}, ${indices} indices`];
  const faults = failed.map(({ name, reason }) => `${name} (${reason})`).join("; ");
  const held = registry === undefined ? [] : [`registry: ${registry}`];
  return [short(hash), `epoch ${epoch}`, subject, ...seal, ...held, ok ? "ok" : `FAILED ${faults}`.trimEnd()].join(
    "  ",
  );
}

const short = (hash: string): string => hash.slice(0, 16);
