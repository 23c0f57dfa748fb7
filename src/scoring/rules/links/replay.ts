// The log of one scope of links, replayed. Same log, same links, on any machine: signers rebuild the state from it and
// compare before they sign.
import { claimLinks, settleClaims, type LinkOutcome } from "./claim-link.js";
import { LinkTable, type LinkClaim } from "./link.js";
import { releaseLinks, revokeLinks, type ReleaseRequest } from "./release-link.js";

/** One entry of the log; `sequence` is the server's and grows, `at` is seconds since the epoch. */
export type LinkEvent =
  | { readonly kind: "claim"; readonly at: number; readonly claim: LinkClaim }
  | { readonly kind: "release"; readonly at: number; readonly release: ReleaseRequest }
  | {
      readonly kind: "revoke";
      readonly at: number;
      readonly sequence: number;
      readonly scope: string;
      readonly keys: readonly string[];
      readonly digest: string | null;
    }
  /** A rescore: the stored claims meet the links again. */
  | { readonly kind: "settle"; readonly at: number; readonly sequence: number; readonly claims: readonly LinkClaim[] };

const sequenceOf = (event: LinkEvent): number =>
  event.kind === "claim" ? event.claim.sequence : event.kind === "release" ? event.release.sequence : event.sequence;
const digestOf = (event: LinkEvent): string => (event.kind === "claim" ? event.claim.digest : "");

/** The log's order: server sequence, ties by credential digest. */
function compareEvents(a: LinkEvent, b: LinkEvent): number {
  const [left, right] = [digestOf(a), digestOf(b)];
  return sequenceOf(a) - sequenceOf(b) || (left < right ? -1 : left > right ? 1 : 0);
}

/** Applies one event; a claim gives its outcome. */
export function applyEvent(table: LinkTable, event: LinkEvent): LinkOutcome | undefined {
  switch (event.kind) {
    case "claim": {
      const { outcome, changes } = claimLinks(table, event.claim, event.at);
      table.apply(changes);
      return outcome;
    }
    case "release":
      table.apply(releaseLinks(table, event.release, event.at));
      return undefined;
    case "revoke":
      table.apply(revokeLinks(table, event, event.at));
      return undefined;
    case "settle":
      settleClaims(table, event.claims, event.at);
      return undefined;
  }
}

/** The links after a log, in whatever order its entries arrive. */
export function replayLinks(events: readonly LinkEvent[]): LinkTable {
  const table = new LinkTable();
  for (const event of [...events].sort(compareEvents)) applyEvent(table, event);
  return table;
}
