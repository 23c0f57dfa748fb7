import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { buildScoresTree } from "../../src/certificates/scores-root.js";
import { DatabaseLogSource } from "../../src/database/snapshot-log.js";
import { ScoreLog, type CertifiedDigest } from "../../src/nodes/score-log/score-log.js";
import { hashRules } from "../../src/passport/onchain/anchor-typed-data.js";
import { silentLogger, type Logger } from "../../src/shared/logger.js";
import { NodeError } from "../../src/nodes/protocol/errors.js";
import { createSnapshot, type CreateOptions } from "../../src/snapshots/create.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { LOG_CLOCK_SKEW, timeOf } from "../../src/snapshots/log-times.js";
import { parseManifest, type Manifest } from "../../src/snapshots/manifest.js";
import type { SnapshotMirror } from "../../src/snapshots/ports.js";
import type { SnapshotRecord } from "../../src/snapshots/record.js";
import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  scorerOf,
  simpleRules,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, context, NOW } from "../support/passport/stamps.js";
import { keeper, keepers, LOG_DOMAIN, stranger } from "../support/snapshots/keeper.js";
import { mirrorOf, type Behaviour } from "../support/snapshots/mirrors.js";
import { logSource } from "../support/snapshots/records.js";

const DAY = 86_400;
const MAX_LIFETIME = 90 * DAY;
const CHUNKS = { chunkSequences: 8 };
const REGISTRY = { chainId: LOG_DOMAIN.chainId, address: LOG_DOMAIN.registry };
const lower = (name: string) => accountOf(name).toLowerCase();
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing was thrown",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

