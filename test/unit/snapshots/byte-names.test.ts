import { expect } from "chai";
import fc from "fast-check";

import { ByteNames } from "../../../src/snapshots/state/byte-names.js";

describe("names of one width in flat memory", () => {
  it("snapshot/byte-names-are-a-map: number each name once, in the order of their coming", () => {
    const name = fc.uint8Array({ minLength: 8, maxLength: 8, max: 3 });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 300 }), (names) => {
        const table = new ByteNames(8);
        const numbers = new Map<string, number>();
        for (const bytes of names.map((one) => Buffer.from(one))) {
          const text = bytes.toString("hex");
          expect(table.find(bytes)).to.equal(numbers.get(text));
          if (!numbers.has(text)) numbers.set(text, numbers.size);
          expect(table.numberOf(bytes)).to.equal(numbers.get(text));
        }
        expect(table.size).to.equal(numbers.size);
        for (const [text, number] of numbers) expect(table.bytes(number).toString("hex")).to.equal(text);
      }),
    );
  });

  it("keep their numbers over pages and growing tables", () => {
    const table = new ByteNames(4);
    const bytes = Buffer.alloc(4);
    const named = (value: number) => {
      bytes.writeUInt32LE(value * 7);
      return bytes;
    };
    for (let value = 0; value < 40_000; value++) table.numberOf(named(value));
    for (let value = 0; value < 40_000; value++) {
      if (table.find(named(value)) !== value) throw new Error(`the name ${value} has lost its number`);
    }
    expect(table.find(named(40_000))).to.equal(undefined);
  });

  it("refuse a name of another width", () => {
    expect(() => new ByteNames(4).find(Buffer.alloc(8))).to.throw("8 bytes");
    expect(() => new ByteNames(5)).to.throw("whole words");
  });
});
