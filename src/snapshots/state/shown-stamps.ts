import type { VerifiedStamp } from "../../passport/verify.js";
import { Column, Names } from "./column.js";

const NONE = -1;

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
  /** Addresses and digests as strings of one byte a character: a third of their hex. */
  readonly accounts = new Names();
  readonly providers = new Names();
  /** Realm and version in front of 32 bytes, likewise. */
  readonly #nullifiers = new Names();
  readonly #prefixes = new Names();
  readonly #passports = new Map<number, number>();
  readonly #next = new Column(Int32Array);
  readonly #scorer = new Column(Uint32Array);
  readonly #account = new Column(Uint32Array);
  readonly #provider = new Column(Uint32Array);
  readonly #sequence = new Column(Float64Array);
  readonly #expiresAt = new Column(Float64Array);
  readonly #keysFrom = new Column(Uint32Array);
  readonly #keys = new Column(Uint32Array);
  #digests = Buffer.alloc(1 << 16);
  readonly #refusals = new Map<number, ShownRefusal>();

  get count(): number {
    return this.#scorer.length;
  }

  /** A scorer took a stamp: a new one, or again one that it has, which keeps its refusal and moves to the end. */
  accept(scorerId: number, stamp: VerifiedStamp, sequence: number): void {
    const account = this.accountNumber(stamp.account);
    const known = this.find(scorerId, account, stamp.digest);
    if (known !== undefined) return this.#sequence.set(known, sequence);
    const passport = passportKey(scorerId, account);
    const index = this.#next.push(this.#passports.get(passport) ?? NONE);
    this.#passports.set(passport, index);
    this.#scorer.push(scorerId);
    this.#account.push(account);
    this.#provider.push(this.providers.numberOf(stamp.provider));
    this.#sequence.push(sequence);
    this.#expiresAt.push(stamp.expiresAt);
    this.#keysFrom.push(this.#keys.length);
    for (const key of stamp.linkKeys) this.#keys.push(this.#nullifierNumber(key));
    if (this.#digests.length < (index + 1) * 32) {
      this.#digests = Buffer.concat([this.#digests, Buffer.alloc(this.#digests.length)]);
    }
    this.#digests.write(stamp.digest.slice(2), index * 32, "hex");
  }

  accountNumber(account: string): number {
    return this.accounts.numberOf(Buffer.from(account.slice(2), "hex").toString("latin1"));
  }

  accountText(number: number): string {
    return `0x${Buffer.from(this.accounts.text(number), "latin1").toString("hex")}`;
  }

  find(scorerId: number, account: number, digest: string): number | undefined {
    const wanted = Buffer.from(digest.slice(2), "hex");
    let index = this.#passports.get(passportKey(scorerId, account)) ?? NONE;
    for (; index !== NONE; index = this.#next.get(index)) {
      if (wanted.compare(this.#digests, index * 32, index * 32 + 32) === 0) return index;
    }
    return undefined;
  }

  /** An account's stamps at a scorer, in the order of acceptance. */
  of(scorerId: number, account: number): number[] {
    const found: number[] = [];
    let index = this.#passports.get(passportKey(scorerId, account)) ?? NONE;
    for (; index !== NONE; index = this.#next.get(index)) found.push(index);
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
    return `0x${this.#digests.toString("hex", index * 32, index * 32 + 32)}`;
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
    const prefix = this.#prefixes.numberOf(key.slice(0, end));
    const bytes = Buffer.from(key.slice(end), "base64").toString("latin1");
    return this.#nullifiers.numberOf(String.fromCharCode(prefix) + bytes);
  }

  keyText(number: number): string {
    const text = this.#nullifiers.text(number);
    const bytes = Buffer.from(text.slice(1), "latin1");
    return this.#prefixes.text(text.charCodeAt(0)) + bytes.toString("base64");
  }
}

const passportKey = (scorerId: number, account: number) => scorerId * 2 ** 32 + account;