describe("a node's own copy of the log", () => {
  let world: PassportWorld;
  let home: string;
  let scorer: number;
  let other: number;
  /** The log as it was written, and how long it was at block 100. */
  let records: SnapshotRecord[];
  let early: number;
  let folders = 0;

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "touchstone-score-log-"));
    world = await createPassportWorld(engines[0]!);
    ({ id: scorer } = await scorerOf(world));
    ({ id: other } = await scorerOf(world, simpleRules({ threshold: "0.5" })));
    await world.service.linkRegistry(scorer, 7n);
    for (const name of ["alice", "bob", "carol", "dave"]) {
      await world.service.submit(scorer, lower(name), [await stampOf(accountOf(name))]);
    }
    await world.service.submit(other, lower("alice"), [await stampOf(accountOf("alice"))]);
    const source = new DatabaseLogSource(world.db);
    early = await source.head();
    world.time.now += DAY;
    for (const name of ["erin", "frank", "grace"]) {
      const stamps = [await stampOf(accountOf(name), "Google", name, world.time.now)];
      await world.service.submit(scorer, lower(name), stamps);
    }
    records = await source.read(1, await source.head());
  });
  after(async () => {
    await world.close();
    await rm(home, { recursive: true, force: true });
  });

  const newFolder = () => new SnapshotFolder(path.join(home, `folder-${(folders += 1)}`));
  const block = (number: bigint, timestamp = NOW + 2 * DAY) => ({ number, timestamp: BigInt(timestamp) });

  /** A mirror's folder: a log, cut at `early` for block 100 and whole for block 200; its keeper signed it unless told. */
  async function sealed(
    log: readonly SnapshotRecord[] = records,
    cut = early,
    options: Pick<CreateOptions, "keeper"> = { keeper },
  ): Promise<SnapshotFolder> {
    const folder = newFolder();
    await createSnapshot(logSource(log), folder, { ...CHUNKS, ...options, cut, block: 100 });
    await createSnapshot(logSource(log), folder, { ...CHUNKS, ...options, block: 200 });
    return folder;
  }

  const nothing = () => Promise.resolve<CertifiedDigest | undefined>(undefined);
  const node = (
    mirrors: readonly SnapshotMirror[],
    folder = newFolder(),
    scorers = new Map([[scorer, 7n]]),
    { certified = nothing, logger = silentLogger } = {},
  ) =>
    new ScoreLog(
      { scorers, registry: REGISTRY, maxLifetime: MAX_LIFETIME },
      { mirrors, folder, keepers, certified, trust: (now) => context({ now }), logger },
    );

  async function look(log: ScoreLog, number = 200n, timestamp?: number) {
    const at = block(number, timestamp);
    const offer = await log.offered(3n, at);
    return offer === undefined ? undefined : { offer, computed: await log.compute(offer, at) };
  }

  const altered = (change: (record: SnapshotRecord) => SnapshotRecord | undefined): SnapshotRecord[] => {
    const at = records.findIndex((record, index) => index > early && change(record) !== undefined);
    expect(at, "something to alter").to.be.at.least(0);
    return records.map((record, index) => (index === at ? (change(record) as SnapshotRecord) : record));
  };

  it("score-log/agrees-with-the-service: the root that it computes is over the root that the service anchors", async () => {
    const anchor = await world.anchors.prepareAnchor(scorer);
    const { rules, rulesHash } = await world.service.version(scorer);
    const found = await look(node([mirrorOf("honest", await sealed())]), 200n, world.time.now);
    const entry = {
      registry: REGISTRY,
      scorerId: 7n,
      root: anchor.root,
      issuedAt: BigInt(world.time.now),
      rulesHash: hashRules(rules.threshold, rulesHash),
      count: 7n,
    };
    expect(found?.computed.scoresRoot).to.equal(buildScoresTree([entry]).root);
    expect(found?.computed.snapshotDigest).to.equal(found?.offer.digest);
    expect(found?.offer.point).to.deep.equal({
      epoch: 3n,
      block: 200n,
      chunk: BigInt(Math.ceil(records.length / 8) - 1),
    });
  });

  it("score-log/deterministic: nodes with other mirrors, other pasts and a restart in between compute the same", async () => {
    const folder = await sealed();
    const own = newFolder();
    const followed = node([mirrorOf("a", folder)], own);
    const first = await look(followed, 100n);
    const whole = await look(followed);
    const restarted = await look(node([mirrorOf("a", folder)], own));
    const fresh = await look(node([mirrorOf("b", await sealed(records, early - 3))]));
    expect(first?.computed.scoresRoot).not.to.equal(whole?.computed.scoresRoot);
    for (const seen of [restarted, fresh]) expect(seen?.computed).to.deep.equal(whole?.computed);
  });

  it("score-log/settings-decide: a manifest's own word for scorers counts nothing", async () => {
    const folder = await sealed();
    const root = async (scorers: Map<number, bigint>) =>
      (await look(node([mirrorOf("honest", folder)], newFolder(), scorers)))?.computed.scoresRoot;
    const roots = [
      await root(new Map([[scorer, 7n]])),
      await root(new Map([[scorer, 8n]])),
      await root(new Map([[other, 7n]])),
      await root(
        new Map([
          [scorer, 7n],
          [other, 8n],
        ]),
      ),
    ];
    expect(new Set(roots).size).to.equal(4);
    const nobody = node([mirrorOf("honest", folder)], newFolder(), new Map([[99, 7n]]));
    expect(await codeOf(look(nobody))).to.equal("nodes/log-unavailable");
  });

  it("score-log/tampered-chunk: is fetched from another mirror, and refused where there is none", async () => {
    const folder = await sealed();
    const tampering: Behaviour = (bytes, from) => {
      const changed = Buffer.from(bytes);
      changed[Math.floor(changed.length / 2)]! ^= 1;
      return { from, pieces: [changed.subarray(from)] };
    };
    const liar = mirrorOf("liar", folder, tampering);
    expect(await codeOf(look(node([liar])))).to.equal("nodes/log-unavailable");
    const found = await look(node([liar, mirrorOf("honest", folder)]));
    expect(found?.computed).to.deep.equal((await look(node([mirrorOf("honest", folder)])))?.computed);
    expect(liar.asked.length).to.be.at.least(2);
  });

  const forgeries: Record<string, (record: SnapshotRecord) => SnapshotRecord | undefined> = {
    "a credential that its issuer never signed": (record) =>
      record.kind === "accepted" && record.credential !== null
        ? {
            ...record,
            credential: { ...record.credential, proofValue: record.credential.proofValue.replace(/^0x../, "0x00") },
          }
        : undefined,
    "a score that does not follow": (record) =>
      record.kind === "score" ? { ...record, chainScore: record.chainScore + 1 } : undefined,
    "a score of somebody else": (record) =>
      record.kind === "score" ? { ...record, account: lower("mallory") } : undefined,
  };
  for (const [what, forge] of Object.entries(forgeries)) {
    it(`score-log/forged: ${what} is refused, and the right log still followed`, async () => {
      const own = newFolder();
      const forged = mirrorOf("forger", await sealed(altered(forge)));
      const log = node([forged], own);
      expect(await look(log, 100n)).not.to.equal(undefined);
      expect(await codeOf(look(log))).to.equal("nodes/log-mismatch");
      // The next look does not replay the same forgery again.
      expect(await look(log)).to.equal(undefined);
      const honest = mirrorOf("honest", await sealed());
      const expected = (await look(node([honest])))?.computed;
      expect((await look(node([honest], own)))?.computed).to.deep.equal(expected);
      // A forger that is asked first delays the node by one look, and does not keep it from the others.
      const both = node([forged, honest]);
      expect(await codeOf(look(both))).to.equal("nodes/log-mismatch");
      expect((await look(both))?.computed).to.deep.equal(expected);
    });
  }

  it("score-log/history-stands: a log that is valid and another one is refused, after a restart and a failure too", async () => {
    // Everything that this one says is true; it leaves out what the node saw first.
    const elsewhere = mirrorOf("rival", await sealed(await rivalLog(strangers)));
    expect(await look(node([elsewhere]))).not.to.equal(undefined);
    const own = newFolder();
    const first = node([mirrorOf("honest", await sealed())], own);
    await look(first, 100n);
    const tricked = node([elsewhere], own);
    expect(await codeOf(look(tricked))).to.equal("nodes/log-mismatch");
    expect(await codeOf(look(node([elsewhere], own)))).to.equal("nodes/log-mismatch");
    expect(await look(first)).not.to.equal(undefined);
    expect(await codeOf(look(node([elsewhere], own)))).to.equal("nodes/log-mismatch");
  });

  it("score-log/never-backwards: what was followed is not exchanged for less", async () => {
    const honest = mirrorOf("honest", await sealed());
    const log = node([honest]);
    await look(log);
    expect(await codeOf(look(log, 100n))).to.equal("nodes/log-mismatch");
  });

  /** Another log that is true in itself: what the same keeper, or somebody else, could tell instead. */
  async function rivalLog(names: readonly string[]): Promise<SnapshotRecord[]> {
    const rival = await createPassportWorld(engines[0]!);
    try {
      const { id } = await scorerOf(rival);
      expect(id).to.equal(scorer);
      for (const name of names) await rival.service.submit(id, lower(name), [await stampOf(accountOf(name))]);
      const source = new DatabaseLogSource(rival.db);
      return await source.read(1, await source.head());
    } finally {
      await rival.close();
    }
  }
  const strangers = Array.from({ length: 12 }, (_, person) => `rival ${person}`);

  it("H1: a mirror that is asked first cannot pin a node to a log of its own: the next one is asked at once", async () => {
    const honest = mirrorOf("honest", await sealed());
    const expected = (await look(node([honest])))?.computed;
    const false_ = await rivalLog(strangers);
    for (const options of [{}, { keeper: stranger }]) {
      const liar = mirrorOf("liar", await sealed(false_, early, options));
      const own = newFolder();
      expect((await look(node([liar, honest], own)))?.computed).to.deep.equal(expected);
      const alone = mirrorOf("alone", await sealed(false_, early, options));
      expect(await codeOf(look(node([alone])))).to.equal("nodes/log-untrusted");
      expect(alone.asked, "not a byte of it was fetched").to.deep.equal([]);
    }
  });

  it("H1: rules of a mirror's own making are not followed, though everything in that log holds", async () => {
    const rules = simpleRules({ threshold: "0.001" });
    await world.service.addVersion(scorer, rules, { author: "mallory", reason: "everybody is human" });
    const source = new DatabaseLogSource(world.db);
    const changed = await source.read(1, await source.head());
    expect(changed.at(-1)).to.include({ kind: "version", author: "mallory" });
    const own = newFolder();
    const first = node([mirrorOf("honest", await sealed())], own);
    await look(first, 100n);
    const liar = mirrorOf("liar", await sealed(changed, early, { keeper: stranger }));
    expect(await codeOf(look(node([liar], own)))).to.equal("nodes/log-untrusted");
    // The keeper answers for versions: what it signs is followed.
    expect(await look(node([mirrorOf("keeper", await sealed(changed))], own))).not.to.equal(undefined);
  });

  it("H1: what a keeper signed for another block is not taken for this one's", async () => {
    const folder = await sealed();
    const early_ = await folder.manifestAt(100);
    const stale: SnapshotMirror = {
      ...mirrorOf("stale", folder),
      manifestAt: (block) => Promise.resolve(early_ === undefined ? undefined : { ...early_, block }),
    };
    expect(await codeOf(look(node([stale])))).to.equal("nodes/log-untrusted");
  });

  it("H1: a mirror that changes a word of a true manifest discredits nobody", async () => {
    const folder = await sealed();
    const honest = mirrorOf("honest", folder);
    const expected = (await look(node([honest])))?.computed;
    const changed = async (block: number) => {
      const true_ = await folder.manifestAt(block);
      if (true_ === undefined) return undefined;
      const shift = (at: number) => (at === 0 ? 1 : at === 1 ? -1 : 0);
      const chunks = true_.chunks.map((chunk, at) => ({ ...chunk, entries: chunk.entries + shift(at) }));
      return { ...true_, chunks };
    };
    const signed: SnapshotMirror = { ...mirrorOf("liar", folder), manifestAt: changed };
    expect((await look(node([signed, honest])))?.computed).to.deep.equal(expected);
    // A certified digest needs no signature: the lie is found out by what is in the chunks, and costs one look.
    const digest = expected?.snapshotDigest ?? "";
    const certified = () => Promise.resolve<CertifiedDigest | undefined>({ digest, block: 200n });
    const bare = async (block: number) => {
      const manifest = await changed(block);
      return manifest === undefined ? undefined : { ...manifest, createdAt: null, signature: null };
    };
    const both = [{ ...signed, manifestAt: bare }, honest];
    const log = node(both, newFolder(), undefined, { certified });
    expect(await codeOf(look(log))).to.equal("nodes/log-mismatch");
    expect((await look(log))?.computed).to.deep.equal(expected);
  });

  it("H1: words that no digest covers are a liar's own: neither the true copy nor the way back to the certified log is lost", async () => {
    const folder = await sealed(records, early, {});
    const honest = mirrorOf("honest", folder);
    const { digest = "" } = (await folder.manifestAt(200)) ?? {};
    const certified = () => Promise.resolve<CertifiedDigest | undefined>({ digest, block: 200n });
    const expected = (await look(node([honest], newFolder(), undefined, { certified })))?.computed;
    const false_ = await rivalLog(strangers);
    const forgeries: Partial<Record<"entries" | "compressed", number>>[] = [{ entries: 1 }, { compressed: -1 }];
    for (const { entries = 0, compressed = 0 } of forgeries) {
      const forged = (manifest: Manifest | undefined) =>
        manifest && {
          ...manifest,
          chunks: manifest.chunks.map((chunk, at) => ({
            ...chunk,
            entries: chunk.entries + (at === 0 ? entries : at === 1 ? -entries : 0),
            compressed: chunk.compressed + compressed,
          })),
        };
      const liar: SnapshotMirror = {
        ...honest,
        manifest: async (wanted) => forged(await folder.manifest(wanted)),
        manifestAt: async (number) => forged(await folder.manifestAt(number)),
      };
      // Its copy is named by its own words: the true one, as unsigned, is taken at the next look.
      const log = node([liar, honest], newFolder(), undefined, { certified });
      await codeOf(look(log));
      expect((await look(log))?.computed).to.deep.equal(expected);
      // What is followed keeps its manifest.
      const own = newFolder();
      await look(node([honest], own, undefined, { certified }));
      expect((await look(node([liar], own, undefined, { certified })))?.computed).to.deep.equal(expected);
      expect(await own.followed()).to.deep.equal(await folder.manifestAt(200));
      // A false log is left although the first mirror's manifest of the certified one is of no use.
      const caught = newFolder();
      await look(node([mirrorOf("other", await sealed(false_))], caught), 100n);
      const back = [{ ...honest, manifest: liar.manifest }, honest];
      expect((await look(node(back, caught, undefined, { certified })))?.computed).to.deep.equal(expected);
    }
  });

  it("H1: less than what was followed is refused before it is followed, and the next mirror asked", async () => {
    const own = newFolder();
    const honest = mirrorOf("honest", await sealed());
    await look(node([honest], own));
    const behind = mirrorOf("behind", await sealed(records.slice(0, early)));
    expect(await codeOf(look(node([behind], own)))).to.equal("nodes/log-mismatch");
    expect(behind.asked).to.deep.equal([]);
    expect((await look(node([behind, honest], own)))?.computed).to.deep.equal((await look(node([honest])))?.computed);
  });

  it("H1: what the registry certified needs no keeper", async () => {
    const unsigned = await sealed(records, early, {});
    const digest = (await unsigned.manifestAt(200))?.digest ?? "";
    const certified = (held: CertifiedDigest) => ({ certified: () => Promise.resolve(held) });
    const follow = (held: CertifiedDigest) =>
      look(node([mirrorOf("any", unsigned)], newFolder(), undefined, certified(held)));
    expect((await follow({ digest, block: 200n }))?.offer.digest).to.equal(digest);
    expect(await codeOf(follow({ digest, block: 100n }))).to.equal("nodes/log-untrusted");
    expect(await codeOf(follow({ digest: `0x${"00".repeat(32)}`, block: 200n }))).to.equal("nodes/log-untrusted");
  });

  /** A logger that keeps what alarms. */
  function alarms() {
    const heard: object[] = [];
    const logger: Logger = { ...silentLogger, error: (details) => void heard.push(details) };
    return { heard, logger };
  }

  it("H1: two logs that one keeper signed are kept as evidence and told, whether a chunk is closed or open", async () => {
    const two = await rivalLog(strangers);
    for (const cut of [early, 5]) {
      const own = newFolder();
      const { heard, logger } = alarms();
      await look(node([mirrorOf("one", await sealed(records, cut))], own), 100n);
      const liar = node([mirrorOf("other", await sealed(two, cut))], own, undefined, { logger });
      expect(await codeOf(look(liar))).to.equal("nodes/log-mismatch");
      expect(heard, `cut at ${cut}`).to.have.length(1);
      const { evidence } = heard[0] as { evidence: string };
      const kept = JSON.parse(await readFile(evidence, "utf8")) as object[];
      const [followed, offered] = kept.map((document) => parseManifest(JSON.stringify(document)));
      for (const manifest of [followed!, offered!]) keepers.check(manifest);
      expect(followed?.digest).not.to.equal(offered?.digest);
    }
  });

  it("H1: a node that followed a false log returns to the certified one by itself, and to none that is not certified", async () => {
    const honest = await sealed();
    const expected = (await look(node([mirrorOf("honest", honest)])))?.computed;
    for (const cut of [early, 3]) {
      const own = newFolder();
      // As if it had been caught before logs were signed, or by a keeper that told it another log.
      await look(node([mirrorOf("other", await sealed(await rivalLog(strangers), cut))], own), 100n);
      const back = (certified: () => Promise<CertifiedDigest | undefined>) =>
        look(node([mirrorOf("honest", honest)], own, undefined, { certified }));
      expect(await codeOf(back(nothing))).to.equal("nodes/log-mismatch");
      const { digest = "" } = (await honest.manifestAt(100)) ?? {};
      expect((await back(() => Promise.resolve({ digest, block: 100n })))?.computed).to.deep.equal(expected);
    }
  });

  it("H1: a node that followed a false log longer than the true one returns to the certified one too, asked for it or for less", async () => {
    const honest = await sealed();
    const expected = (await look(node([mirrorOf("honest", honest)])))?.computed;
    const longer = await rivalLog(Array.from({ length: 30 }, (_, person) => `rival ${person}`));
    expect(longer.length, "the false log is longer").to.be.above(records.length);
    const certifiedAt = async (number: number): Promise<CertifiedDigest> => ({
      digest: (await honest.manifestAt(number))?.digest ?? "",
      block: BigInt(number),
    });
    for (const number of [100, 200]) {
      const own = newFolder();
      await look(node([mirrorOf("other", await sealed(longer))], own));
      const back = (certified: () => Promise<CertifiedDigest | undefined>, mirrors = [mirrorOf("honest", honest)]) =>
        look(node(mirrors, own, undefined, { certified }));
      expect(await codeOf(back(nothing))).to.equal("nodes/log-mismatch");
      // Where nobody has the certified log, nothing is left.
      const held = await certifiedAt(number);
      const absent = { ...mirrorOf("absent", honest), manifest: () => Promise.resolve(undefined) };
      expect(await codeOf(back(() => Promise.resolve(held), [absent]))).to.equal("nodes/log-mismatch");
      expect((await own.followed())?.sequence).to.equal(longer.length);
      expect((await back(() => Promise.resolve(held)))?.computed, `certified at ${number}`).to.deep.equal(expected);
    }
  });

  it("H1: a keeper cannot move a node from one log to another when both go on from the certified one", async () => {
    const honest = await sealed();
    const { digest = "" } = (await honest.manifestAt(100)) ?? {};
    const certified = () => Promise.resolve({ digest, block: 100n });
    const own = newFolder();
    await look(node([mirrorOf("honest", honest)], own), 200n);
    // The last entry exchanged for one that is as true, and more behind it.
    const grown = await rivalLog(strangers);
    const forked = [...records.slice(0, -1), ...grown.slice(0, 8)].map((record, at) => ({
      ...record,
      sequence: at + 1,
    }));
    const fork = newFolder();
    const options = { ...CHUNKS, keeper, block: 200 };
    await createSnapshot(logSource(forked as SnapshotRecord[]), fork, options);
    await createSnapshot(logSource(records), fork, { ...CHUNKS, keeper, cut: early, block: 100 });
    const error: unknown = await look(node([mirrorOf("fork", fork)], own, undefined, { certified })).catch((e) => e);
    expect(error).to.be.instanceOf(NodeError).with.property("code", "nodes/log-mismatch");
    expect((await own.followed())?.digest).to.equal((await honest.manifestAt(200))?.digest);
  });

  it("M1: entries later than the snapshot's block, or dated back, are refused", async () => {
    const honest = mirrorOf("honest", await sealed());
    const newest = Math.max(...records.map(timeOf));
    expect(await codeOf(look(node([honest]), 200n, newest - LOG_CLOCK_SKEW - 1))).to.equal("nodes/log-mismatch");
    expect(await look(node([honest]), 200n, newest - LOG_CLOCK_SKEW)).not.to.equal(undefined);
    const back = altered((record) =>
      record.kind === "accepted" ? { ...record, at: record.at - LOG_CLOCK_SKEW - 1 } : undefined,
    );
    const error: unknown = await look(node([mirrorOf("forger", await sealed(back))])).catch((e) => e);
    expect((error as NodeError).cause).to.have.property("code", "snapshots/bad-time");
  });

  it("score-log/mirrors: one that has nothing or is away delays nobody; without any there is no log", async () => {
    const folder = await sealed();
    const empty = mirrorOf("empty", newFolder());
    const down: SnapshotMirror = {
      name: "down",
      manifest: () => Promise.reject(new Error("refused")),
      manifestAt: () => Promise.reject(new Error("refused")),
      fetchChunk: () => Promise.reject(new Error("refused")),
    };
    const honest = mirrorOf("honest", folder);
    const expected = (await look(node([honest])))?.computed;
    expect((await look(node([empty, down, honest])))?.computed).to.deep.equal(expected);
    expect(await look(node([empty]))).to.equal(undefined);
    expect(await look(node([empty, down]))).to.equal(undefined);
    expect(await codeOf(look(node([down])))).to.equal("nodes/log-unavailable");
    // It offers what it does not give.
    const hollow: SnapshotMirror = { ...down, name: "hollow", manifestAt: (number) => forgedFolder.manifestAt(number) };
    const forgedFolder = await sealed(records.slice(0, -1));
    const log = node([hollow, honest]);
    expect(await codeOf(look(log))).to.equal("nodes/log-unavailable");
    expect((await look(log))?.computed).to.deep.equal(expected);
  });

  it("score-log/first-of-a-block: whoever comes at once, one snapshot stays that of the block", async () => {
    const folder = newFolder();
    const digests = Array.from({ length: 16 }, (_, n) => `0x${n.toString(16).padStart(64, "0")}`);
    const kept = await Promise.all(digests.map((digest) => folder.keepAt(5, digest)));
    expect(new Set(kept).size).to.equal(1);
    expect(await folder.keepAt(5, digests[3]!)).to.equal(kept[0]);
    expect(await folder.keepAt(6, digests[3]!)).to.equal(digests[3]);
  });
});
