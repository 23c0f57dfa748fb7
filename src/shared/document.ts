// Reading documents that others wrote: every member is expected, every other is refused. A member that we ignore is a member
// somebody else believes we obey.
import { DomainError } from "./errors.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Where in a document something is wrong, and the stable code that the caller wants for it. */
export class DocumentReader<Code extends string> {
  readonly #code: Code;

  constructor(code: Code) {
    this.#code = code;
  }

  fail(path: string, problem: string): never {
    throw new DomainError(this.#code, `${path}: ${problem}`, { path });
  }

  /** An object with exactly these members; those in `optional` may be absent. */
  object(value: unknown, path: string, required: readonly string[], optional: readonly string[] = []): JsonObject {
    const object = this.record(value, path);
    for (const key of required) if (!Object.hasOwn(object, key)) this.fail(`${path}.${key}`, "is missing");
    for (const key of Object.keys(object)) {
      if (!required.includes(key) && !optional.includes(key)) this.fail(`${path}.${key}`, "is not a known member");
    }
    return object;
  }

  /** An object with members of any name. */
  record(value: unknown, path: string): JsonObject {
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.fail(path, "is not an object");
    return value as JsonObject;
  }

  array(value: unknown, path: string): readonly unknown[] {
    if (!Array.isArray(value)) this.fail(path, "is not a list");
    return value;
  }

  string(value: unknown, path: string, pattern?: RegExp): string {
    if (typeof value !== "string") this.fail(path, "is not a string");
    if (pattern !== undefined && !pattern.test(value)) this.fail(path, "has the wrong form");
    return value;
  }

  literal<T extends string>(value: unknown, path: string, ...allowed: readonly T[]): T {
    if (!allowed.includes(value as T)) this.fail(path, `is not one of ${allowed.join(", ")}`);
    return value as T;
  }

  integer(value: unknown, path: string, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): number {
    if (!Number.isSafeInteger(value)) this.fail(path, "is not an integer");
    if ((value as number) < minimum || (value as number) > maximum) {
      this.fail(path, `is not between ${minimum} and ${maximum}`);
    }
    return value as number;
  }

  boolean(value: unknown, path: string): boolean {
    if (typeof value !== "boolean") this.fail(path, "is neither true nor false");
    return value;
  }

  strings(value: unknown, path: string, pattern?: RegExp): readonly string[] {
    const items = this.array(value, path).map((item, index) => this.string(item, `${path}[${index}]`, pattern));
    const twice = items.find((item, index) => items.indexOf(item) !== index);
    if (twice !== undefined) this.fail(path, `names ${twice} twice`);
    return items;
  }
}
