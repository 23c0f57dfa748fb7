import type { VerifiedStamp } from "../../passport/verify.js";
import { ByteNames, pairName } from "./byte-names.js";
import { Column, Names } from "./column.js";

const NONE = -1;
const ADDRESS = 20;
const WORD = 32;
/** Digests in one page. */
const PAGE = 1 << 14;

/** Why a stamp that was taken does not count, as the log says it. */
export interface ShownRefusal {
  readonly status: string;
  readonly detail: string;
}

/**
 * What every account shows to every scorer, in flat memory: some hundred bytes a stamp where objects would take six times as
 * much. Stamps, accounts and nullifiers are numbers.
 */
export class ShownStamps {
  readonly providers = new Names();
  readonly #accounts = new ByteNames(ADDRESS);
  /** The number of its realm and version, then its 32 bytes. */
  readonly #nullifiers = new ByteNames(4 + WORD);
  readonly #prefixes = new Names();
  /** Scorer and account, and the newest stamp of each such pair. */
  readonly #passports = new ByteNames(8);
  readonly #newest = new Column(Int32Array);
  readonly #pair = Buffer.alloc(8);
  readonly #next = new Column(Int32Array);
  readonly #scorer = new Column(Uint32Array);
  readonly #account = new Column(Uint32Array);
  readonly #provider = new Column(Uint32Array);
  readonly #sequence = new Column(Float64Array);
  readonly #expiresAt = new Column(Float64Array);
  readonly #keysFrom = new Column(Uint32Array);
  readonly #keys = new Column(Uint32Array);
  readonly #digests: Buffer[] = [];
  readonly #refusals = new Map<number, ShownRefusal>();

  get count(): number {
    return this.#scorer.length;
  }

  /** A scorer took a stamp: a new one, or again one that it has, which keeps its refusal and moves to the end. */
  accept(scorerId: number, stamp: VerifiedStamp, sequence: number): void {
    const account = this.accountNumber(stamp.account);
    const known = this.find(scorerId, account, stamp.digest);
    if (known !== undefined) return this.#sequence.set(known, sequence);
    const passport = this.#passports.numberOf(pairName(scorerId, account, this.#pair));
    if (passport === this.#newest.length) this.#newest.push(NONE);
    const index = this.#next.push(this.#newest.get(passport));
    this.#newest.set(passport, index);
    this.#scorer.push(scorerId);
    this.#account.push(account);
    this.#provider.push(this.providers.numberOf(stamp.provider));
    this.#sequence.push(sequence);
    this.#expiresAt.push(stamp.expiresAt);
    this.#keysFrom.push(this.#keys.length);
    for (const key of stamp.linkKeys) this.#keys.push(this.#nullifierNumber(key));
    if (index % PAGE === 0) this.#digests.push(Buffer.allocUnsafeSlow(PAGE * WORD));
    this.#digestBytes(index).write(stamp.digest.slice(2), "hex");
  }

  accountNumber(account: string): number {
    return this.#accounts.numberOf(Buffer.from(account.slice(2), "hex"));
  }

  accountText(number: number): string {
    return `0x${this.#accounts.bytes(number).toString("hex")}`;
  }

  find(scorerId: number, account: number, digest: string): number | undefined {
    const wanted = Buffer.from(digest.slice(2), "hex");
    for (let index = this.#newestOf(scorerId, account); index !== NONE; index = this.#next.get(index)) {
      if (wanted.equals(this.#digestBytes(index))) return index;
    }
    return undefined;
  }

  #newestOf(scorerId: number, account: number): number {
    const passport = this.#passports.find(pairName(scorerId, account, this.#pair));
    return passport === undefined ? NONE : this.#newest.get(passport);
  }

  #digestBytes(index: number): Buffer {
    const from = (index % PAGE) * WORD;
    return (this.#digests[Math.floor(index / PAGE)] as Buffer).subarray(from, from + WORD);
  }

  /** An account's stamps at a scorer, in the order of acceptance. */
  of(scorerId: number, account: number): number[] {
    const found: number[] = [];
    for (let index = this.#newestOf(scorerId, account); index !== NONE; index = this.#next.get(index)) {
      found.push(index);
    }
    return found.sort((a, b) => this.#sequence.get(a) - this.#sequence.get(b));
  }

  refuse(index: number, refusal: ShownRefusal | null): void {
    if (refusal === null) this.#refusals.delete(index);
    else this.#refusals.set(index, refusal);
  }

  refusal(index: number): ShownRefusal | undefined {
    return this.#refusals.get(index);
  }

  scorer = (index: number): number => this.#scorer.get(index);
  account = (index: number): number => this.#account.get(index);
  provider = (index: number): string => this.providers.text(this.#provider.get(index));
  sequence = (index: number): number => this.#sequence.get(index);
  expiresAt = (index: number): number => this.#expiresAt.get(index);

  digest(index: number): string {
    return `0x${this.#digestBytes(index).toString("hex")}`;
  }

  /** The numbers of a stamp's nullifiers. */
  keys(index: number): number[] {
    const end = index + 1 < this.count ? this.#keysFrom.get(index + 1) : this.#keys.length;
    const found: number[] = [];
    for (let at = this.#keysFrom.get(index); at < end; at++) found.push(this.#keys.get(at));
    return found;
  }

  /** A key is `<realm>/v<version>:<base64 of 32 bytes>`; everything before the bytes is shared by many. */
  #nullifierNumber(key: string): number {
    const end = key.length - 44;
    const name = Buffer.alloc(4 + WORD);
    name.writeUInt32LE(this.#prefixes.numberOf(key.slice(0, end)));
    name.write(key.slice(end), 4, "base64");
    return this.#nullifiers.numberOf(name);
  }

  keyText(number: number): string {
    const name = this.#nullifiers.bytes(number);
    return this.#prefixes.text(name.readUInt32LE()) + name.toString("base64", 4);
  }
}
