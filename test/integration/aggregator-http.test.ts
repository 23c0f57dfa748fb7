import { expect } from "chai";

import { certificateFromJson } from "../../src/certificates/certificate-json.js";
import { verifyCertificates } from "../../src/certificates/verify.js";
import { EpochViews } from "../../src/nodes/protocol/epoch-views.js";
import { signatureToJson, type SignatureMessage } from "../../src/nodes/protocol/signature-message.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { aggregatorApp, createAggregatorWorld, type ServiceOptions } from "../support/nodes/aggregator-service.js";
import { FakeChain } from "../support/nodes/fake-chain.js";
import { stepAll, TOY } from "../support/nodes/network.js";

type World = Awaited<ReturnType<typeof createAggregatorWorld>>;
type Json = Record<string, never>;

// The stores behind it are tested on every engine; its own behaviour is the same on all.
for (const engine of engines.slice(-1)) {
  describe(`the aggregator's HTTP interface, on ${engine.name}`, () => {
    let database: TestDatabase | undefined;
    let world: World | undefined;

    async function create(options: ServiceOptions = {}): Promise<World> {
      database = await engine.create();
      world = await createAggregatorWorld(database.location, options);
      return world;
    }

    afterEach(async () => {
      await world?.close();
      await database?.drop();
      [world, database] = [undefined, undefined];
    });

    /** What a steward signs about the stake distribution of epoch 3, while it cannot reach the aggregator. */
    async function signed({ signers }: World, n = 0): Promise<SignatureMessage> {
      const signer = signers[n]!;
      signer.cutFrom({ name: "aggregator" } as never);
      await stepAll([signer], 4);
      return (await signer.signed.signed("stake-distribution-3"))!;
    }

    it("aggregator/reception: stores a signature of an open message, buffers an early one, and says when it is too late", async () => {
      const all = await create();
      const { post, node, signers } = all;
      const early = await post(signatureToJson(await signed(all, 0)));
      expect([early.statusCode, early.json()]).to.deep.equal([202, { status: "buffered" }]);
      await stepAll([node], 2);
      expect(node.state.name).to.equal("SIGNING");
      const late = await signed(all, 1);
      const stored = await post(signatureToJson(await signed(all, 2)));
      expect([stored.statusCode, stored.json()]).to.deep.equal([201, { status: "stored" }]);
      await stepAll([...signers.slice(3), node], 4);
      expect(await all.store.isCertified("stake-distribution-3")).to.equal(true);
      const closed = await post(signatureToJson(late));
      expect([closed.statusCode, closed.json<Json>().code]).to.deep.equal([410, "nodes/message-closed"]);
    });

    /** How often the chain was asked about registrations of an epoch: what is dear about showing one. */
    function countReads({ chain }: World) {
      const asked = { registrations: 0, seals: 0, now: 0, most: 0 };
      const { registrationsOf, sealOf } = chain;
      chain.registrationsOf = async (epoch) => {
        asked.registrations += 1;
        asked.most = Math.max(asked.most, (asked.now += 1));
        await new Promise((resolve) => setImmediate(resolve));
        asked.now -= 1;
        return registrationsOf.call(chain, epoch);
      };
      chain.sealOf = (epoch) => {
        asked.seals += 1;
        return sealOf.call(chain, epoch);
      };
      return asked;
    }

    /** The interface as after a restart: it has read nothing of the chain yet. */
    async function freshApp({ chain, node, store, db }: World) {
      const { app } = await aggregatorApp(chain, node, store, db);
      const get = async (url: string) => {
        const answer = await app.inject({ url });
        return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
      };
      return { get, close: () => app.close() };
    }

    it("M5: an epoch that is over is read once, whoever asks and how often; one outside of the clock asks the chain nothing", async () => {
      const all = await create();
      const { node, signers, chain } = all;
      for (let n = 0; n < 5; n++) {
        await stepAll([...signers, node], 4);
        chain.nextEpoch();
        await stepAll([node], 2);
      }
      const { get, close } = await freshApp(all);
      const asked = countReads(all);
      const answers = await Promise.all(Array.from({ length: 20 }, () => get("/v1/epochs/3")));
      for (const { status, body } of answers) {
        expect(status).to.equal(200);
        expect(body).to.include({ epoch: "3", status: "sealed", totalStake: "6000" });
      }
      const once = { ...asked };
      expect(once.registrations, "of this epoch and of the next one").to.be.at.most(2);
      for (let later = 0; later < 5; later++) {
        node.now += 60_000;
        expect((await get("/v1/epochs/3")).body).to.deep.equal(answers[0]!.body);
      }
      expect(asked).to.deep.equal(once);
      for (const outside of ["9", "999999999999999", "latest-8", "latest-999999"]) {
        expect((await get(`/v1/epochs/${outside}`)).status, outside).to.equal(404);
      }
      expect(asked).to.deep.equal(once);

      // Of epochs in which nobody could sign, that is known once and for all.
      chain.epoch = 100n;
      const { registrations } = asked;
      const askedFor: bigint[] = [];
      chain.sealOf = (epoch) => (askedFor.push(epoch), Promise.resolve({ status: "blocked" }));
      for (let walk = 0; walk < 2; walk++) {
        for (let epoch = 20; epoch < 80; epoch++) {
          const { body } = await get(`/v1/epochs/${epoch}`);
          expect(body).to.deep.equal({ epoch: `${epoch}`, status: "blocked" });
        }
        node.now += 60_000;
      }
      expect(askedFor.length, "its own seal and the next one's").to.equal(2 * 60);
      expect(asked.registrations).to.equal(registrations);
      await close();
    });

    it("M5: a walk through the past reads one epoch at a time, and takes nothing from the node's own", async () => {
      const views = new EpochViews(new FakeChain(TOY), { now: () => 0 });
      const all = await create();
      for (let n = 0; n < 6; n++) {
        await stepAll([...all.signers, all.node], 4);
        all.chain.nextEpoch();
        await stepAll([all.node], 2);
      }
      const own = new EpochViews(all.chain, { now: () => 0 });
      await own.read(all.chain.epoch);
      const asked = countReads(all);
      const found = await Promise.all([3n, 4n, 5n, 6n, 3n].map((epoch) => own.visit(epoch)));
      expect(found.map(({ epoch }) => epoch)).to.deep.equal([3n, 4n, 5n, 6n, 3n]);
      expect(asked.most, "an epoch's own registrations and the next one's").to.be.at.most(2);
      const { registrations } = asked;
      await own.read(all.chain.epoch);
      expect(asked.registrations).to.equal(registrations);
      const crowd = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => views.visit(BigInt(n + 1))));
      const refused = crowd.filter((one) => one.status === "rejected");
      expect(refused.length).to.be.above(0);
      for (const { reason } of refused) expect(reason).to.have.property("code", "nodes/epoch-not-ready");
    });

    it("aggregator/one-signature-of-a-steward: keeps one signature of a steward, whatever it is labelled, and unites its indices", async () => {
      const all = await create();
      const { post, node, store } = all;
      await stepAll([node], 2);
      const whole = await signed(all);
      const { indexes } = whole.signature;
      const part = (from: number, to: number) =>
        signatureToJson({ ...whole, signature: { ...whole.signature, indexes: indexes.slice(from, to) } });
      // Somebody who overheard it sends a part of it first, and under another name.
      expect((await post({ ...part(0, 1), entity: "scores-3-999999-1" })).statusCode).to.equal(201);
      expect((await post(part(0, 1))).statusCode).to.equal(201);
      expect((await post(signatureToJson(whole))).statusCode).to.equal(201);
      const kept = await store.signatures(whole.message);
      expect(kept.map(({ signature }) => signature.indexes)).to.deep.equal([indexes]);
      expect(await store.countSigned(3n, whole.steward)).to.equal(1);
      // With the known σ an index that was not won is refused, too, and so is another σ.
      const lost = Array.from({ length: 100 }, (_, i) => i).find((i) => !indexes.includes(i))!;
      const claim = (changes: object) => post({ ...signatureToJson(whole), ...changes });
      expect((await claim({ indexes: [lost] })).json<Json>().code).to.equal("nodes/invalid-signature");
      // The lotteries of another σ may be won, too: it is no less another one.
      const { signature: other } = await signed(all, 1);
      const sigma = Buffer.from(other.sigma).toString("hex");
      for (const index of other.indexes) {
        const answer = await claim({ sigma, indexes: [index] });
        expect(answer.json<Json>().code).to.equal("nodes/invalid-signature");
      }
    });

    it("aggregator/refusals-have-codes: refuses what does not verify, each with its code", async () => {
      const all = await create();
      const document = signatureToJson(await signed(all));
      const other = signatureToJson(await signed(all, 1));
      const cases: [object, number, string][] = [
        [{ ...document, extra: 1 }, 400, "http/invalid-request"],
        [{ ...document, sigma: "00" }, 400, "http/invalid-request"],
        [{ ...document, indexes: [] }, 400, "http/invalid-request"],
        [{ ...document, entity: "stake-distribution-2" }, 422, "nodes/wrong-message"],
        [{ ...document, entity: "scores-3-1" }, 422, "nodes/wrong-message"],
        [{ ...document, epoch: "9", entity: "stake-distribution-9" }, 422, "nodes/wrong-message"],
        [{ ...document, epoch: "4", entity: "stake-distribution-4" }, 503, "nodes/epoch-not-ready"],
        [{ ...document, epoch: "2", entity: "stake-distribution-2" }, 410, "nodes/message-closed"],
        [{ ...document, steward: other.steward }, 422, "nodes/unknown-party"],
        [{ ...document, signerIndex: 77 }, 422, "nodes/unknown-party"],
        [{ ...document, message: "00".repeat(32) }, 422, "nodes/invalid-signature"],
        [{ ...document, sigma: other.sigma }, 422, "nodes/invalid-signature"],
        [{ ...document, indexes: [100] }, 422, "nodes/invalid-signature"],
      ];
      for (const [payload, status, code] of cases) {
        const answer = await all.post(payload);
        expect([answer.statusCode, answer.json<Json>().code], JSON.stringify(payload)).to.deep.equal([status, code]);
        expect(answer.headers["content-type"]).to.match(/^application\/problem\+json/);
      }
      const retry = await all.post({ ...document, epoch: "4", entity: "stake-distribution-4" });
      expect(retry.headers["retry-after"]).to.equal("5");
      expect(await all.store.countSigned(3n, String(document.steward))).to.equal(0);
    });

    it("aggregator/bounded-messages: keeps a bounded number of messages of a steward", async () => {
      const all = await create({ maxMessages: 1 });
      const { node, signers, chain, post } = all;
      await stepAll([node, ...signers], 5);
      expect(chain.certified.has(3n)).to.equal(true);
      chain.mine(40n);
      const [signer] = signers as [(typeof signers)[0]];
      signer.cutFrom({ name: "aggregator" } as never);
      await stepAll([signer], 2);
      const all3 = await signer.signed.unpublished(3n);
      const pending = all3.find(({ signature }) => signature.entity.startsWith("scores-"));
      const answer = await post(signatureToJson(pending!.signature));
      expect([answer.statusCode, answer.json<Json>().code]).to.deep.equal([429, "nodes/too-many-messages"]);
    });

    it("aggregator/limited-by-address: limits signatures by address, before their body is read", async () => {
      const { post, get } = await create({ signatureLimit: 2 });
      const codes = [];
      for (let n = 0; n < 3; n++) codes.push((await post({})).json<Json>().code);
      expect(codes).to.deep.equal(["http/invalid-request", "http/invalid-request", "http/rate-limited"]);
      expect((await get("/v1/status")).status).to.equal(200);
    });

    it("aggregator/version-negotiation: names its version, and refuses nodes of another with what would do", async () => {
      const { inject } = await create();
      const ask = (version?: string) =>
        inject({ url: "/v1/status", headers: version === undefined ? {} : { "touchstone-api-version": version } });
      expect((await ask()).headers["touchstone-api-version"]).to.equal("2.0.0");
      expect((await ask("2.0.7")).statusCode).to.equal(200);
      for (const version of ["3.0.0", "1.0.0", "2.1.0", "new"]) {
        const answer = await ask(version);
        expect(answer.statusCode, version).to.equal(412);
        expect(answer.json()).to.include({
          ...{ code: "nodes/version-mismatch", server: "2.0.0", minimum: "2.0.0" },
          upgradeUrl: "https://releases.example.org",
        });
      }
    });

    it("aggregator/explorer-data: shows all that an explorer needs", async () => {
      const all = await create();
      const { node, signers, chain, get, inject } = all;
      await stepAll([node, ...signers], 7);
      chain.mine(40n);
      await stepAll([node], 1);
      await stepAll(signers.slice(0, 1), 1);
      await stepAll([node], 1);
      const messages = (await get("/v1/messages")).body.items as unknown as Json[];
      expect(messages).to.have.length(1);
      expect(messages[0]).to.include({ quorum: "30" });
      expect(messages[0]!.signers).to.deep.equal([signers[0]!.account]);

      const { body: epoch } = await get("/v1/epochs/latest");
      const parameters = epoch.parameters as { security: { unsafe: boolean } };
      expect(parameters.security.unsafe, "toy parameters").to.equal(true);
      const shown = epoch.signers as unknown as Json[];
      expect(shown).to.have.length(5);
      const mine = shown.find(({ steward }) => steward === signers[0]!.account)!;
      expect(mine).to.include({ stake: "1000", share: 0.166666, verified: true, software: "1.0.0" });
      expect(mine.messages).to.equal(await all.store.countSigned(3n, signers[0]!.account));
      expect(mine.messages).to.be.above(1);
      expect(epoch.totalStake).to.equal("6000");
      expect((epoch.software as unknown as Json[])[0]).to.include({ software: "1.0.0" });
      expect((await get("/v1/epochs/latest-2")).body).to.include({ epoch: "1", status: "too-early" });
      for (const unknown of ["latest-3", "4"]) expect((await get(`/v1/epochs/${unknown}`)).status).to.equal(404);
      expect((await get("/v1/epochs/0")).status).to.equal(400);

      await stepAll([...signers, node], 4);
      const { body: newest } = await get("/v1/certificates?limit=2");
      const items = newest.items as unknown as { hash: string; kind: string; onChain: string }[];
      expect(items.map(({ kind, onChain }) => [kind, onChain])).to.deep.equal([
        ["scores", "anchored"],
        ["scores", "anchored"],
      ]);
      const { body: older } = await get(`/v1/certificates?before=${String(newest.next)}`);
      const first = older.items as unknown as typeof items;
      expect([first.map(({ kind }) => kind), older.next]).to.deep.equal([["stake-distribution", "genesis"], null]);
      const { body: genesis } = await get("/v1/certificates/genesis");
      const certificates = [genesis.certificate];
      for (const { hash } of [...items, first[0]!])
        certificates.push((await get(`/v1/certificates/${hash}`)).body.certificate);
      const parsed = certificates.map((document) => certificateFromJson(document, "certificate"));
      const anchors = await chain.anchors();
      expect(verifyCertificates(parsed, { registry: chain.registry, anchors }).ok).to.equal(true);
      expect((await get(`/v1/certificates/${"00".repeat(32)}`)).status).to.equal(404);

      const { body: status } = await get("/v1/status");
      expect(status).to.deep.include({ role: "leader", openMessages: 0, apiVersion: "2.0.0" });
      expect(status.chain).to.include({ epoch: "3", lastCertified: "3" });
      expect((await inject({ url: "/docs/json" })).json<Json>()).to.have.nested.property("paths./v1/signatures");
      expect((await inject({ url: "/metrics" })).body).to.include("touchstone_aggregator_signatures_total");
      const stranger = await inject({ url: "/metrics", remoteAddress: "192.0.2.1" });
      expect(stranger.statusCode).to.equal(403);
      expect((await inject({ url: "/ready" })).json()).to.include({ ready: true });
      chain.down = true;
      expect((await inject({ url: "/ready" })).json()).to.include({ ready: false, chain: "unavailable" });
      expect((await get("/v1/status")).body.chain).to.equal(null);
    });
  });
}
