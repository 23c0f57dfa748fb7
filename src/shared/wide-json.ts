// JSON whose integers may have 64 bits. JSON.parse would round 2^53 + 1 to its neighbour, and a stake or a total that is off
// by one is another stake.
import { DomainError } from "./errors.js";

/** A whole number is a `number` up to 2^53 - 1 and a `bigint` beyond; `BigInt(value)` takes both. */
export type WideJson =
  null | boolean | string | number | bigint | readonly WideJson[] | { readonly [key: string]: WideJson };

const MOST_NESTED = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

class Reader {
  #at = 0;

  constructor(readonly text: string) {}

  document(): WideJson {
    const value = this.#value(0);
    if (this.#peek() !== undefined) this.#fail("something follows the document");
    return value;
  }

  #fail(problem: string): never {
    throw new DomainError("json/malformed", `the JSON is malformed at character ${this.#at}: ${problem}`, {
      position: this.#at,
    });
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text) ?? undefined;
    if (match !== undefined) this.#at = pattern.lastIndex;
    return match;
  }

  /** The next character that is no space. */
  #peek(): string | undefined {
    this.#match(SPACE);
    return this.text[this.#at];
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): WideJson {
    if (depth > MOST_NESTED) this.#fail("it is nested too deeply");
    const next = this.#peek();
    if (next === "{") return this.#object(depth);
    if (next === "[") return this.#array(depth);
    if (next === '"') return this.#string();
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const) {
      if (this.text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #number(): number | bigint {
    const match = this.#match(NUMBER);
    if (match === undefined) this.#fail("a value is missing");
    const value = Number(match[0]);
    if (match[1] !== undefined || match[2] !== undefined) {
      if (!Number.isFinite(value)) this.#fail("a number is too large");
      return value;
    }
    return Number.isSafeInteger(value) ? value : BigInt(match[0]);
  }

  #string(): string {
    const match = this.#match(STRING);
    if (match === undefined) this.#fail("a string is not closed or holds what must be escaped");
    return JSON.parse(match[0]) as string;
  }

  #array(depth: number): WideJson[] {
    this.#at += 1;
    const items: WideJson[] = [];
    if (this.#take("]")) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(","));
    if (!this.#take("]")) this.#fail("a list is not closed");
    return items;
  }

  #object(depth: number): { [key: string]: WideJson } {
    this.#at += 1;
    const members: { [key: string]: WideJson } = {};
    if (this.#take("}")) return members;
    do {
      if (this.#peek() !== '"') this.#fail("a member's name is missing");
      const name = this.#string();
      // Two readers of a repeated member would see two documents; `__proto__` would not be a member at all.
      if (Object.hasOwn(members, name) || name === "__proto__") this.#fail(`the member ${name} is not allowed here`);
      if (!this.#take(":")) this.#fail("a colon is missing");
      members[name] = this.#value(depth + 1);
    } while (this.#take(","));
    if (!this.#take("}")) this.#fail("an object is not closed");
    return members;
  }
}

/** Parses a document; a whole number keeps every digit. Throws `json/malformed`, also for members given twice. */
export function parseWideJson(text: string): WideJson {
  return new Reader(text).document();
}

/** Compact JSON in the members' own order; a bigint is written as a number, without quotes. */
export function writeWideJson(value: WideJson): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(writeWideJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value as { [key: string]: WideJson });
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeWideJson(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
