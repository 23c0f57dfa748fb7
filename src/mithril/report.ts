// A verdict as people and programs read it.
import type { Check } from "../certificates/check.js";
import type { CertificateVerdict, ChainVerdict, Standing } from "../certificates/verify-chain.js";
import { DomainError } from "../shared/errors.js";
import { type MithrilCertificate, shortHash } from "./certificate.js";
import { describeEntity } from "./entity.js";
import { proofOf } from "./verify.js";

export interface CertificateReport {
  readonly hash: string;
  readonly previousHash: string;
  readonly network: string;
  readonly epoch: bigint;
  readonly entity: string;
  /** Signers and lottery indices of the multisignature; absent for a genesis certificate, and where it does not decode. */
  readonly signers?: number;
  readonly indices?: number;
  readonly ok: boolean;
  readonly standing: Standing;
  readonly failed: readonly Check[];
  readonly skipped: readonly Check[];
}

export interface ChainReport {
  readonly ok: boolean;
  readonly strict: boolean;
  /** Where the genesis key comes from; absent where there is none. */
  readonly genesisKey?: string;
  readonly count: number;
  readonly anchored: number;
  readonly unanchored: number;
  readonly broken: number;
  readonly genesis: readonly string[];
  readonly forks: ChainVerdict<MithrilCertificate>["forks"];
  readonly certificates: readonly CertificateReport[];
}

export function reportChain(
  verdict: ChainVerdict<MithrilCertificate>,
  { strict, genesisKey }: { readonly strict: boolean; readonly genesisKey?: { readonly origin: string } },
): ChainReport {
  const count = (standing: Standing) => verdict.verdicts.filter((item) => item.standing === standing).length;
  return {
    ok: verdict.ok,
    strict,
    ...(genesisKey === undefined ? {} : { genesisKey: genesisKey.origin }),
    count: verdict.verdicts.length,
    anchored: count("anchored"),
    unanchored: count("unanchored"),
    broken: count("broken"),
    genesis: verdict.genesis,
    forks: verdict.forks,
    certificates: verdict.verdicts.map(reportCertificate),
  };
}

function reportCertificate({
  certificate,
  checks,
  standing,
}: CertificateVerdict<MithrilCertificate>): CertificateReport {
  const { hash, previousHash, subject, epoch } = certificate;
  const having = (outcome: Check["outcome"]) => checks.filter((check) => check.outcome === outcome);
  return {
    hash,
    previousHash,
    network: subject.network,
    epoch,
    entity: certificate.isGenesis ? "genesis" : describeSubject(certificate),
    ...countSignatures(certificate),
    ok: having("failed").length === 0,
    standing,
    failed: having("failed"),
    skipped: having("skipped"),
  };
}

const describeSubject = ({ subject }: MithrilCertificate): string =>
  subject.generation === "epoch" ? describeEntity(subject.entity) : `beacon ${subject.epoch}/${subject.file}`;

function countSignatures(certificate: MithrilCertificate): { signers?: number; indices?: number } {
  try {
    const signatures = proofOf(certificate)?.signatures;
    if (signatures === undefined) return {};
    return {
      signers: signatures.length,
      indices: signatures.reduce((sum, { signature }) => sum + signature.indexes.length, 0),
    };
  } catch (error) {
    // The verdict already says that it does not decode.
    if (error instanceof DomainError) return {};
    throw error;
  }
}

/** One line per certificate, then the chain. */
export function describeChain(report: ChainReport, file: string): string[] {
  return [...report.certificates.map(describeCertificate), ...report.forks.map(describeFork), ...summary(report, file)];
}

function describeCertificate(report: CertificateReport): string {
  const { signers, indices } = report;
  const seal = signers === undefined ? [] : [`${signers} ${signers === 1 ? "signer" : "signers"}, ${indices} indices`];
  const named = (checks: readonly Check[]) => checks.map(({ name, reason }) => `${name} (${reason})`).join("; ");
  const outcome = [
    report.ok ? "ok" : `FAILED ${named(report.failed)}`,
    ...(report.skipped.length === 0 ? [] : [`skipped ${named(report.skipped)}`]),
  ];
  return [shortHash(report.hash), `epoch ${report.epoch}`, report.entity, ...seal, ...outcome].join("  ");
}

const describeFork = ({ epoch, hashes: [a, b] }: ChainReport["forks"][number]): string =>
  `fork in epoch ${epoch}: ${shortHash(a)} and ${shortHash(b)} name different next keys or parameters`;

function summary(report: ChainReport, file: string): string[] {
  const { count, anchored, unanchored, broken, genesis } = report;
  const passing = report.certificates.filter(({ ok }) => ok).length;
  const from = genesis.length === 0 ? "no genesis certificate" : `genesis ${genesis.map(shortHash).join(", ")}`;
  const key =
    genesis.length === 0
      ? "nothing to check with one"
      : (report.genesisKey ?? "none, the genesis signature is UNCHECKED");
  const caveat = unanchored === 0 ? "" : `, but nothing here vouches for the ${unanchored} unanchored`;
  return [
    `${file}: ${passing} of ${count} certificates pass (${report.strict ? "strict" : "historic"} mode)`,
    `chain: ${from}; ${anchored} anchored, ${unanchored} unanchored, ${broken} broken`,
    `genesis key: ${key}`,
    report.ok ? `verdict: ok${caveat}` : "verdict: FAILED",
  ];
}
