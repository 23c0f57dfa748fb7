// The links of one scope in flat memory, for a rescore of millions of stamps: the rules of claim-link.ts on numbers. Keys are
// 32-byte hashes of realm and nullifier in one buffer, accounts are numbers, and the table is open-addressed.
//
// Only what a settlement needs: every claim is alive at one `now`, releases are loaded with the rows. The unit test holds it
// against claim-link.ts on random logs.
const EMPTY = -1;
const NOBODY = 0xffff_ffff;

/** A release with the account as a number; see `LinkRelease`. */
export interface FlatRelease {
  readonly account: number;
  readonly sequence: number;
  readonly freeAt: number;
}

export class FlatLinks {
  readonly #words: Int32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** By row: a key number with its bytes, owner, end. */
  readonly #rowKey: Int32Array;
  readonly #owner: Uint32Array;
  readonly #expiry: Float64Array;
  /** Of the few rows that have one. */
  readonly #releases = new Map<number, FlatRelease>();
  #rows = 0;

  /** `keys` holds 32 bytes per key number; `capacity` bounds the number of different ones. */
  constructor(keys: Uint8Array, capacity: number) {
    this.#words = new Int32Array(keys.buffer, keys.byteOffset, keys.byteLength >> 2);
    const slots = 1 << Math.max(4, Math.ceil(Math.log2(capacity * 1.5 + 1)));
    this.#mask = slots - 1;
    this.#slots = new Int32Array(slots).fill(EMPTY);
    this.#rowKey = new Int32Array(capacity);
    this.#owner = new Uint32Array(capacity);
    this.#expiry = new Float64Array(capacity);
  }

  /** The row of a key number; made, without an owner, when there is none. */
  #row(key: number): number {
    const words = this.#words;
    const at = key * 8;
    // Keys are hashes already: any of their words is as good as another.
    let slot = ((words[at] as number) ^ (words[at + 5] as number)) & this.#mask;
    for (;;) {
      const row = this.#slots[slot] as number;
      if (row === EMPTY) {
        const made = this.#rows++;
        this.#slots[slot] = made;
        this.#rowKey[made] = key;
        this.#owner[made] = NOBODY;
        return made;
      }
      if (this.#same((this.#rowKey[row] as number) * 8, at)) return row;
      slot = (slot + 1) & this.#mask;
    }
  }

  #same(a: number, b: number): boolean {
    const words = this.#words;
    for (let word = 0; word < 8; word++) if (words[a + word] !== words[b + word]) return false;
    return true;
  }

  /** Loads a stored link. `release` as in `Link`. */
  load(key: number, account: number, expiresAt: number, release?: FlatRelease): void {
    const row = this.#row(key);
    this.#owner[row] = account;
    this.#expiry[row] = expiresAt;
    if (release !== undefined) this.#releases.set(row, release);
    else this.#releases.delete(row);
  }

  /**
   * One claim over the key numbers `[from, to)`, in the order of sequences. True when the account holds them all: the stamp
   * may count.
   */
  claim(from: number, to: number, account: number, sequence: number, expiresAt: number, now: number): boolean {
    if (expiresAt <= now) return false;
    let blocking = EMPTY;
    for (let key = from; key < to; key++) {
      const row = this.#row(key);
      const release = this.#releases.get(row);
      if (release?.account === account && sequence <= release.sequence) return false;
      if (blocking === EMPTY && this.#owner[row] !== account && !this.#isFree(row, now)) blocking = row;
    }
    for (let key = from; key < to; key++) {
      const row = this.#row(key);
      if (blocking === EMPTY) this.#hold(row, account, expiresAt, now);
      else if (this.#isFree(row, now)) this.#copy(blocking, row);
    }
    return blocking === EMPTY;
  }

  #isFree(row: number, now: number): boolean {
    if (this.#owner[row] === NOBODY || (this.#expiry[row] as number) <= now) return true;
    const release = this.#releases.get(row);
    return release !== undefined && release.freeAt <= now;
  }

  #hold(row: number, account: number, expiresAt: number, now: number): void {
    const alive = (this.#expiry[row] as number) > now && !this.#releases.has(row);
    if (this.#owner[row] === account && alive && (this.#expiry[row] as number) >= expiresAt) return;
    this.#owner[row] = account;
    this.#expiry[row] = expiresAt;
    this.#releases.delete(row);
  }

  #copy(from: number, to: number): void {
    this.#owner[to] = this.#owner[from] as number;
    this.#expiry[to] = this.#expiry[from] as number;
    const release = this.#releases.get(from);
    if (release !== undefined) this.#releases.set(to, release);
    else this.#releases.delete(to);
  }
}
