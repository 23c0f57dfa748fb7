import type { Link, LinkChange, LinkReader } from "../../scoring/rules/links/link.js";
import { ByteNames, pairName } from "./byte-names.js";
import { Column, Names } from "./column.js";
import type { ShownStamps } from "./shown-stamps.js";

/** A link whose texts are numbers in decimal; `stamp` is where its digest stands. */
interface NumberedLink extends Link {
  readonly stamp: number;
}

/**
 * Who holds what, in flat memory. It gives and takes the links that `claimLinks` and its kin work on, so the rules are written
 * once; keys and accounts are the numbers of `ShownStamps`.
 */
export class LinksState implements LinkReader {
  readonly #shown: ShownStamps;
  readonly #scopes = new Names();
  /** Scope and nullifier; the number of such a pair is the link's row. */
  readonly #rows = new ByteNames(8);
  readonly #pair = Buffer.alloc(8);
  readonly #account = new Column(Uint32Array);
  readonly #stamp = new Column(Uint32Array);
  readonly #since = new Column(Float64Array);
  readonly #expiresAt = new Column(Float64Array);
  readonly #providers: Column<Uint32Array<ArrayBuffer>> = new Column(Uint32Array);
  /** The few that somebody let go of. */
  readonly #releases = new Map<number, NonNullable<Link["release"]>>();

  constructor(shown: ShownStamps) {
    this.#shown = shown;
  }

  get count(): number {
    return this.#rows.size;
  }

  #name(scope: string, key: number): Buffer {
    return pairName(this.#scopes.numberOf(scope), key, this.#pair);
  }

  find(scope: string, key: string): NumberedLink | undefined {
    const row = this.#rows.find(this.#name(scope, Number(key)));
    return row === undefined ? undefined : this.#link(row, scope, key);
  }

  #link(row: number, scope: string, key: string): NumberedLink {
    const stamp = this.#stamp.get(row);
    return {
      scope,
      key,
      account: String(this.#account.get(row)),
      provider: this.#shown.providers.text(this.#providers.get(row)),
      digest: this.#shown.digest(stamp),
      since: this.#since.get(row),
      expiresAt: this.#expiresAt.get(row),
      release: this.#releases.get(row) ?? null,
      stamp,
    };
  }

  /** Writes changes; `stamp` is the one whose claim made them, for links that are new. */
  apply(changes: readonly LinkChange[], stamp = 0): void {
    for (const { link } of changes) {
      const row = this.#rowOf(link.scope, Number(link.key));
      this.#account.set(row, Number(link.account));
      this.#stamp.set(row, (link as Partial<NumberedLink>).stamp ?? stamp);
      this.#providers.set(row, this.#shown.providers.numberOf(link.provider));
      this.#since.set(row, link.since);
      this.#expiresAt.set(row, link.expiresAt);
      if (link.release === null) this.#releases.delete(row);
      else this.#releases.set(row, link.release);
    }
  }

  #rowOf(scope: string, key: number): number {
    const row = this.#rows.numberOf(this.#name(scope, key));
    if (row === this.#account.length) {
      for (const column of [this.#account, this.#stamp, this.#providers, this.#since, this.#expiresAt]) column.push(0);
    }
    return row;
  }

  /** All links, with their texts. */
  *all(): Generator<Link> {
    for (let row = 0; row < this.count; row++) {
      const name = this.#rows.bytes(row);
      const key = name.readUInt32LE(4);
      const { stamp: _stamp, ...link } = this.#link(row, this.#scopes.text(name.readUInt32LE(0)), String(key));
      const { release } = link;
      yield {
        ...link,
        key: this.#shown.keyText(key),
        account: this.#shown.accountText(Number(link.account)),
        release: release === null ? null : { ...release, account: this.#shown.accountText(Number(release.account)) },
      };
    }
  }
}
