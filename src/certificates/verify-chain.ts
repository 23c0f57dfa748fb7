// A set of certificates as a chain: each one's own checks, its tie to its predecessor, and whether genesis stands behind it.
import { type Check, checked, failed, passed, skipped } from "./check.js";
import { checkCurrentEpoch, checkLink, type LinkedCertificate, type LinkPolicy, sameAggregateKey } from "./link.js";

/**
 * `anchored`: it and all its ancestors pass, back to a genesis that was checked. `unanchored`: nothing fails, but the way to
 * such a genesis is not in the set. `broken`: it fails, or an ancestor does.
 */
export type Standing = "anchored" | "unanchored" | "broken";

export interface CertificateVerdict<T extends LinkedCertificate> {
  readonly certificate: T;
  readonly checks: readonly Check[];
  readonly standing: Standing;
}

/** Two certificates of one epoch and one chain that vouch for different next keys or parameters. */
export interface Fork {
  readonly epoch: bigint;
  readonly hashes: readonly [string, string];
}

export interface ChainVerdict<T extends LinkedCertificate> {
  /** In the order in which the certificates were given. */
  readonly verdicts: readonly CertificateVerdict<T>[];
  /** Hashes of the genesis certificates. */
  readonly genesis: readonly string[];
  readonly forks: readonly Fork[];
  /** No certificate is broken; in strict mode all are anchored, too, and there is no fork. */
  readonly ok: boolean;
}

/** What a format checks by itself: hash, message, and the signature or the genesis. */
export type OwnChecks<T> = (certificate: T) => readonly Check[];

/**
 * Verifies certificates with different hashes, in any order. Nothing throws: what is wrong stands in the verdict.
 */
export function verifyChain<T extends LinkedCertificate>(
  certificates: readonly T[],
  ownChecks: OwnChecks<T>,
  policy: LinkPolicy,
): ChainVerdict<T> {
  const byHash = new Map(certificates.map((certificate) => [certificate.hash, certificate]));
  const local = new Map<string, Check[]>();
  for (const certificate of certificates) {
    const previous = byHash.get(certificate.previousHash);
    local.set(certificate.hash, checkCertificate(certificate, previous, ownChecks, policy));
  }
  const ancestry = traceAncestors(certificates, byHash, local, policy);
  const verdicts = certificates.map((certificate): CertificateVerdict<T> => {
    const own = local.get(certificate.hash) ?? [];
    const { standing, check } = ancestry(certificate);
    return { certificate, checks: check === undefined ? own : [...own, check], standing };
  });
  const forks = findForks(certificates, byHash);
  const good = ({ standing }: CertificateVerdict<T>) =>
    standing === "anchored" || (standing === "unanchored" && !policy.strict);
  return {
    verdicts,
    genesis: certificates.filter(({ isGenesis }) => isGenesis).map(({ hash }) => hash),
    forks,
    ok: verdicts.every(good) && (!policy.strict || forks.length === 0),
  };
}

/** All checks of one certificate but those of its ancestors; `previous` is the certificate that it names, if there is one. */
export function checkCertificate<T extends LinkedCertificate>(
  certificate: T,
  previous: T | undefined,
  ownChecks: OwnChecks<T>,
  policy: LinkPolicy,
): Check[] {
  return [
    checked("distinct", certificate.previousHash !== certificate.hash, () => "it precedes itself"),
    ...ownChecks(certificate),
    checkCurrentEpoch(certificate, policy),
    ...(certificate.isGenesis ? [] : checkPredecessor(certificate, previous, policy)),
  ];
}

function checkPredecessor<T extends LinkedCertificate>(
  certificate: T,
  previous: T | undefined,
  policy: LinkPolicy,
): Check[] {
  if (previous !== undefined) return [passed("predecessor"), ...checkLink(certificate, previous, policy)];
  const named = certificate.previousHash || "(none named)";
  const reason = `unanchored: its predecessor ${named} is not among the certificates`;
  return [policy.strict ? failed("predecessor", reason) : skipped("predecessor", reason)];
}

interface Ancestry {
  readonly standing: Standing;
  readonly check?: Check;
}

