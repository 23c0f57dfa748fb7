import { inspect } from "node:util";

const HIDDEN = "[secret]";

/**
 * A value that must not reach a log, an error or a JSON document. Everything that turns it into text gives "[secret]";
 * only {@link expose} gives the value, so that each place that uses one can be found by that word.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  expose(): T {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
