// One aggregator, followed: each certificate is verified once, after the one that it follows, and kept.
import type { Certificate } from "../../certificates/certificate.js";
import { entityKey } from "../../certificates/entity.js";
import { type TrustedChain, verifyNext } from "../../certificates/verify.js";
import { proofFromHex } from "../../stm/encoding/json.js";
import { ClientError } from "../client/errors.js";
import type { CertificateSource } from "../client/ports.js";
import { listAll, walkBack } from "../client/walk.js";
import type { ChainClock } from "../protocol/chain.js";
import type { Alarm } from "./alarm.js";
import type { WatchedCertificate, WatcherStore } from "./ports.js";

export interface Followed {
  readonly source: string;
  /** Whether it answered. What it did not answer says nothing about its certificates. */
  readonly reached: boolean;
  /** Why it did not, in one clause. */
  readonly problem: string | undefined;
  /** How many certificates were verified now. */
  readonly verified: number;
  readonly alarm: Alarm | undefined;
}

/**
 * Verifies what is new at a source, oldest first, and stops at the first certificate that does not verify: what follows it has
 * nothing to stand on. That one is looked at again each time, so that the alarm ends when the aggregator mends itself.
 */
export async function followSource(
  source: CertificateSource,
  store: Pick<WatcherStore, "isVerified" | "verified" | "saveVerified">,
  trusted: TrustedChain,
  clock: ChainClock,
): Promise<Followed> {
  let verified = 0;
  const result = (rest: Partial<Followed>): Followed => ({
    ...{ source: source.name, reached: true, problem: undefined, alarm: undefined },
    ...rest,
    verified,
  });
  const isKnown = (hash: string) => store.isVerified(source.name, hash);
  try {
    const listed = await listAll(source, isKnown);
    for (const { hash } of listed.reverse()) {
      if (await isKnown(hash)) continue;
      const way = await walkBack(source, hash, isKnown);
      if (way.length === 0) return result({ alarm: liar(source, clock, `lists ${hash} and does not have it`) });
      for (const certificate of way.reverse()) {
        if (isAwaited(certificate, trusted, clock)) return result({});
        const alarm = await verifyOne(source, store, trusted, certificate);
        if (alarm !== undefined) return result({ alarm });
        verified += 1;
      }
    }
    return result({});
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.code === "client/unavailable") return result({ reached: false, problem: error.message });
    return result({ alarm: liar(source, clock, error.message) });
  }
}

async function verifyOne(
  { name }: CertificateSource,
  store: Pick<WatcherStore, "verified" | "saveVerified">,
  trusted: TrustedChain,
  certificate: Certificate,
): Promise<Alarm | undefined> {
  const { hash, epoch, previousHash } = certificate;
  const previous = certificate.isGenesis ? undefined : await store.verified(name, previousHash);
  const failed = verifyNext(certificate, previous, trusted).filter(({ outcome }) => outcome === "failed");
  const [first] = failed;
  if (first === undefined) {
    await store.saveVerified(name, certificate, factsOf(name, certificate));
    return undefined;
  }
  return {
    kind: "invalid-certificate",
    subject: name,
    epoch,
    message: `${name} offers the certificate ${hash}, which does not verify: ${first.name}: ${first.reason ?? "it fails"}`,
    // Not its hash: who makes a new one each time shall not ring each time.
    details: { failed: failed.map((check) => check.name).join(" ") },
  };
}

/** What a watcher remembers; undefined for a genesis certificate. The signers are those of the proof, not those of the metadata. */
export function factsOf(
  source: string,
  { hash, epoch, content, aggregateKey }: Certificate,
): WatchedCertificate | undefined {
  if (content.kind === "genesis") return undefined;
  const { signatures } = proofFromHex(content.proof);
  return {
    source,
    hash,
    epoch,
    entity: entityKey(content.entity),
    message: content.message,
    signedStake: signatures.reduce((sum, { party }) => sum + party.stake, 0n),
    totalStake: aggregateKey.totalStake,
  };
}

/** The genesis of a chain that governance permits and whose first certificate is not on the chain yet: neither good nor bad. */
function isAwaited({ content, epoch }: Certificate, { anchors }: TrustedChain, { permitted }: ChainClock): boolean {
  if (content.kind !== "genesis" || content.anchor !== anchors.length + 1 || permitted === undefined) return false;
  return permitted.first <= epoch && epoch <= permitted.last;
}

function liar({ name }: CertificateSource, { epoch }: ChainClock, problem: string): Alarm {
  const message = problem.startsWith(name) ? problem : `${name} ${problem}`;
  return { kind: "invalid-certificate", subject: name, epoch, message, details: { failed: "answer" } };
}
