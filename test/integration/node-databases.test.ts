import { expect } from "chai";
import type { Kysely } from "kysely";

import { verifyCertificates } from "../../src/certificates/verify.js";
import { DatabaseAggregatorStore } from "../../src/database/nodes/aggregator-store.js";
import { DatabaseSignedStore } from "../../src/database/nodes/signed-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import type { Database } from "../../src/database/schema.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { FakeChain } from "../support/nodes/fake-chain.js";
import { AggregatorNode, SignerNode, stepAll, TOY } from "../support/nodes/network.js";

for (const engine of engines) {
  describe(`the nodes' databases, on ${engine.name}`, () => {
    const databases: TestDatabase[] = [];
    const open: Kysely<Database>[] = [];

    async function start(database: TestDatabase): Promise<Kysely<Database>> {
      const db = await openDatabase(database.location);
      open.push(db);
      return db;
    }
    async function create(): Promise<TestDatabase> {
      const database = await engine.create();
      databases.push(database);
      return database;
    }

    afterEach(async () => {
      for (const db of open.splice(0)) await db.destroy();
      for (const database of databases.splice(0)) await database.drop();
    });

    it("carry a network over epochs and restarts to an unbroken chain", async () => {
      const chain = new FakeChain(TOY);
      const [ofAggregator, ofSigner] = [await create(), await create()];
      let [aggregatorDb, signerDb] = [await start(ofAggregator), await start(ofSigner)];
      const aggregator = new AggregatorNode("aggregator", chain, new DatabaseAggregatorStore(aggregatorDb));
      const signers = Array.from({ length: 4 }, (_, n) => new SignerNode(n, chain, [aggregator]));
      signers.forEach(({ account }, n) => chain.stakes.set(account, 1_000n + BigInt(n)));
      const [kept] = signers as [SignerNode];
      kept.signed = new DatabaseSignedStore(signerDb);
      kept.restart();
      const nodes = [...signers, aggregator];
      await stepAll(nodes, 2);
      for (let epoch = 2; epoch <= 5; epoch++) {
        chain.nextEpoch();
        await stepAll([aggregator, ...signers], 4);
        // Both processes end and begin again over what is on disk.
        await aggregatorDb.destroy();
        await signerDb.destroy();
        [aggregatorDb, signerDb] = [await start(ofAggregator), await start(ofSigner)];
        aggregator.store = new DatabaseAggregatorStore(aggregatorDb);
        kept.signed = new DatabaseSignedStore(signerDb);
        aggregator.restart();
        kept.restart();
        chain.mine(40n);
        await stepAll(nodes, 6);
        if (epoch >= 3)
          expect(chain.certified.get(BigInt(epoch))?.scoresRoot, `epoch ${epoch}`).not.to.equal(undefined);
      }
      const stored = await aggregator.store.certificates({ limit: 100 });
      const certificates = stored.map(({ certificate }) => certificate).reverse();
      expect(stored.map(({ outcome }) => outcome)).not.to.include(null);
      const trusted = { registry: chain.registry, anchors: await chain.anchors() };
      expect(verifyCertificates(certificates, trusted).ok).to.equal(true);
      expect(certificates).to.have.length(1 + 3 * 2);
      const messages = new Map<string, string>();
      for (const { entity, message } of kept.sent) {
        expect(messages.get(entity) ?? message).to.equal(message);
        messages.set(entity, message);
      }
      await aggregator.store.prune(5n);
      expect(await aggregator.store.participation(4n)).to.have.length(0);
      expect(await aggregator.store.participation(5n)).not.to.have.length(0);
      expect(await aggregator.store.firstOf(3n), "certificates are the chain and stay").not.to.equal(undefined);
    });

    it("keep the first signature about an entity, and no second one", async () => {
      const store = new DatabaseSignedStore(await start(await create()));
      const signature = (message: string) => ({
        epoch: 3n,
        entity: "scores-3-40-4",
        message: message.repeat(64),
        steward: `0x${"11".repeat(20)}`,
        signature: { sigma: Buffer.alloc(48, 1), indexes: [1, 5], signerIndex: 2 },
        software: "1.0.0",
      });
      expect(await store.save(signature("a"))).to.equal(true);
      expect(await store.save(signature("b"))).to.equal(false);
      expect((await store.signed("scores-3-40-4"))?.message).to.equal("a".repeat(64));
      expect(await store.lastSnapshotBlock(3n)).to.equal(40n);
      expect(await store.lastSnapshotBlock(4n)).to.equal(-1n);
      await store.published("scores-3-40-4", "one");
      await store.published("scores-3-40-4", "one");
      expect((await store.unpublished(3n)).map(({ publishers }) => publishers)).to.deep.equal([["one"]]);
      await store.passOver({ kind: "scores", epoch: 3n, block: 50n, chunk: 5n });
      expect(await store.isSettled("scores-3-50-5")).to.equal(true);
      expect(await store.signed("scores-3-50-5")).to.equal(undefined);
      expect(await store.unpublished(3n)).to.have.length(1);
      await store.prune(4n);
      expect(await store.isSettled("scores-3-40-4")).to.equal(false);
    });
  });
}
