// Who holds a nullifier. Last in, first out: whoever was accepted first keeps the stamp, later ones count nothing until the
// link ends, by expiry, revocation or its owner's release.

/** A nullifier held by an account. One row per scope and key, for ever replaced and never doubled. */
export interface Link {
  readonly scope: string;
  /** Realm and nullifier. */
  readonly key: string;
  /** Lower-case address. */
  readonly account: string;
  readonly provider: string;
  /** Digest of the credential that holds it now. */
  readonly digest: string;
  /** When this account got it, seconds since the epoch. */
  readonly since: number;
  /** Seconds since the epoch; the link is dead from then on. */
  readonly expiresAt: number;
  /** The owner let go: until `freeAt` nobody else gets it, and claims up to `sequence` do not bring it back. */
  readonly release: LinkRelease | null;
}

export interface LinkRelease {
  readonly account: string;
  /** Server sequence of the release. */
  readonly sequence: number;
  /** Seconds since the epoch: end of the cooling period. */
  readonly freeAt: number;
}

/** A stamp's wish for its nullifiers. The server's sequence orders wishes; equal ones are ordered by digest. */
export interface LinkClaim {
  readonly scope: string;
  readonly keys: readonly string[];
  readonly account: string;
  readonly provider: string;
  readonly digest: string;
  readonly sequence: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** What a transition reads: the row of a key, if there is one. A service loads the rows of a stamp's keys under a lock. */
export interface LinkReader {
  find(scope: string, key: string): Link | undefined;
}

/** Rows to write. `expected` is the row that was read, for a store that compares before it swaps. */
export interface LinkChange {
  readonly key: string;
  readonly expected: Link | undefined;
  readonly link: Link;
}

/** A link store in memory: for replay, for tests, for a batch. */
export class LinkTable implements LinkReader {
  readonly #links = new Map<string, Link>();

  find(scope: string, key: string): Link | undefined {
    return this.#links.get(`${scope}|${key}`);
  }

  apply(changes: readonly LinkChange[]): void {
    for (const { link } of changes) this.#links.set(`${link.scope}|${link.key}`, link);
  }

  /** All rows, ordered by scope and key. */
  all(): readonly Link[] {
    return [...this.#links].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link);
  }
}

/** Where a scorer's links live: its own scope, one shared by a group of scorers, or one for all. */
export function linkScope(
  scorer: string,
  dedupe: { readonly scope: "scorer" | "group" | "global"; readonly group: string | null },
): string {
  switch (dedupe.scope) {
    case "scorer":
      return `scorer:${scorer}`;
    case "group":
      return `group:${dedupe.group ?? ""}`;
    case "global":
      return "global";
  }
}
