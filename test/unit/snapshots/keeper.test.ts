import { expect } from "chai";
import { getAddress, Wallet } from "ethers";

import { memorySigner } from "../../../src/passport/signature.js";
import { chunkDigest } from "../../../src/snapshots/chunk.js";
import { chunkRanges } from "../../../src/snapshots/cut.js";
import { snapshotDigest } from "../../../src/snapshots/digest.js";
import {
  LOG_SNAPSHOT_TYPES,
  LogKeeper,
  logSnapshotMessage,
  logTypedDomain,
  TrustedKeepers,
} from "../../../src/snapshots/keeper.js";
import { parseManifest, printManifest, type Manifest, type ManifestChunk } from "../../../src/snapshots/manifest.js";
import { STREAMS } from "../../../src/snapshots/record.js";
import { bytesOf } from "../../support/passport/stamps.js";
import { KEEPER, keeper, keepers, LOG_DOMAIN, LOG_KEY, stranger } from "../../support/snapshots/keeper.js";

const chunksOf = (sequence: number, what = "any") =>
  chunkRanges(sequence, 8).flatMap((range) =>
    STREAMS.map((stream, at): ManifestChunk => {
      const digest = chunkDigest(Buffer.from(`${what} ${stream} ${range.number}`));
      const all = range.last - range.first + 1;
      return { stream, range, bytes: 500, digest, compressed: 300, entries: at === 0 ? 0 : all };
    }),
  );

function manifestOf(chunks = chunksOf(20), block: number | null = 100): Manifest {
  const root = { number: 3, root: `0x${"aa".repeat(32)}`, issuedAt: 1_800_000_000, count: 9 };
  const scorer = { id: 1, version: 2, rulesHash: `0x${"bb".repeat(32)}`, registryId: "7", root };
  const head = { digest: snapshotDigest(chunks), sequence: 20, chunkSequences: 8, epoch: null, block };
  return { ...head, createdAt: null, signature: null, scorers: [scorer], chunks };
}

const verdict = (manifest: Manifest, trusted = keepers): string => {
  try {
    trusted.check(manifest);
    return "vouched for";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("the keeper's signature of a snapshot", () => {
  it("H1: what a keeper signed is vouched for, after printing too, and nothing else is", async () => {
    const signed = await keeper.sign(manifestOf());
    expect(verdict(signed)).to.equal("vouched for");
    expect(verdict(parseManifest(printManifest(signed)))).to.equal("vouched for");
    expect(verdict(manifestOf())).to.equal("snapshots/unsigned");
    expect(verdict(await stranger.sign(manifestOf()))).to.equal("snapshots/foreign-keeper");
  });

  it("H1: every member is covered: none can be exchanged under a signature", async () => {
    const signed = await keeper.sign(manifestOf());
    const [scorer] = signed.scorers;
    const others = chunksOf(20, "other");
    const changes: Record<string, Partial<Manifest>> = {
      "another log": { chunks: others, digest: snapshotDigest(others) },
      "another end": { sequence: 21 },
      "another block": { block: 200 },
      "another time": { createdAt: (signed.createdAt ?? 0) + 1 },
      "an epoch": { epoch: 4 },
      "another size of chunks": { chunkSequences: 20 },
      "no scorers": { scorers: [] },
      "another registry id": { scorers: [{ ...scorer!, registryId: "8" }] },
      "another root": { scorers: [{ ...scorer!, root: { ...scorer!.root!, root: `0x${"cc".repeat(32)}` } }] },
      "another count of entries": {
        chunks: signed.chunks.map((chunk, at) => ({ ...chunk, entries: chunk.entries + (at === 0 ? 1 : at === 1 ? -1 : 0) })),
      },
      "another size of a file": {
        chunks: signed.chunks.map((chunk, at) => (at === 2 ? { ...chunk, compressed: chunk.compressed - 1 } : chunk)),
      },
      "no root": { scorers: [{ ...scorer!, root: null }] },
      "a bit of the signature": { signature: signed.signature!.replace(/^0x../, "0x00") },
      "its twin with a high s": { signature: twinOf(signed.signature!) },
    };
    for (const [what, change] of Object.entries(changes)) {
      expect(verdict({ ...signed, ...change }), what).to.equal("snapshots/foreign-keeper");
    }
    expect(verdict({ ...signed, block: null })).to.equal("snapshots/unsigned");
  });

  it("H1: a signature for another chain or another registry is no signature here", async () => {
    const signed = await keeper.sign(manifestOf());
    const elsewhere = { ...LOG_DOMAIN, chainId: 1n };
    const other = { ...LOG_DOMAIN, registry: getAddress(`0x${"5b".repeat(20)}`) };
    for (const domain of [elsewhere, other]) {
      expect(verdict(signed, new TrustedKeepers(domain, [KEEPER]))).to.equal("snapshots/foreign-keeper");
    }
  });

  it("keys are exchanged with both named for a while", async () => {
    const next = new LogKeeper(LOG_DOMAIN, memorySigner(bytesOf("next key")), { now: () => 0 });
    const both = new TrustedKeepers(LOG_DOMAIN, [KEEPER, getAddress(next.address)]);
    const after = new TrustedKeepers(LOG_DOMAIN, [next.address]);
    const [old, young] = [await keeper.sign(manifestOf()), await next.sign(manifestOf())];
    expect([old, young].map((signed) => verdict(signed, both))).to.deep.equal(["vouched for", "vouched for"]);
    expect(verdict(old, after)).to.equal("snapshots/foreign-keeper");
    expect(verdict(young, after)).to.equal("vouched for");
  });

  it("is the EIP-712 signature that a wallet makes", async () => {
    const signed = await keeper.sign(manifestOf());
    const members = { ...signed, block: 100, createdAt: signed.createdAt ?? 0 };
    const wallet = new Wallet(LOG_KEY);
    const made = await wallet.signTypedData(logTypedDomain(LOG_DOMAIN), LOG_SNAPSHOT_TYPES, logSnapshotMessage(members));
    expect(signed.signature).to.equal(made);
  });

  it("signs what is published at a block, and nothing else", async () => {
    const private_ = manifestOf(chunksOf(20), null);
    expect(await keeper.sign(private_)).to.deep.equal(private_);
  });

  it("the first format is read as what nobody signed; a signature without block or time is refused", async () => {
    const signed = await keeper.sign(manifestOf());
    const wire = JSON.parse(printManifest(signed)) as Record<string, unknown>;
    const { createdAt: _time, signature: _signature, ...rest } = wire;
    const old = parseManifest(JSON.stringify({ ...rest, format: "touchstone-snapshot-v1" }));
    expect(old).to.deep.equal(manifestOf());
    const malformed = [
      { ...wire, format: "touchstone-snapshot-v1" },
      { ...rest },
      { ...wire, block: null },
      { ...wire, createdAt: null },
      { ...wire, signature: "0x12" },
      { ...wire, signature: `${signed.signature}00` },
    ];
    for (const document of malformed) {
      expect(() => parseManifest(JSON.stringify(document)))
        .to.throw()
        .with.property("code", "snapshots/malformed-manifest");
    }
  });
});

/** The other signature that a plain recovery would take for the same key. */
function twinOf(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.slice(130) === "1b" ? "1c" : "1b";
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${v}`;
}