/** Walks to genesis from each certificate, once over each; a walk that comes back to itself never gets there. */
function traceAncestors<T extends LinkedCertificate>(
  certificates: readonly T[],
  byHash: ReadonlyMap<string, T>,
  local: ReadonlyMap<string, readonly Check[]>,
  { strict }: LinkPolicy,
): (certificate: T) => Ancestry {
  const known = new Map<string, Ancestry>();
  const alone = (certificate: T): Ancestry | undefined => {
    const checks = local.get(certificate.hash) ?? [];
    if (checks.some(({ outcome }) => outcome === "failed")) return { standing: "broken" };
    if (certificate.isGenesis) {
      const unchecked = checks.some(({ name, outcome }) => name === "genesis" && outcome === "skipped");
      return { standing: unchecked ? "unanchored" : "anchored" };
    }
    return byHash.has(certificate.previousHash) ? undefined : { standing: "unanchored" };
  };
  const following = (previous: T, { standing, check }: Ancestry): Ancestry => {
    if (standing === "anchored") return { standing, check: passed("ancestors") };
    if (standing === "broken") {
      const reason = check?.outcome === "failed" ? check.reason : `its ancestor ${previous.hash} fails`;
      return { standing, check: failed("ancestors", reason ?? "an ancestor fails") };
    }
    const reason = "unanchored: the way back ends before a genesis certificate that was checked";
    return strict
      ? { standing: "broken", check: failed("ancestors", reason) }
      : { standing, check: skipped("ancestors", reason) };
  };
  for (const start of certificates) {
    const way: T[] = [];
    const onTheWay = new Set<string>();
    let at: T | undefined = start;
    while (at !== undefined && !known.has(at.hash) && !onTheWay.has(at.hash)) {
      way.push(at);
      onTheWay.add(at.hash);
      const verdict = alone(at);
      if (verdict !== undefined) known.set(at.hash, verdict);
      at = byHash.get(at.previousHash);
    }
    if (at !== undefined && onTheWay.has(at.hash) && !known.has(at.hash)) {
      const reason = "its ancestors run in a circle and never reach a genesis certificate";
      for (const { hash } of way) {
        if (!known.has(hash)) known.set(hash, { standing: "broken", check: failed("ancestors", reason) });
      }
    }
    for (const certificate of way.reverse()) {
      if (known.has(certificate.hash)) continue;
      const previous = byHash.get(certificate.previousHash);
      const verdict = previous === undefined ? undefined : known.get(previous.hash);
      if (previous !== undefined && verdict !== undefined) known.set(certificate.hash, following(previous, verdict));
    }
  }
  return ({ hash }) => known.get(hash) ?? { standing: "broken" };
}

/** Certificates of one epoch that hang together name the same next key and the same next parameters. */
function findForks<T extends LinkedCertificate>(certificates: readonly T[], byHash: ReadonlyMap<string, T>): Fork[] {
  const heads = new Map<string, T>();
  const forks: Fork[] = [];
  for (const certificate of certificates) {
    const previous = byHash.get(certificate.previousHash);
    if (certificate.isGenesis || previous === undefined) continue;
    // The first certificates of an epoch that follow the same one, and the later ones that follow a first one.
    const anchor = previous.epoch === certificate.epoch ? previous : heads.get(`${previous.hash} ${certificate.epoch}`);
    if (anchor === undefined) heads.set(`${previous.hash} ${certificate.epoch}`, certificate);
    else if (!sameNext(anchor, certificate)) {
      forks.push({ epoch: certificate.epoch, hashes: [anchor.hash, certificate.hash] });
    }
  }
  return forks;
}

function sameNext({ vouched: a }: LinkedCertificate, { vouched: b }: LinkedCertificate): boolean {
  const key =
    a.nextAggregateKey === undefined ||
    b.nextAggregateKey === undefined ||
    sameAggregateKey(a.nextAggregateKey, b.nextAggregateKey);
  return key && (a.nextParametersHash ?? b.nextParametersHash) === (b.nextParametersHash ?? a.nextParametersHash);
}
