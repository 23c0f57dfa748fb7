import { expect } from "chai";
import fc from "fast-check";

import { sortKeys, sortWords } from "../../../src/merkle/sort-words.js";

const indices = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("sortWords", () => {
  const random = fc.uint8Array({ minLength: 32, maxLength: 32 });
  // Words that share their leading bytes land in one bucket; equal ones keep their order.
  const similar = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 31 })).map(([value, place]) => {
    const word = new Uint8Array(32);
    word[place] = value;
    return word;
  });
  for (const [name, word] of Object.entries({ random, similar })) {
    it(`orders ${name} words as a comparison does`, () => {
      fc.assert(
        fc.property(fc.array(word, { maxLength: 120 }), (words) => {
          const expected = indices(words.length).sort(
            (a, b) => Buffer.compare(words[a] as Uint8Array, words[b] as Uint8Array) || a - b,
          );
          expect([...sortWords(new Uint8Array(Buffer.concat(words)))]).to.deep.equal(expected);
        }),
      );
    });
  }
});

describe("sortKeys", () => {
  it("is stable and says null for what is in order", () => {
    const key = fc.oneof(fc.nat({ max: 5 }), fc.integer({ min: 0, max: 0xffff_ffff }));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 80 }), (keys) => {
        const expected = indices(keys.length).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
        const order = sortKeys(Uint32Array.from(keys));
        expect([...(order ?? indices(keys.length))]).to.deep.equal(expected);
        expect(order === null).to.equal(expected.every((item, index) => item === index));
      }),
    );
  });
});
