import { expect } from "chai";
import { keccak256 } from "ethers";
import fc from "fast-check";

import { hex } from "../../../src/merkle/hex.js";
import { BATCH, hashPairs, messageBatch } from "../../../src/merkle/keccak/keccak.js";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const sortedPair = (pair: Uint8Array) => {
  const [a, b] = [pair.subarray(0, 32), pair.subarray(32)];
  return Buffer.compare(a, b) <= 0 ? Buffer.concat([a, b]) : Buffer.concat([b, a]);
};

describe("Keccak in bulk", () => {
  for (const length of [32, 40, 64, 84, 96, 128]) {
    it(`hashes messages of ${length} bytes as ethers does, in odd and even numbers`, () => {
      const batch = messageBatch(length);
      fc.assert(
        fc.property(fc.array(bytes(length), { minLength: 1, maxLength: 9 }), (messages) => {
          batch.start();
          messages.forEach((message, index) => batch.messages.set(message, index * batch.step));
          const once = batch.hash(messages.length).slice();
          const twice = batch.hashTwice(messages.length);
          for (const [index, message] of messages.entries()) {
            const [start, end] = [index * 32, index * 32 + 32];
            expect(hex(once, start, end)).to.equal(keccak256(message));
            expect(hex(twice, start, end)).to.equal(keccak256(keccak256(message)));
          }
        }),
        { numRuns: 30 },
      );
    });
  }

  it("hashes a full batch, the last message too", () => {
    const batch = messageBatch(64);
    batch.start();
    for (let index = 0; index < BATCH; index++) batch.messages.fill(index, index * batch.step, index * batch.step + 64);
    const hashes = batch.hash(BATCH);
    for (const index of [0, 1, BATCH - 2, BATCH - 1]) {
      expect(hex(hashes, index * 32, index * 32 + 32)).to.equal(keccak256(new Uint8Array(64).fill(index)));
    }
  });

  it("clears what another batch left", () => {
    const [long, short] = [messageBatch(128), messageBatch(32)];
    long.start();
    long.messages.fill(0xff);
    long.hash(2);
    short.start();
    expect(hex(short.hash(1))).to.equal(keccak256(new Uint8Array(32)));
  });

  it("hashes pairs smaller node first, whatever their order, in any number", () => {
    const pair = fc.oneof(
      bytes(64),
      // Nodes that differ in one late byte only, or not at all.
      fc.tuple(bytes(32), fc.nat({ max: 31 }), fc.nat({ max: 255 })).map(([node, place, value]) => {
        const other = node.slice();
        other[place] = value;
        return Uint8Array.from([...node, ...other]);
      }),
    );
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 9 }), (pairs) => {
        const target = new Uint8Array(pairs.length * 32);
        hashPairs(Buffer.concat(pairs), target);
        pairs.forEach((one, index) =>
          expect(hex(target, index * 32, index * 32 + 32)).to.equal(keccak256(sortedPair(one))),
        );
      }),
    );
  });

  it("hashes more pairs than one batch holds", () => {
    const nodes = new Uint8Array((BATCH + 3) * 64).map((_, index) => (index * 7) ^ (index >> 6));
    const target = new Uint8Array((BATCH + 3) * 32);
    hashPairs(nodes, target);
    for (const index of [0, BATCH - 1, BATCH, BATCH + 2]) {
      const pair = nodes.subarray(index * 64, index * 64 + 64);
      expect(hex(target, index * 32, index * 32 + 32)).to.equal(keccak256(sortedPair(pair)));
    }
  });
});
