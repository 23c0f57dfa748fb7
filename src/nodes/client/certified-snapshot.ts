// Which snapshot is certified: the one thing that a restore must know, and must not be told by a mirror.
import type { Certificate, SignedContent } from "../../certificates/certificate.js";
import type { TrustedChain } from "../../certificates/verify.js";
import type { Progress } from "../../shared/progress.js";
import type { StewardChain } from "../protocol/chain.js";
import { newestCertified } from "../protocol/newest-certified.js";
import { ClientError } from "./errors.js";
import type { CertificateSource } from "./ports.js";
import { reasonOf, rejection, type RejectedSource, verifySource } from "./verify-source.js";
import { listAll } from "./walk.js";

export interface CertifiedSnapshot {
  readonly certificate: Certificate;
  /** 0x-prefixed lower-case hex. */
  readonly digest: string;
  readonly scoresRoot: string;
  readonly block: bigint;
  /** Who gave the certificate. */
  readonly source: string;
  readonly rejected: readonly RejectedSource[];
}

export interface FindOptions {
  /** A certificate's hash; the newest certificate of scores that anybody has and that verifies without one. */
  readonly hash?: string;
  /** Who says which snapshot is certified at the least: a source that only has older ones is passed over. */
  readonly registry?: Pick<StewardChain, "clock" | "certifiedEpoch">;
  readonly progress?: Progress;
}

/**
 * Finds a certified snapshot and verifies its certificate back to the registry's anchors. Throws `client/no-certificate` when no
 * source gives it, with what was wrong with each, and `client/without-scores` for a certificate that is about something else.
 */
export async function findCertifiedSnapshot(
  sources: readonly CertificateSource[],
  trusted: TrustedChain,
  { hash, registry, progress }: FindOptions = {},
): Promise<CertifiedSnapshot> {
  const shown = progress === undefined ? {} : { progress };
  const rejected: RejectedSource[] = [];
  const least = hash !== undefined || registry === undefined ? undefined : await newestCertified(registry);
  const found: Omit<CertifiedSnapshot, "rejected">[] = [];
  for (const source of sources) {
    try {
      const head = hash ?? (await newestListed(source));
      if (head === undefined) {
        rejected.push({ source: source.name, reason: "it has no certificate of scores" });
        continue;
      }
      const { certificates, report } = await verifySource(source, trusted, { hash: head, ...shown });
      const certificate = certificates.at(-1);
      if (!report.ok || certificate?.hash !== head) {
        rejected.push(rejection(report));
        continue;
      }
      const { scoresRoot, snapshotDigest: digest, snapshotBlock: block } = scoresOf(certificate);
      if (least !== undefined && isOlder({ epoch: certificate.epoch, block }, least)) {
        const reason = `its newest snapshot is of block ${block}, and the registry holds one of block ${least.block}`;
        rejected.push({ source: source.name, reason });
        continue;
      }
      found.push({ certificate, digest, scoresRoot, block, source: source.name });
      // A certificate that was named is the same from everybody.
      if (hash !== undefined) break;
    } catch (error) {
      if (error instanceof ClientError && error.code === "client/without-scores" && hash !== undefined) throw error;
      rejected.push({ source: source.name, reason: reasonOf(error) });
    }
  }
  const [newest] = found.sort((a, b) => newestFirst(at(a), at(b)));
  if (newest !== undefined) return { ...newest, rejected };
  const reasons = rejected.map(({ source, reason }) => `${source}: ${reason}`).join("; ");
  const message = `Nobody gives ${hash === undefined ? "a certificate of scores" : `the certificate ${hash}`} that verifies: ${reasons}`;
  throw new ClientError("client/no-certificate", message, { rejected: rejected.map(({ source }) => source) });
}

interface Place {
  readonly epoch: bigint;
  readonly block: bigint;
}

const at = ({ certificate, block }: Omit<CertifiedSnapshot, "rejected">): Place => ({
  epoch: certificate.epoch,
  block,
});
const isOlder = (a: Place, b: Place): boolean => newestFirst(a, b) > 0;

function newestFirst(a: Place, b: Place): number {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? 1 : -1;
  if (a.block !== b.block) return a.block < b.block ? 1 : -1;
  return 0;
}

function scoresOf({ hash, content }: Certificate): NonNullable<SignedContent["message"]["scores"]> {
  if (content.kind === "multisignature" && content.message.scores !== undefined) return content.message.scores;
  throw new ClientError("client/without-scores", `The certificate ${hash} is about no snapshot`, { hash });
}

/** By its own list; what it lists is verified, and what it conceals somebody else has. */
async function newestListed(source: CertificateSource): Promise<string | undefined> {
  const scores = (await listAll(source)).filter(({ entity }) => entity?.kind === "scores");
  const place = ({ epoch, entity }: (typeof scores)[number]): Place => ({
    epoch,
    block: entity?.kind === "scores" ? entity.block : -1n,
  });
  return scores.sort((a, b) => newestFirst(place(a), place(b)))[0]?.hash;
}
