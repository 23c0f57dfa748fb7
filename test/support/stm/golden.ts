import { createCipheriv } from "node:crypto";

import { parseWideJson, type WideJson, writeWideJson } from "../../../src/shared/wide-json.js";
import { fromHex } from "../../../src/stm/bytes.js";
import { readData } from "../data.js";

/** Any member of a document of the test data. */
export interface Node {
  readonly [name: string]: Node;
}

/** A document of the test data; whole numbers above 2^53 are bigints in it. */
export function readDocument(name: string): Node | undefined {
  const text = readData(`mithril/${name}`);
  return text === undefined ? undefined : (parseWideJson(text) as unknown as Node);
}

/** The native unit tests' constants, by the end of their names. */
export class Golden {
  readonly #document: Node;

  constructor(document: Node) {
    this.#document = document;
  }

  #find(end: string): Node {
    const names = Object.keys(this.#document).filter((name) => name.endsWith(end));
    if (names.length !== 1) throw new Error(`${names.length} constants end in ${end}`);
    return this.#document[names[0] as string] as Node;
  }

  bytes(end: string): Uint8Array {
    return fromHex(this.#find(end).hex as unknown as string) as Uint8Array;
  }

  json(end: string): string {
    return writeWideJson(this.#find(end) as unknown as WideJson);
  }
}

/** Successive draws of Rust's ChaCha20Rng with an all-zero seed: the keystream of ChaCha20. */
export function chachaDraws(count: number, length: number): Uint8Array[] {
  const stream = createCipheriv("chacha20", new Uint8Array(32), new Uint8Array(16)).update(
    new Uint8Array(count * length),
  );
  return Array.from({ length: count }, (_draw, i) => Uint8Array.from(stream.subarray(i * length, (i + 1) * length)));
}
