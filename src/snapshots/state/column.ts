type TypedArray = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Numbers in one page; pages are never moved, so growing copies nothing and leaves no larger half empty. */
const PAGE = 1 << 16;

/** A list of numbers that grows, without an object for each. */
export class Column<T extends TypedArray> {
  readonly #make: new (length: number) => T;
  readonly #pages: T[] = [];
  #length = 0;

  constructor(make: new (length: number) => T) {
    this.#make = make;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): number {
    if (this.#length % PAGE === 0) this.#pages.push(new this.#make(PAGE));
    this.set(this.#length, value);
    return this.#length++;
  }

  get(index: number): number {
    return this.#page(index)[index % PAGE] as number;
  }

  set(index: number, value: number): void {
    this.#page(index)[index % PAGE] = value;
  }

  #page(index: number): T {
    return this.#pages[Math.floor(index / PAGE)] as T;
  }
}

/** A few texts by number, each kept once. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const made = this.#texts.length;
    this.#numbers.set(text, made);
    this.#texts.push(text);
    return made;
  }

  text(number: number): string {
    return this.#texts[number] as string;
  }

  get size(): number {
    return this.#texts.length;
  }
}
