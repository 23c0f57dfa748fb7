// Nearly all passports of a rescore are named by no ban and by no revocation. This says so without a text per stamp.
import type { BanIndex } from "../../../passport/bans.js";
import type { RevocationIndex } from "../../../passport/revocations.js";
import type { FlatPassport } from "./flat-passport.js";
import { HASH, type StampKind } from "./passport.js";

/** Asked for a page, and pages are many: while there is no news the last one is right. */
const filters = new WeakMap<RevocationIndex, { readonly bans: BanIndex; readonly filter: NoticeFilter }>();

/** Bans and revocations by the accounts they name, and by the first four bytes of digests and nullifiers. */
export class NoticeFilter {
  readonly #accounts = new Set<string>();
  readonly #digests = new Set<number>();
  readonly #nullifiers = new Set<number>();

  constructor(bans: BanIndex, revocations: RevocationIndex) {
    for (const { kind, subject } of bans.entries()) {
      if (kind === "nullifier") this.#addNullifier(subject);
      else this.#accounts.add(subject);
    }
    for (const { kind, value } of revocations.entries()) {
      if (kind === "nullifier") this.#addNullifier(value);
      else this.#digests.add(Number.parseInt(value.slice(2, 10), 16));
    }
  }

  static of(bans: BanIndex, revocations: RevocationIndex): NoticeFilter {
    const known = filters.get(revocations);
    if (known?.bans === bans) return known.filter;
    const filter = new NoticeFilter(bans, revocations);
    filters.set(revocations, { bans, filter });
    return filter;
  }

  /** What has another form is no stamp's that could be packed. */
  #addNullifier(text: string): void {
    const bytes = Buffer.from(text.slice(text.indexOf(":") + 1), "base64");
    if (bytes.length === HASH) this.#nullifiers.add(bytes.readUInt32BE(0));
  }

  /** True wherever a ban or a revocation names the account or one of its stamps, and seldom elsewhere. */
  mayConcern(account: string, passport: FlatPassport): boolean {
    if (this.#accounts.has(account)) return true;
    if (this.#digests.size === 0 && this.#nullifiers.size === 0) return false;
    const { bytes, count, kinds } = passport;
    for (let place = 0; place < count; place++) {
      const digest = passport.digestAt(place);
      if (this.#digests.has(bytes.readUInt32BE(digest))) return true;
      const { versions } = kinds[place] as StampKind;
      for (let index = 1; index <= versions.length; index++) {
        if (this.#nullifiers.has(bytes.readUInt32BE(digest + index * HASH))) return true;
      }
    }
    return false;
  }
}
