/** Short ASCII words met over and over, numbered without making a string of each. */
export class WordTable {
  readonly words: string[] = [];
  #slots = new Int32Array(256).fill(-1);

  /** The number of a word that lies in bytes. */
  number(bytes: Uint8Array, from: number, to: number): number {
    let mixed = 0x811c9dc5;
    for (let at = from; at < to; at++) mixed = Math.imul(mixed ^ (bytes[at] as number), 0x01000193);
    const mask = this.#slots.length - 1;
    for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] as number;
      if (known === -1) return this.#add(Buffer.from(bytes.subarray(from, to)).toString("latin1"), slot);
      if (same(this.words[known] as string, bytes, from, to)) return known;
    }
  }

  #add(word: string, slot: number): number {
    const number = this.words.push(word) - 1;
    this.#slots[slot] = number;
    if (this.words.length * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const words = this.words.splice(0);
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    for (const word of words) {
      const bytes = Buffer.from(word, "latin1");
      this.number(bytes, 0, bytes.length);
    }
  }
}

function same(word: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (word.length !== to - from) return false;
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}
