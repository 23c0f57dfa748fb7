import { expect } from "chai";
import fc from "fast-check";

import { chunkDigest, openChunk, sealChunk } from "../../../src/snapshots/chunk.js";
import { snapshotBlock } from "../../../src/certificates/entity.js";
import { chunkRanges } from "../../../src/snapshots/cut.js";
import { chunkLeaf, chunkProof, snapshotDigest, type SealedChunk } from "../../../src/snapshots/digest.js";
import { STREAMS, streamOf } from "../../../src/snapshots/record.js";
import { keccak } from "../../../src/shared/keccak.js";
import { anyLog } from "../../support/snapshots/records.js";

describe("sealed chunks", () => {
  it("snapshot/chunks-round-trip: what was sealed is what is read, whatever the log holds", () => {
    fc.assert(
      fc.property(anyLog(), (log) => {
        const range = { number: 0, first: 1, last: log.length };
        for (const stream of STREAMS) {
          const own = log.filter((record) => streamOf(record) === stream);
          expect([...openChunk(stream, range, sealChunk(stream, range, own))]).to.deep.equal(own);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("snapshot/one-encoding: altered bytes are refused, or are what their own entries seal to", () => {
    fc.assert(
      fc.property(anyLog(6), fc.nat(), fc.integer({ min: 1, max: 255 }), (log, place, change) => {
        const range = { number: 0, first: 1, last: log.length };
        for (const stream of STREAMS) {
          const bytes = sealChunk(stream, range, log.filter((record) => streamOf(record) === stream));
          const altered = Buffer.from(bytes);
          const at = place % altered.length;
          altered[at] = (altered[at] as number) ^ change;
          expect(chunkDigest(altered)).to.not.equal(chunkDigest(bytes));
          let read;
          try {
            read = [...openChunk(stream, range, altered)];
          } catch (error) {
            expect((error as { code?: string }).code).to.equal("snapshots/malformed-chunk");
            continue;
          }
          expect(sealChunk(stream, range, read).equals(altered)).to.equal(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("snapshot/cut-short-is-refused: at whatever byte, and with bytes after the end", () => {
    fc.assert(
      fc.property(anyLog(4), (log) => {
        const range = { number: 0, first: 1, last: log.length };
        const own = log.filter((record) => streamOf(record) === "stamps");
        const bytes = sealChunk("stamps", range, own);
        for (let length = 0; length < bytes.length; length++) {
          expect(() => [...openChunk("stamps", range, bytes.subarray(0, length))]).to.throw();
        }
        expect(() => [...openChunk("stamps", range, Buffer.concat([bytes, Buffer.alloc(1)]))]).to.throw();
      }),
      { numRuns: 20 },
    );
  });

  it("refuses to seal what does not belong into the chunk", () => {
    const [record] = fc.sample(anyLog(1), 1)[0] ?? [];
    if (record === undefined) throw new Error("no record");
    const stream = streamOf(record);
    const other = stream === "scores" ? "stamps" : "scores";
    const range = { number: 0, first: 1, last: 2 };
    expect(() => sealChunk(other, range, [record])).to.throw();
    expect(() => sealChunk(stream, range, [record, record])).to.throw();
    expect(() => sealChunk(stream, { ...range, first: 2 }, [record])).to.throw();
  });
});

describe("cuts and digests", () => {
  it("snapshot/cut-is-the-same-for-all: whole steps below the head less its confirmations", () => {
    const cuts = [0n, 11n, 111n, 112n, 211n, 212n].map((head) => snapshotBlock(head, 12n, 100n));
    expect(cuts).to.deep.equal([undefined, undefined, undefined, 100n, 100n, 200n]);
    expect(chunkRanges(20, 8)).to.deep.equal([
      { number: 0, first: 1, last: 8 },
      { number: 1, first: 9, last: 16 },
      { number: 2, first: 17, last: 20 },
    ]);
  });

  const sealed = (count: number): SealedChunk[] =>
    chunkRanges(count * 8, 8).flatMap((range) =>
      STREAMS.map((stream) => {
        const digest = chunkDigest(Buffer.from(`${stream} ${range.number}`));
        return { stream, range, bytes: 100 + range.number, digest };
      }),
    );

  it("snapshot/digest-covers-every-word: place, size and digest of each chunk, their number and order", () => {
    const chunks = sealed(3);
    const digest = snapshotDigest(chunks);
    const seen = new Set([digest]);
    const add = (changed: readonly SealedChunk[]) => {
      const other = snapshotDigest(changed);
      expect(seen.has(other)).to.equal(false);
      seen.add(other);
    };
    for (const [at, chunk] of chunks.entries()) {
      const swap = (changes: Partial<SealedChunk>) => chunks.map((one, index) => (index === at ? { ...chunk, ...changes } : one));
      add(swap({ bytes: chunk.bytes + 1000 }));
      add(swap({ digest: chunkDigest(Buffer.from("other")) }));
      add(swap({ stream: chunk.stream === "scores" ? "stamps" : "scores" }));
      for (const key of ["number", "first", "last"] as const) {
        add(swap({ range: { ...chunk.range, [key]: chunk.range[key] + 100 } }));
      }
      add(chunks.filter((_one, index) => index !== at));
    }
    add([...chunks].reverse());
  });

  it("snapshot/chunks-have-proofs: each leaf leads to the digest by sorted pairs", () => {
    for (const count of [1, 2, 3, 5]) {
      const chunks = sealed(count);
      for (const [at, chunk] of chunks.entries()) {
        let node = Buffer.from(chunkLeaf(chunk));
        for (const sibling of chunkProof(chunks, at)) {
          const other = Buffer.from(sibling.slice(2), "hex");
          node = Buffer.from(keccak(Buffer.concat([node, other].sort((a, b) => a.compare(b)))));
        }
        expect(`0x${node.toString("hex")}`).to.equal(snapshotDigest(chunks));
      }
    }
  });
});
