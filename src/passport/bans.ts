/** A ban in force. `until` is seconds since the epoch; null never ends. */
export interface Ban {
  readonly kind: "account" | "nullifier" | "stamp";
  readonly until: number | null;
  readonly reason: string;
}

/** What may be banned: a person's account, a nullifier wherever it turns up, one provider's stamp of an account. */
export interface BanEntry extends Ban {
  /** Lower-case address for accounts and stamps, nullifier text otherwise. */
  readonly subject: string;
  /** Of a banned stamp only. */
  readonly provider?: string;
}

/** The bans that a verification or an issue must respect, as held in memory. */
export class BanIndex {
  readonly #bans = new Map<string, Ban>();

  constructor(entries: readonly BanEntry[] = []) {
    for (const entry of entries) {
      this.#bans.set(`${entry.kind}|${entry.provider ?? ""}|${entry.subject}`, entry);
    }
  }

  /** The first ban that stands against a stamp at a time, if any. */
  find(account: string, provider: string, nullifiers: readonly string[], now: number): Ban | undefined {
    if (this.#bans.size === 0) return undefined;
    const keys = [
      `account||${account}`,
      `stamp|${provider}|${account}`,
      ...nullifiers.map((text) => `nullifier||${text}`),
    ];
    return keys
      .map((key) => this.#bans.get(key))
      .find((ban) => ban !== undefined && (ban.until === null || now < ban.until));
  }
}
