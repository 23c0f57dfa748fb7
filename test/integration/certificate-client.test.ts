import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import type { FastifyInstance } from "fastify";
import type { Kysely } from "kysely";

import { makeCertificate, type Certificate } from "../../src/certificates/certificate.js";
import { certificateToJson } from "../../src/certificates/certificate-json.js";
import { scoresLeaf } from "../../src/certificates/scores-root.js";
import { DatabaseAggregatorStore } from "../../src/database/nodes/aggregator-store.js";
import { DatabaseWatcherStore } from "../../src/database/nodes/watcher-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { DatabaseLogSource } from "../../src/database/snapshot-log.js";
import type { Database } from "../../src/database/schema.js";
import { createAggregatorApp } from "../../src/http/aggregator/app.js";
import { createAggregatorMetrics } from "../../src/http/aggregator/metrics.js";
import { HttpAggregator } from "../../src/http/aggregator-client/http-aggregator.js";
import { listMirror } from "../../src/http/snapshots/list-mirror.js";
import { AlarmWebhook } from "../../src/http/watcher/alarm-webhook.js";
import { createWatcherApp } from "../../src/http/watcher/app.js";
import { createWatcherMetrics, showWatched } from "../../src/http/watcher/metrics.js";
import { parseRange } from "../../src/http/peers.js";
import type { AggregatorState } from "../../src/nodes/aggregator/machine.js";
import { SignatureReceiver } from "../../src/nodes/aggregator/receive-signature.js";
import { ClientError } from "../../src/nodes/client/errors.js";
import { proveCertifiedScore, replayCertified } from "../../src/nodes/client/prove-score.js";
import { trustedChain, verifyFromAny, verifySource } from "../../src/nodes/client/verify-source.js";
import { EpochViews } from "../../src/nodes/protocol/epoch-views.js";
import { NodeStatus } from "../../src/nodes/protocol/node-status.js";
import { certifiedScores } from "../../src/nodes/score-log/certified-scores.js";
import { WatcherMachine, type WatcherState } from "../../src/nodes/watcher/machine.js";
import { rootFromProof } from "../../src/merkle/proof.js";
import { hashScoreLeaf } from "../../src/passport/onchain/score-leaf.js";
import { silentLogger } from "../../src/shared/logger.js";
import { Secret } from "../../src/shared/secret.js";
import { createSnapshot } from "../../src/snapshots/create.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { LogReplay } from "../../src/snapshots/replay-log.js";
import { readSnapshot } from "../../src/snapshots/read-snapshot.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { FakeChain, named } from "../support/nodes/fake-chain.js";
import { AggregatorNode, SignerNode, TOY } from "../support/nodes/network.js";
import { runToEpoch, tampered } from "../support/nodes/sources.js";
import { liveThrough } from "../support/passport/history.js";
import { createPassportWorld, type PassportWorld } from "../support/passport/service.js";
import { accountOf } from "../support/passport/stamps.js";

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof ClientError ? error.code : String(error)),
  );

