import { DomainError } from "../../../shared/errors.js";
import type { Link, LinkChange, LinkReader } from "./link.js";

export interface ReleaseRequest {
  readonly scope: string;
  readonly keys: readonly string[];
  /** Lower-case address of the owner who lets go. */
  readonly account: string;
  /** Server sequence of the release: claims up to it do not bring the link back. */
  readonly sequence: number;
  /** Seconds until somebody else may take it. */
  readonly cooling: number;
}

/**
 * An owner lets go of a stamp's keys. Its own stamp stops counting at once; others get it after the cooling period, so that
 * evidence cannot be handed round a circle of accounts within one round.
 */
export function releaseLinks(links: LinkReader, request: ReleaseRequest, now: number): readonly LinkChange[] {
  const { scope, keys, account, sequence, cooling } = request;
  return keys.map((key) => {
    const link = links.find(scope, key);
    if (link === undefined || link.account !== account || link.expiresAt <= now || link.release !== null) {
      throw new DomainError("scoring/not-your-link", "this account holds no such link", { key });
    }
    return { key, expected: link, link: { ...link, release: { account, sequence, freeAt: now + cooling } } };
  });
}

/**
 * Ends the links that a revoked credential holds. A link that a newer credential of the account has extended since is not its
 * any more and stays. A revoked nullifier is ended whoever holds it.
 */
export function revokeLinks(
  links: LinkReader,
  revoked: { readonly scope: string; readonly keys: readonly string[]; readonly digest: string | null },
  now: number,
): readonly LinkChange[] {
  return revoked.keys
    .map((key) => links.find(revoked.scope, key))
    .filter((link): link is Link => link !== undefined && link.expiresAt > now)
    .filter((link) => revoked.digest === null || link.digest === revoked.digest)
    .map((link) => ({ key: link.key, expected: link, link: { ...link, expiresAt: now } }));
}
