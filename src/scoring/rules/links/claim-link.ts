// The transition of a link store, as a pure function: it reads rows and says which to write. A service runs it inside one
// serialisable transaction, a replay over the log, a batch over a table in memory, and all three agree.
import { explainDuplicate, type DuplicateExplanation } from "./explain.js";
import type { Link, LinkChange, LinkClaim, LinkReader } from "./link.js";

export type LinkOutcome =
  | { readonly status: "held" }
  | { readonly status: "duplicate"; readonly dedup: DuplicateExplanation }
  /** The account let go of it after this claim was accepted: a fresh submission takes it back. */
  | { readonly status: "released" }
  /** The claim itself is over. */
  | { readonly status: "expired" };

export interface ClaimResult {
  readonly outcome: LinkOutcome;
  readonly changes: readonly LinkChange[];
}

/** A foreign link that still keeps others out. */
const blocks = (link: Link | undefined, account: string, now: number): link is Link =>
  link !== undefined &&
  link.account !== account &&
  link.expiresAt > now &&
  (link.release === null || link.release.freeAt > now);

/** An own link that was let go of after the claim. */
const renounced = (link: Link | undefined, claim: LinkClaim): boolean =>
  link?.release?.account === claim.account && claim.sequence <= link.release.sequence;

/** The order of claims: server sequence, then digest. */
function compareClaims(a: LinkClaim, b: LinkClaim): number {
  return a.sequence - b.sequence || (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0);
}

/**
 * A claim meets the links at `now`. Own links are refreshed, dead ones taken over, free ones made. When one key is somebody
 * else's, the stamp is a duplicate, and its other free keys go to that owner too: they are proofs of the same evidence, and
 * left free they would let it be collected again after the next rotation.
 */
export function claimLinks(links: LinkReader, claim: LinkClaim, now: number): ClaimResult {
  if (claim.expiresAt <= now) return { outcome: { status: "expired" }, changes: [] };
  const rows = claim.keys.map((key) => ({ key, link: links.find(claim.scope, key) }));
  if (rows.some(({ link }) => renounced(link, claim))) return { outcome: { status: "released" }, changes: [] };
  const owner = rows.map(({ link }) => link).find((link) => blocks(link, claim.account, now));
  if (owner !== undefined) {
    const free = rows.filter(({ link }) => isFree(link, now));
    const changes = free.map(({ key, link }) => ({ key, expected: link, link: { ...owner, key } }));
    return { outcome: { status: "duplicate", dedup: explainDuplicate(owner) }, changes };
  }
  const changes = rows
    .map(({ key, link }) => ({ key, expected: link, link: holdBy(claim, key, link, now) }))
    .filter(({ expected, link }) => expected === undefined || !sameLink(expected, link));
  return { outcome: { status: "held" }, changes };
}

const isFree = (link: Link | undefined, now: number): boolean =>
  link === undefined || link.expiresAt <= now || (link.release !== null && link.release.freeAt <= now);

function holdBy(claim: LinkClaim, key: string, old: Link | undefined, now: number): Link {
  const { scope, account, provider, digest, expiresAt } = claim;
  const own = old !== undefined && old.account === account && old.expiresAt > now && old.release === null;
  // An older credential of the same account changes nothing about a link that a newer one extends.
  if (own && old.expiresAt >= expiresAt) return old;
  return { scope, key, account, provider, digest, since: own ? old.since : now, expiresAt, release: null };
}

const sameLink = (a: Link, b: Link): boolean =>
  a.account === b.account && a.digest === b.digest && a.expiresAt === b.expiresAt && a.release === b.release;

/**
 * Whether a claim's keys are its account's for as long as the claim lives: then claiming them changes nothing, and will change
 * nothing until the account itself lets go or is revoked, because nobody else gets a living link.
 */
export function isSettled(
  links: LinkReader,
  { scope, keys, account, expiresAt }: Pick<LinkClaim, "scope" | "keys" | "account" | "expiresAt">,
): boolean {
  return keys.every((key) => {
    const link = links.find(scope, key);
    return link?.account === account && link.release === null && link.expiresAt >= expiresAt;
  });
}

/** Whether a stamp's keys are its account's at `now`, without claiming anything: what a read or an explanation asks. */
export function linkOutcome(links: LinkReader, claim: LinkClaim, now: number): LinkOutcome {
  return claimLinks(links, claim, now).outcome;
}

/**
 * A rescore's view of many stamps at once: every claim meets the links in order, so a link that has ended goes to the one who
 * has waited longest. Gives the outcome of each claim, in the order they were given.
 */
export function settleClaims(
  links: LinkReader & { apply(changes: readonly LinkChange[]): void },
  claims: readonly LinkClaim[],
  now: number,
): readonly LinkOutcome[] {
  const outcomes = new Map<LinkClaim, LinkOutcome>();
  for (const claim of [...claims].sort(compareClaims)) {
    const { outcome, changes } = claimLinks(links, claim, now);
    links.apply(changes);
    outcomes.set(claim, outcome);
  }
  return claims.map((claim) => outcomes.get(claim) as LinkOutcome);
}
