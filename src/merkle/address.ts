// Addresses of lists: 20 bytes inside, EIP-55 text outside.
import { MerkleError } from "./errors.js";
import { fromHex } from "./hex.js";
import { BATCH, messageBatch } from "./keccak/keccak.js";
import { ACCOUNT_BYTES, isBound, type Rows } from "./rows.js";

const TEXT_BYTES = 40;
const checksums = messageBatch(TEXT_BYTES);

/**
 * The EIP-55 rule for up to {@link BATCH} addresses: bit `k` of an address is set if its k-th hex digit, when it is a
 * letter, is a capital. `write` fills each address's 40 lower-case digits into the message at the given place.
 */
function capitalBits(count: number, write: (message: Uint8Array, at: number, index: number) => void): Uint8Array {
  checksums.start();
  for (let index = 0; index < count; index++) write(checksums.messages, index * checksums.step, index);
  return checksums.hash(count);
}

/** Whether digit `k` of the address whose hash starts at `at` is a capital, should it be a letter. */
const isCapital = (hashes: Uint8Array, at: number, k: number): boolean =>
  (((hashes[at + (k >> 1)] as number) >> (k % 2 === 0 ? 4 : 0)) & 0xf) >= 8;

/** The EIP-55 form of 20 bytes. */
export function checksumAddress(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset, ACCOUNT_BYTES).toString("hex");
  const hashes = capitalBits(1, (message, at) => {
    for (let k = 0; k < TEXT_BYTES; k++) message[at + k] = digits.charCodeAt(k);
  });
  let text = "0x";
  for (let k = 0; k < TEXT_BYTES; k++) {
    const digit = digits[k] as string;
    text += isCapital(hashes, 0, k) ? digit.toUpperCase() : digit;
  }
  return text;
}

/** The 20 bytes of an address given as hex text, in any case: checksums are checked where people's input comes in. */
export function addressBytes(text: string): Uint8Array {
  const bytes = fromHex(text, ACCOUNT_BYTES);
  if (bytes === undefined) throw new MerkleError("merkle/bad-file", `${text} is not an address`);
  return bytes;
}

/** Collects addresses written with capitals and checks their checksums many at a time. */
export class ChecksumQueue {
  readonly #texts = new Uint8Array(BATCH * TEXT_BYTES);
  readonly #lines = new Float64Array(BATCH);
  readonly #refuse: (line: number, address: string) => never;
  #waiting = 0;

  constructor(refuse: (line: number, address: string) => never) {
    this.#refuse = refuse;
  }

  /** `source` holds the 40 digits as written, from `start`. */
  add(source: Uint8Array, start: number, line: number): void {
    const at = this.#waiting * TEXT_BYTES;
    for (let k = 0; k < TEXT_BYTES; k++) this.#texts[at + k] = source[start + k] as number;
    this.#lines[this.#waiting++] = line;
    if (this.#waiting === BATCH) this.flush();
  }

  /** Checks what waits; the first wrong one is refused. */
  flush(): void {
    const count = this.#waiting;
    if (count === 0) return;
    this.#waiting = 0;
    const texts = this.#texts;
    const hashes = capitalBits(count, (message, at, index) => {
      // Setting this bit makes letters lower-case and leaves digits as they are.
      for (let k = 0; k < TEXT_BYTES; k++) message[at + k] = (texts[index * TEXT_BYTES + k] as number) | 0x20;
    });
    for (let index = 0; index < count; index++) {
      for (let k = 0; k < TEXT_BYTES; k++) {
        const character = texts[index * TEXT_BYTES + k] as number;
        if (character <= 0x39) continue;
        if (isCapital(hashes, index * 32, k) !== character < 0x61) {
          const start = index * TEXT_BYTES;
          const written = Buffer.from(texts.subarray(start, start + TEXT_BYTES)).toString("latin1");
          this.#refuse(this.#lines[index] as number, `0x${written}`);
        }
      }
    }
  }
}

/** A row's address in EIP-55 form; null for a row without one. */
export function addressText(rows: Rows, row: number): string | null {
  if (rows.accounts === null || !isBound(rows, row)) return null;
  return checksumAddress(rows.accounts.subarray(row * ACCOUNT_BYTES, (row + 1) * ACCOUNT_BYTES));
}
