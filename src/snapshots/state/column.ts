type TypedArray = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A list of numbers that grows, without an object for each. */
export class Column<T extends TypedArray> {
  readonly #make: new (length: number) => T;
  #values: T;
  #length = 0;

  constructor(make: new (length: number) => T) {
    this.#make = make;
    this.#values = new make(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): number {
    if (this.#length === this.#values.length) {
      const larger = new this.#make(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    return this.#length++;
  }

  get(index: number): number {
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}

/** Texts by number, each kept once. */
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
