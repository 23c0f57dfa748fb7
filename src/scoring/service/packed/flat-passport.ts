// A packed passport read into columns, which the next one overwrites.
import { invariant } from "../../../shared/errors.js";
import { linkKey } from "../../../passport/nullifiers/realm.js";
import { FORMAT, HASH, readKind, REFUSED, SETTLED, type StampKind } from "./passport.js";
import { WordTable } from "./word-table.js";

/** Kind and flags, sequence, issue, expiry: what stands before the provider. */
const HEAD = 2 + 3 * 8;

export class FlatPassport {
  /** Numbers the providers of all passports read so far. */
  readonly words = new WordTable();
  bytes: Buffer = Buffer.alloc(0);
  count = 0;
  /** Columns, in the order of acceptance. */
  providers = new Uint16Array(64);
  kinds: StampKind[] = [];
  settled = new Uint8Array(64);
  refused = new Uint8Array(64);
  sequences = new Float64Array(64);
  issued = new Float64Array(64);
  expiries = new Float64Array(64);
  /** Where the provider's length stands in the bytes; its letters follow, then the digest, then the nullifiers. */
  named = new Uint32Array(64);
  #kindBytes: Buffer = Buffer.alloc(0);
  #ownKinds: StampKind[] = [];

  read(packed: Buffer): void {
    invariant(packed[0] === FORMAT, `a packed passport of format ${packed[0]}`);
    this.bytes = packed;
    let at = this.#readKinds(packed);
    this.count = packed.readUInt16BE(at);
    at += 2;
    if (this.count > this.providers.length) this.#grow(this.count);
    for (let place = 0; place < this.count; place++) at = this.#readStamp(packed, at, place);
  }

  /** Most passports have the kinds of the one before: then their text is not read again. */
  #readKinds(packed: Buffer): number {
    const kinds = packed[1] as number;
    let at = 2;
    for (let kind = 0; kind < kinds; kind++) at += 2 + packed.readUInt16BE(at);
    if (this.#kindBytes.length === at && packed.compare(this.#kindBytes, 0, at, 0, at) === 0) return at;
    this.#kindBytes = Buffer.from(packed.subarray(0, at));
    this.#ownKinds = [];
    for (let kind = 0, from = 2; kind < kinds; kind++) {
      const size = packed.readUInt16BE(from);
      this.#ownKinds.push(readKind(packed.toString("utf8", from + 2, from + 2 + size)));
      from += 2 + size;
    }
    return at;
  }

  #readStamp(packed: Buffer, start: number, place: number): number {
    const kind = this.#ownKinds[packed[start] as number] as StampKind;
    const flags = packed[start + 1] as number;
    this.kinds[place] = kind;
    this.settled[place] = flags & SETTLED;
    this.refused[place] = flags & REFUSED;
    this.sequences[place] = packed.readDoubleBE(start + 2);
    this.issued[place] = packed.readDoubleBE(start + 10);
    this.expiries[place] = packed.readDoubleBE(start + 18);
    const named = start + HEAD;
    this.named[place] = named;
    const end = named + 1 + (packed[named] as number);
    this.providers[place] = this.words.number(packed, named + 1, end);
    let at = end + HASH * (1 + kind.versions.length);
    if ((flags & REFUSED) === 0) return at;
    // A status and a detail.
    at += 2 + packed.readUInt16BE(at);
    return at + 2 + packed.readUInt16BE(at);
  }

  #grow(count: number): void {
    const size = 2 * count;
    this.providers = new Uint16Array(size);
    this.settled = new Uint8Array(size);
    this.refused = new Uint8Array(size);
    this.sequences = new Float64Array(size);
    this.issued = new Float64Array(size);
    this.expiries = new Float64Array(size);
    this.named = new Uint32Array(size);
  }

  provider(place: number): string {
    return this.words.words[this.providers[place] as number] as string;
  }

  /** Where the digest stands in the bytes; the nullifiers follow it. */
  digestAt(place: number): number {
    const named = this.named[place] as number;
    return named + 1 + (this.bytes[named] as number);
  }

  digest(place: number): string {
    const at = this.digestAt(place);
    return `0x${this.bytes.toString("hex", at, at + HASH)}`;
  }

  nullifiers(place: number): string[] {
    const start = this.digestAt(place) + HASH;
    return (this.kinds[place] as StampKind).versions.map((version, index) => {
      const at = start + index * HASH;
      return `v${version}:${this.bytes.toString("base64", at, at + HASH)}`;
    });
  }

  linkKeys(place: number): string[] {
    const { realm } = this.kinds[place] as StampKind;
    return this.nullifiers(place).map((nullifier) => linkKey(realm, nullifier));
  }
}