/** A server of a test's own on a free port of this machine. */
async function serving(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe("certificates over HTTP, from aggregators that lie and aggregators that do not", () => {
  const closers: (() => Promise<unknown> | void)[] = [];
  const chain = new FakeChain(TOY);
  let db: Kysely<Database>;
  let store: DatabaseAggregatorStore;
  let app: FastifyInstance;
  let url: string;
  let certificates: Certificate[];

  async function database(): Promise<Kysely<Database>> {
    const own: TestDatabase = await engines[0]!.create();
    const opened = await openDatabase(own.location);
    closers.push(async () => {
      await opened.destroy();
      await own.drop();
    });
    return opened;
  }

  async function listen(other: FastifyInstance): Promise<string> {
    await other.listen({ host: "127.0.0.1", port: 0 });
    closers.push(() => other.close());
    return `http://127.0.0.1:${(other.server.address() as AddressInfo).port}`;
  }

  /** An aggregator that answers as the honest one does, but for what a test changes. */
  async function liar(
    lie: (
      path: string,
      body: string,
    ) => string | { status: number; headers?: Record<string, string> } | "silence" | "break",
  ): Promise<HttpAggregator> {
    const { url: own, server } = await serving((request, response) => {
      void (async () => {
        const honest = await fetch(url + request.url, { headers: { accept: "application/json" } });
        const told = lie(request.url ?? "", await honest.text());
        if (told === "silence") return;
        if (told === "break") return void response.write('{"items":', () => request.socket.destroy());
        if (typeof told === "object") return void response.writeHead(told.status, told.headers).end();
        response.writeHead(honest.status, { "content-type": "application/json" }).end(told);
      })();
    });
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return new HttpAggregator({ url: own, timeoutMilliseconds: 400, sleep: () => Promise.resolve() });
  }

  before(async () => {
    db = await database();
    store = new DatabaseAggregatorStore(db);
    const node = new AggregatorNode("aggregator", chain, store);
    const signers = Array.from({ length: 4 }, (_, n) => new SignerNode(n, chain, [node]));
    signers.forEach(({ account }, n) => chain.stakes.set(account, 1_000n + BigInt(n)));
    await runToEpoch({ chain, signers, aggregators: [node] }, 5n);
    const clock = { now: () => node.now };
    const views = new EpochViews(chain, clock);
    const limit = { requests: 10_000, windowSeconds: 60 };
    app = (await createAggregatorApp(
      {
        ...{ software: "1.0.0", role: "leader", scores: true, agenda: { confirmations: 2n, step: 10n } },
        ...{ limits: { address: limit, signatures: limit }, bodyLimit: 65_536, allowedPeers: [], trustedProxies: [] },
        ...{ publicStamps: false, upgradeUrl: null },
      },
      {
        ...{ store, chain, views, chainClock: () => chain.clock(), snapshots: null, clock, logger: silentLogger },
        receiver: new SignatureReceiver(
          { maxMessages: 10 },
          { views, store, clock, logger: silentLogger, epoch: async () => (await chain.clock()).epoch },
        ),
        status: new NodeStatus<AggregatorState>({ name: "IDLE" }, clock),
        admit: () => Promise.resolve({ kind: "admitted" as const, quotas: [] }) as never,
        ping: () => Promise.resolve(),
        metrics: createAggregatorMetrics(),
      },
    )) as unknown as FastifyInstance;
    url = await listen(app);
    certificates = (await store.certificates({ limit: 100 })).map((stored) => stored.certificate);
  });
  after(async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  });

  const trusted = () => trustedChain(chain);

  it("certificates/client-reads-the-api: everything that an aggregator's own interface says is read and verified", async () => {
    const source = new HttpAggregator({ url: `${url}/` });
    const { report } = await verifySource(source, await trusted(), { registry: chain });
    expect(report).to.include({ ok: true, count: certificates.length });
    const page = await source.list();
    expect(page.items.map(({ hash }) => hash)).to.deep.equal(certificates.map(({ hash }) => hash));
    expect(await source.certificate("ab".repeat(32))).to.equal(undefined);
    const shares = await source.software(5n);
    expect(shares?.map(({ software, share }) => [software, share])).to.deep.equal([["1.0.0", 1]]);
    expect(await source.software(1n), "nobody signs").to.equal(undefined);
  });

  it("certificates/rogue-aggregators-are-survived: silence, breaks, floods, forgeries and nonsense, and then a good one", async () => {
    const forged = tampered(certificates[0]!, { stakeDistributionRoot: named("mine") });
    const document = JSON.stringify({ certificate: certificateToJson(forged), onChain: "anchored" });
    const huge = `{"items":[],"next":null,"padding":"${"x".repeat(2 ** 21)}"}`;
    const isOne = (path: string) => /[0-9a-f]{64}$/.test(path);
    const lies: readonly [what: string, lie: Parameters<typeof liar>[0], code: string][] = [
      ["silence", () => "silence", "client/unavailable"],
      ["a break", () => "break", "client/unavailable"],
      ["a redirect", () => ({ status: 302, headers: { location: url } }), "client/unavailable"],
      ["a failure", () => ({ status: 500 }), "client/unavailable"],
      ["no aggregator", () => ({ status: 404 }), "client/malformed-answer"],
      ["always too many requests", () => ({ status: 429, headers: { "retry-after": "1" } }), "client/unavailable"],
      ["a flood", () => huge, "client/malformed-answer"],
      ["no JSON", () => "<html>", "client/malformed-answer"],
      ["another list", () => '{"items":[{"hash":7}],"next":null}', "client/malformed-answer"],
      ["no list", () => '{"items":{},"next":null}', "client/malformed-answer"],
      ["another certificate", (path, body) => (isOne(path) ? document : body), "client/malformed-answer"],
      ["half a certificate", (path, body) => (isOne(path) ? '{"certificate":{}}' : body), "client/malformed-answer"],
    ];
    for (const [what, lie, code] of lies) {
      expect(await codeOf(verifySource(await liar(lie), await trusted())), what).to.equal(code);
    }
    const moved = forged.hash;
    const forger = await liar((path, body) => {
      if (path.endsWith(moved)) return document;
      return isOne(path) ? body : body.replaceAll(certificates[0]!.hash, moved);
    });
    const { good, rejected } = await verifyFromAny([forger, new HttpAggregator({ url })], await trusted());
    expect(good?.report.ok).to.equal(true);
    expect(rejected[0]).to.include({ source: forger.name });
  });

  it("certificates/rogue-aggregators-are-survived: another version of the interface is no answer", async () => {
    const { url: own, server } = await serving((_request, response) => {
      response.writeHead(200, { "touchstone-api-version": "3.0.0" }).end('{"items":[],"next":null}');
    });
    closers.push(() => void server.close());
    const problem = await new HttpAggregator({ url: own }).list().catch((error: Error) => error.message);
    expect(problem).to.match(/speaks version 3.0.0/);
  });

  it("certificates/client-waits-where-asked: after as long as the aggregator says, and then goes on", async () => {
    let asked = 0;
    const { url: own, server } = await serving((_request, response) => {
      asked += 1;
      if (asked < 3) response.writeHead(429, { "retry-after": "7" }).end();
      else response.end('{"items":[],"next":null}');
    });
    closers.push(() => void server.close());
    const slept: number[] = [];
    const sleep = (time: number) => Promise.resolve(void slept.push(time));
    expect((await new HttpAggregator({ url: own, sleep }).list()).items).to.deep.equal([]);
    expect(slept).to.deep.equal([7_000, 7_000]);
  });

  it("watcher/tells-over-http: an alarm is kept in the database, posted until it is taken, and shown", async () => {
    const kept = await database();
    const posts: { status: string; kind: string; registry: string }[] = [];
    let refusals = 3;
    const { url: hook, server } = await serving((request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => (body += piece.toString()));
      request.on("end", () => {
        if (refusals-- > 0) return void response.writeHead(503).end();
        posts.push(JSON.parse(body) as (typeof posts)[0]);
        response.writeHead(204).end();
      });
    });
    closers.push(() => void server.close());
    let lies = true;
    const forged = makeCertificate({ ...tampered(certificates[0]!, { stakeDistributionRoot: named("mine") }) });
    const forger = await liar((path, body) => {
      if (!lies) return body;
      if (path.endsWith(forged.hash)) return JSON.stringify({ certificate: certificateToJson(forged) });
      return body.replaceAll(certificates[0]!.hash, forged.hash);
    });
    const machine = () =>
      new WatcherMachine(
        { window: 8n, grace: 1n, minimumShare: 0.1, minimumBits: 0 },
        {
          chain,
          sources: [forger, new HttpAggregator({ url })],
          store: new DatabaseWatcherStore(kept),
          receiver: new AlarmWebhook({
            url: new Secret(`${hook}/path-is-a-password`),
            registry: "31337:0xc0",
            pauses: [1],
          }),
          clock: { now: () => 1_700_000_000_000 },
          logger: silentLogger,
        },
      );
    const look = async (): Promise<WatcherState> => {
      const own = machine();
      return own.step(await own.step(own.initial));
    };
    await look();
    expect(posts, "two requests, both refused").to.deep.equal([]);
    const state = await look();
    expect(posts).to.have.length(1);
    expect(posts[0]).to.include({ status: "raised", kind: "invalid-certificate", registry: "31337:0xc0" });
    await look();
    expect(posts, "told once").to.have.length(1);

    const status = new NodeStatus<WatcherState>(state, { now: () => 1 });
    const metrics = createWatcherMetrics();
    showWatched(metrics, status, 1_700_000_000);
    const text = await metrics.registry.metrics();
    expect(text).to.contain('touchstone_watcher_alarms{kind="invalid-certificate"} 1');
    expect(text).to.contain('touchstone_watcher_alarms{kind="fork"} 0');
    expect(text).to.match(/touchstone_watcher_software_share\{aggregator="127[^}]*software="1.0.0"\} 1/);
    const shown = await createWatcherApp(
      { software: "1.0.0", registry: "31337:0xc0", allowedPeers: [parseRange("127.0.0.0/8")!] },
      { status, metrics, logger: silentLogger },
    );
    const own = await listen(shown as unknown as FastifyInstance);
    const report = (await (await fetch(`${own}/v1/status`)).json()) as {
      watched: { alarms: unknown[]; epoch: string };
    };
    expect(report.watched.epoch).to.equal("5");
    expect(report.watched.alarms).to.have.length(1);
    expect((await fetch(`${own}/metrics`)).status).to.equal(200);
    expect((await fetch(`${own}/nothing`)).status).to.equal(404);

    lies = false;
    const after = await look();
    expect(after.name === "WATCHING" && after.watched?.alarms).to.deep.equal([]);
    expect(posts.at(-1)).to.include({ status: "cleared", kind: "invalid-certificate" });
  });
});

describe("the proof of a certified score", () => {
  let world: PassportWorld;
  let home: string;
  let folder: SnapshotFolder;
  let scorer: number;
  let digest: string;
  before(async () => {
    world = await createPassportWorld(engines[0]!, { page: 2 });
    ({
      scorers: [scorer = 0],
    } = await liveThrough(world));
    home = await mkdtemp(path.join(tmpdir(), "touchstone-prove-"));
    folder = new SnapshotFolder(home);
    const { manifest } = await createSnapshot(new DatabaseLogSource(world.db), folder, { chunkSequences: 8 });
    digest = manifest.digest;
  });
  after(async () => {
    await world.close();
    await rm(home, { recursive: true, force: true });
  });

  it("certificates/anyone-proves-a-score: from the snapshot alone, root and leaf as the passport registry hashes them", async () => {
    const block = { number: 70n, timestamp: BigInt(world.time.now) };
    const registry = { chainId: 1n, address: `0x${"5a".repeat(20)}` };
    const another = `0x${"5b".repeat(20)}`;
    const agreed = { scorers: new Map([[scorer, 5n]]), registry, maxLifetime: 7_776_000 };
    const replay = new LogReplay({ trust: null });
    const manifest = (await folder.manifest(digest))!;
    for await (const { records } of readSnapshot(folder, manifest)) for (const one of records) replay.apply(one);
    const { root } = certifiedScores(replay, block, agreed)!.tree;
    const certificate = (scoresRoot: string): Certificate => {
      const draft = {
        ...{ previousHash: "00".repeat(32), epoch: 9n, parameters: TOY },
        aggregateKey: { root: Buffer.alloc(32, 1), leaves: 1, totalStake: 1n },
        metadata: { protocolVersion: "1", initiatedAt: 1n, sealedAt: 1n, signers: [] },
      };
      const scores = { scoresRoot, snapshotDigest: digest, snapshotBlock: 70n };
      return makeCertificate({
        ...draft,
        content: {
          ...{ kind: "multisignature", entity: { kind: "scores", epoch: 9n, block: 70n, chunk: 1n }, proof: "00" },
          message: {
            ...{
              scores,
              stakeDistributionRoot: named("stakes"),
              nextParametersHash: "ab".repeat(32),
              currentEpoch: 9n,
            },
            registry: { chainId: 1n, address: `0x${"c0".repeat(20)}` },
          },
        },
      });
    };
    const signed = certificate(root);
    const scores = await replayCertified(folder, signed, block, agreed);
    const { anchorCertified, submitScore } = proveCertifiedScore(signed, scores, 5n, accountOf("alice"));
    const { anchor } = anchorCertified;
    const entry = scores.scorers.get(5n)!.entry;
    const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;
    expect(rootFromProof(hex(scoresLeaf(entry)), anchorCertified.proof)).to.equal(root);
    expect(rootFromProof(hashScoreLeaf(submitScore), submitScore.proof)).to.equal(anchor.root);
    expect(anchor).to.include({ scorerId: 5n, epoch: 9n, issuedAt: block.timestamp });
    expect(submitScore.account).to.equal(accountOf("alice").toLowerCase());

    const refusals: readonly [() => Promise<unknown>, string][] = [
      [() => replayCertified(folder, certificate(named("another")), block, agreed), "client/scores-differ"],
      [() => replayCertified(folder, signed, { ...block, timestamp: 1n }, agreed), "client/scores-differ"],
      [() => replayCertified(folder, signed, { ...block, number: 71n }, agreed), "client/scores-differ"],
      [
        () => replayCertified(folder, signed, block, { ...agreed, scorers: new Map([[scorer, 6n]]) }),
        "client/scores-differ",
      ],
      // L7: the same scores of another registry, or on another chain, are not what was certified.
      [
        () => replayCertified(folder, signed, block, { ...agreed, registry: { ...registry, chainId: 2n } }),
        "client/scores-differ",
      ],
      [
        () => replayCertified(folder, signed, block, { ...agreed, registry: { ...registry, address: another } }),
        "client/scores-differ",
      ],
      [
        () => replayCertified(new SnapshotFolder(path.join(home, "empty")), signed, block, agreed),
        "client/scores-differ",
      ],
    ];
    for (const [work, code] of refusals) expect(await codeOf(work())).to.equal(code);
    const missing = (scorerId: bigint, name: string) => () =>
      proveCertifiedScore(signed, scores, scorerId, accountOf(name));
    expect(missing(6n, "alice")).to.throw(/covers no scores of scorer 6/);
    expect(missing(5n, "nobody at all")).to.throw(/never had a score/);
  });

  it("snapshot/a-mirror-lists: what a mirror says is read member by member", async () => {
    const item = { digest, sequence: 3, epoch: null, block: 70, compressed: { scores: 10, stamps: 20 } };
    let body = JSON.stringify({ items: [item] });
    const { url, server } = await serving((_request, response) => response.end(body));
    try {
      expect(await listMirror(`${url}/`)).to.deep.equal([{ ...item, compressed: 30 }]);
      for (const change of [{ digest: "0x1" }, { sequence: -1 }, { block: "7" }, { compressed: { scores: "x" } }]) {
        body = JSON.stringify({ items: [{ ...item, ...change }] });
        expect(await codeOf(listMirror(url))).to.not.equal("none");
      }
    } finally {
      server.close();
    }
  });
});
