// Bans: an operator's word that an account, a nullifier or one stamp of an account counts nothing, until a time or for good. They
// are events of the log, each with author and reason; a ban ends by its time or by an event that lifts it, and nothing is deleted.

export const BAN_KINDS = ["account", "nullifier", "stamp"] as const;

/** A ban in force. `until` is seconds since the epoch; null never ends. */
export interface Ban {
  readonly kind: (typeof BAN_KINDS)[number];
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

/** A line of the bans' history. */
export type BanEvent = {
  readonly sequence: number;
  readonly at: number;
  readonly author: string;
  readonly reason: string;
} & (
  | { readonly type: "banned"; readonly entry: BanEntry }
  /** `ban` is the sequence of the event that it ends. */
  | { readonly type: "lifted"; readonly ban: number }
);

/** A ban with where it comes from. Its id is the sequence of its event. */
export interface IssuedBan extends BanEntry {
  readonly id: number;
  readonly author: string;
  readonly at: number;
}

/** What a holder is told. */
export const describeBan = ({ kind, until, reason }: Ban): string =>
  `${kind} banned${until === null ? "" : ` until ${until}`}: ${reason}`;

const keyOf = ({ kind, provider = "", subject }: BanEntry): string => `${kind}|${provider}|${subject}`;
const inForce = ({ until }: Ban, now: number): boolean => until === null || now < until;

/** The bans that a verification or an issue must respect, as held in memory. Immutable: `with` gives a new index. */
export class BanIndex {
  static readonly EMPTY = new BanIndex();
  readonly #issued: ReadonlyMap<number, IssuedBan>;
  readonly #bans: ReadonlyMap<string, readonly BanEntry[]>;

  constructor(entries: readonly BanEntry[] = [], issued: ReadonlyMap<number, IssuedBan> = new Map()) {
    this.#issued = issued;
    const bans = new Map<string, BanEntry[]>();
    for (const entry of [...entries, ...issued.values()]) {
      const key = keyOf(entry);
      bans.set(key, [...(bans.get(key) ?? []), entry]);
    }
    this.#bans = bans;
  }

  /** The bans after these events, in their order. Lifting what is not there changes nothing. */
  with(events: readonly BanEvent[]): BanIndex {
    const issued = new Map(this.#issued);
    for (const event of events) {
      const { sequence: id, author, at } = event;
      if (event.type === "banned") issued.set(id, { ...event.entry, id, author, at });
      else issued.delete(event.ban);
    }
    return new BanIndex([], issued);
  }

  /** A ban that was neither lifted nor has ended. */
  get(id: number, now: number): IssuedBan | undefined {
    const ban = this.#issued.get(id);
    return ban !== undefined && inForce(ban, now) ? ban : undefined;
  }

  /** All of them, oldest first. */
  all(now: number): IssuedBan[] {
    return [...this.#issued.values()].filter((ban) => inForce(ban, now));
  }

  /** All of them, ended ones too, in no order. */
  entries(): BanEntry[] {
    return [...this.#bans.values()].flat();
  }

  /** The first ban that stands against a stamp at a time, if any. */
  find(account: string, provider: string, nullifiers: readonly string[], now: number): Ban | undefined {
    if (this.#bans.size === 0) return undefined;
    const keys = [
      `account||${account}`,
      `stamp|${provider}|${account}`,
      ...nullifiers.map((text) => `nullifier||${text}`),
    ];
    return keys.flatMap((key) => this.#bans.get(key) ?? []).find((ban) => inForce(ban, now));
  }
}
