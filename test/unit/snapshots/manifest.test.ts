import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { chunkDigest } from "../../../src/snapshots/chunk.js";
import { chunkRanges } from "../../../src/snapshots/cut.js";
import { snapshotDigest } from "../../../src/snapshots/digest.js";
import { SnapshotFolder } from "../../../src/snapshots/files/snapshot-folder.js";
import { parseManifest, printManifest, type Manifest, type ManifestChunk } from "../../../src/snapshots/manifest.js";
import { STREAMS } from "../../../src/snapshots/record.js";

function manifestOf(sequence = 20): Manifest {
  const chunks = chunkRanges(sequence, 8).flatMap((range) =>
    STREAMS.map((stream, at): ManifestChunk => {
      const digest = chunkDigest(Buffer.from(`${stream} ${range.number}`));
      const all = range.last - range.first + 1;
      return { stream, range, bytes: 500, digest, compressed: 300, entries: at === 0 ? 1 : all - 1 };
    }),
  );
  const root = { number: 3, root: `0x${"aa".repeat(32)}`, issuedAt: 1_800_000_000, count: 9 };
  const scorer = { id: 1, version: 2, rulesHash: `0x${"bb".repeat(32)}`, registryId: "7", root };
  const digest = snapshotDigest(chunks);
  const unsigned = { createdAt: null, signature: null };
  return { digest, sequence, chunkSequences: 8, epoch: 4, block: null, ...unsigned, scorers: [scorer], chunks };
}

type Wire = Record<string, unknown> & { chunks: Record<string, Record<string, unknown>>[]; scorers: object[] };

describe("manifests", () => {
  it("reads what it prints", () => {
    for (const sequence of [1, 8, 9, 20]) {
      expect(parseManifest(printManifest(manifestOf(sequence)))).to.deep.equal(manifestOf(sequence));
    }
  });

  it("snapshot/hostile-manifest-is-refused: foreign names, sizes, ranges, counts and digests", () => {
    const hostile: Record<string, (wire: Wire) => void> = {
      "another format": (wire) => (wire["format"] = "touchstone-snapshot-v3"),
      "a foreign member": (wire) => (wire["file"] = "../../etc/passwd"),
      "a path as a digest": (wire) => ((wire.chunks[0]?.["stamps"] ?? {})["digest"] = "0x../../../etc/passwd"),
      "a path as the snapshot's": (wire) => (wire["digest"] = "../../../etc/passwd"),
      "a foreign member of a chunk": (wire) => ((wire.chunks[0]?.["stamps"] ?? {})["path"] = "/tmp/x"),
      "capitals in a digest": (wire) => (wire["digest"] = String(wire["digest"]).toUpperCase()),
      "a huge chunk": (wire) => ((wire.chunks[0]?.["stamps"] ?? {})["bytes"] = 2 ** 40),
      "a file beyond what its bytes need": (wire) => ((wire.chunks[0]?.["stamps"] ?? {})["compressed"] = 2 ** 30),
      "a negative size": (wire) => ((wire.chunks[0]?.["stamps"] ?? {})["bytes"] = -1),
      "a fraction": (wire) => ((wire.chunks[0]?.["stamps"] ?? {})["entries"] = 1.5),
      "a missing chunk": (wire) => wire.chunks.pop(),
      "a chunk twice": (wire) => wire.chunks.push({ ...wire.chunks[0] }),
      "chunks in another order": (wire) => wire.chunks.reverse(),
      "another range": (wire) => ((wire.chunks[1] ?? {})["first"] = 8 as never),
      "more entries than sequences": (wire) => ((wire.chunks[0]?.["scores"] ?? {})["entries"] = 5),
      "another cut": (wire) => (wire["sequence"] = 21),
      "a log of more chunks than can be": (wire) => (wire["sequence"] = Number.MAX_SAFE_INTEGER),
      "chunks of another size": (wire) => (wire["chunkSequences"] = 10),
      "chunks of no size": (wire) => (wire["chunkSequences"] = 0),
      "another digest": (wire) => (wire["digest"] = `0x${"00".repeat(32)}`),
      "another chunk's digest": (wire) => ((wire.chunks[2]?.["scores"] ?? {})["digest"] = `0x${"00".repeat(32)}`),
      "a registry id that is SQL": (wire) => Object.assign(wire.scorers[0] ?? {}, { registryId: "1; drop table scores" }),
    };
    for (const [what, change] of Object.entries(hostile)) {
      const wire = JSON.parse(printManifest(manifestOf())) as Wire;
      change(wire);
      expect(() => parseManifest(JSON.stringify(wire)), what)
        .to.throw()
        .with.property("code", "snapshots/malformed-manifest");
    }
    expect(() => parseManifest("{")).to.throw().with.property("code", "snapshots/malformed-manifest");
    expect(() => parseManifest(printManifest(manifestOf()), { chunkSequences: 16_384 })).to.throw();
  });

  it("refuses a manifest under another's name, and names that are no digests", async () => {
    const home = await mkdtemp(path.join(tmpdir(), "touchstone-manifests-"));
    try {
      const folder = new SnapshotFolder(home);
      const wrong = `0x${"01".repeat(32)}`;
      await mkdir(path.join(home, "manifests"));
      await writeFile(path.join(home, "manifests", `${wrong.slice(2)}.json`), printManifest(manifestOf()));
      const code = (work: () => Promise<unknown>) =>
        Promise.resolve()
          .then(work)
          .then(
            () => "",
            (error: { code: string }) => error.code,
          );
      expect(await code(() => folder.manifest(wrong))).to.equal("snapshots/wrong-digest");
      expect(await code(() => folder.manifest("0x../../x"))).to.equal("snapshots/invalid-request");
      expect(await folder.manifest(`0x${"02".repeat(32)}`)).to.equal(undefined);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});
