import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";

import { DatabaseAnchorStore } from "../../src/database/database-anchor-store.js";
import { rootFromProof } from "../../src/merkle/proof.js";
import { anchorDigest, anchorDomain, hashRules } from "../../src/passport/onchain/anchor-typed-data.js";
import { hashScoreLeaf } from "../../src/passport/onchain/score-leaf.js";
import { recoverSigner } from "../../src/passport/signature.js";
import { engines } from "../support/databases.js";
import {
  createPassportWorld,
  keyOf,
  REGISTRY,
  scorerOf,
  simpleRules,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, NOW } from "../support/passport/stamps.js";

const DAY = 86_400;
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "nothing thrown",
    (error: { code: string }) => error.code,
  );

for (const engine of engines) {
  describe(`anchoring a scorer's scores, on ${engine.name}`, () => {
    let world: PassportWorld;
    let id: number;
    const people = ["alice", "bob", "carol", "dave"];

    before(async () => {
      world = await createPassportWorld(engine);
      ({ id } = await scorerOf(world));
    });
    after(() => world?.close());

    it("has nothing to anchor before anybody has a score", async () => {
      expect(await codeOf(world.anchors.prepareAnchor(id))).to.equal("scoring/not-linked");
      await world.service.linkRegistry(id, BigInt(id));
      expect(await codeOf(world.service.linkRegistry(id, 7n))).to.equal("scoring/already-linked");
      const other = await scorerOf(world);
      expect(await codeOf(world.service.linkRegistry(other.id, BigInt(id)))).to.equal("scoring/already-linked");
      expect(await codeOf(world.anchors.prepareAnchor(id))).to.equal("scoring/nothing-to-anchor");
      expect(await codeOf(world.anchors.proofOf(id, accountOf("alice")))).to.equal("scoring/not-anchored");
    });

    it("signs a root over all scores, and proves each leaf as the registry hashes it", async () => {
      for (const name of people) {
        await world.service.submit(id, accountOf(name).toLowerCase(), [await stampOf(accountOf(name))]);
      }
      // A duplicate has no score and no leaf.
      await world.service.submit(id, accountOf("eve").toLowerCase(), [
        await stampOf(accountOf("eve"), "Google", accountOf("alice")),
      ]);
      const anchor = await world.anchors.prepareAnchor(id);
      const { definition } = anchor;
      expect(anchor).to.deep.include({
        scorerId: BigInt(id),
        number: 1,
        count: 4n,
        issuedAt: BigInt(NOW),
        threshold: 10_000,
      });
      expect(anchor).to.deep.include({ uri: `ipfs://${id}/1`, rulesHash: hashRules(10_000, definition) });
      const digest = anchorDigest(anchorDomain(1n, REGISTRY), anchor);
      expect(recoverSigner(Buffer.from(digest.slice(2), "hex"), anchor.signature)).to.equal(world.signer.address);
      for (const name of people) {
        const proof = await world.anchors.proofOf(id, accountOf(name));
        expect(proof).to.deep.include({ account: accountOf(name), score: 10_000, expiresAt: BigInt(NOW + 90 * DAY) });
        expect(rootFromProof(hashScoreLeaf(proof), proof.proof)).to.equal(anchor.root);
      }
      expect(await codeOf(world.anchors.proofOf(id, accountOf("eve")))).to.equal("scoring/not-anchored");
    });

    it("keeps whoever lost a score in the next tree, with zero, and the old tree provable", async () => {
      await world.service.release(id, accountOf("bob").toLowerCase(), "Google");
      world.time.now += 10;
      const second = await world.anchors.prepareAnchor(id);
      expect(second).to.deep.include({ number: 2, count: 4n });
      const dropped = await world.anchors.proofOf(id, accountOf("bob"));
      expect([dropped.score, dropped.rootNumber]).to.deep.equal([0, 2]);
      expect(rootFromProof(hashScoreLeaf(dropped), dropped.proof)).to.equal(second.root);
      expect((await world.anchors.proofOf(id, accountOf("bob"), 1)).score).to.equal(10_000);
      // Everybody's score has ended, and everybody is still there.
      world.time.now += 91 * DAY;
      const third = await world.anchors.prepareAnchor(id);
      const { scores } = await world.anchors.scores(id);
      expect([...scores].map(({ score }) => score)).to.deep.equal([0, 0, 0, 0]);
      expect(third.number).to.equal(3);
    });

    it("refuses to sign scores of older rules under the newest, and replaces a root that never landed", async () => {
      await world.service.addVersion(id, simpleRules({ threshold: "2" }), { author: "council", reason: "harder" });
      expect(await codeOf(world.anchors.prepareAnchor(id))).to.equal("scoring/stale-scores");
      await world.rescorer.run(id, { author: "council", reason: "harder" });
      const anchor = await world.anchors.prepareAnchor(id, { number: 3 });
      expect([anchor.number, anchor.threshold]).to.deep.equal([3, 20_000]);
      expect((await world.anchors.anchor(id)).root).to.equal(anchor.root);
    });

    it("passport/redelivered-anchor-keeps-its-tree: a piece of work that comes twice replaces nothing, and names what it may", async () => {
      const { id: own } = await scorerOf(world);
      await world.service.linkRegistry(own, 2000n + BigInt(own));
      const score = async (name: string) => {
        const stamp = await stampOf(accountOf(name), "Google", `late ${name}`, world.time.now);
        await world.service.submit(own, accountOf(name).toLowerCase(), [stamp]);
        world.time.now += 10;
      };
      await score("heidi");
      const note = await world.anchors.noteAnchor(own);
      expect(note).to.deep.equal({ number: 1, replaces: null });
      await world.anchors.prepareLater(own, note);
      const first = await world.anchors.anchor(own, 1);
      // The root goes to the registry; somebody is scored; the queue delivers the piece again, here and elsewhere at once.
      await score("ivan");
      const other = await world.another();
      await Promise.all([world.anchors.prepareLater(own, note), other.anchors.prepareLater(own, note)]);
      expect(await world.anchors.anchor(own, 1)).to.deep.equal(first);
      // Who names the root that is there may replace it, once.
      const again = await world.anchors.noteAnchor(own, 1);
      expect(again).to.deep.equal({ number: 1, replaces: first.root });
      await world.anchors.prepareLater(own, again);
      const second = await world.anchors.anchor(own, 1);
      expect([second.root === first.root, second.count]).to.deep.equal([false, 2]);
      await score("judy");
      await world.anchors.prepareLater(own, again);
      expect(await world.anchors.anchor(own, 1)).to.deep.equal(second);
    });

    it("passport/anchor-gives-way-to-whom-it-names: a root replaces the one it was told of, and no other", async () => {
      const { id: own } = await scorerOf(world);
      await world.service.linkRegistry(own, 3000n + BigInt(own));
      const scored = async (name: string) => {
        const stamp = await stampOf(accountOf(name), "Google", `named ${name}`, world.time.now);
        await world.service.submit(own, accountOf(name).toLowerCase(), [stamp]);
        const { root } = await world.anchors.prepareAnchor(own, { number: 1 });
        return { root, anchor: await world.anchors.anchor(own, 1) };
      };
      const store = new DatabaseAnchorStore(world.db);
      const first = await scored("kim");
      const tree = await store.tree(first.anchor);
      const second = await scored("leo");
      expect(second.root).not.to.equal(first.root);
      // Somebody's piece of work comes between the look at the number and the writing: nothing was there, or another root.
      for (const replaces of [null, first.root]) {
        expect(await store.saveAnchor(first.anchor, tree, replaces), String(replaces)).to.equal(false);
        expect((await store.anchor(own, 1))?.root).to.equal(second.root);
      }
      expect(await store.saveAnchor(first.anchor, tree, second.root)).to.equal(true);
      expect((await store.anchor(own, 1))?.root).to.equal(first.root);
    });

    it("passport/failed-scores-of-older-rules-are-not-signed: an account whose rescore failed has no leaf, and stops nobody", async () => {
      const { id: own } = await scorerOf(world);
      await world.service.linkRegistry(own, 1000n + BigInt(own));
      for (const name of ["frank", "grace"]) {
        const stamp = await stampOf(accountOf(name), "Google", `failing ${name}`, world.time.now);
        await world.service.submit(own, accountOf(name).toLowerCase(), [stamp]);
      }
      expect((await world.anchors.prepareAnchor(own)).count).to.equal(2n);
      await world.service.addVersion(own, simpleRules({ threshold: "0.5" }), { author: "council", reason: "easier" });
      await world.rescorer.run(own, { author: "council", reason: "easier" });
      const frank = accountOf("frank").toLowerCase();
      const failed = { status: "ERROR", error: "no luck", version: 1 };
      await world.db
        .updateTable("scores")
        .set(failed)
        .where("scorer_id", "=", own)
        .where("account", "=", frank)
        .execute();
      world.time.now += 10;
      const { number, count } = await world.anchors.prepareAnchor(own);
      expect([number, count]).to.deep.equal([2, 2n]);
      // It had a leaf under the older rules: whoever wants may bring the drop.
      expect((await world.anchors.proofOf(own, frank)).score).to.equal(0);
      expect((await world.anchors.proofOf(own, accountOf("grace"))).score).to.equal(10_000);
    });

    it("passport/leaves-rebuild-the-root: the published leaves of a root are all that its proofs need", async () => {
      const { headers } = await keyOf(world, "scores");
      const url = `/v1/scorers/${id}/anchors`;
      const lines = (await world.app.inject({ url: `${url}/1/scores`, headers })).body.trim().split("\n");
      const leaves = lines.map((line) => JSON.parse(line) as { account: string; score: number; expiresAt: number });
      const values = leaves.map(({ account, score, expiresAt }) => [id, account, score, expiresAt]);
      const tree = StandardMerkleTree.of(values, ["uint256", "address", "uint32", "uint64"]);
      expect((await world.app.inject({ url: `${url}/1`, headers })).json()).to.deep.include({
        root: tree.root,
        count: 4,
        scorer: id,
        registryId: String(id),
      });
    });

    it("gives proofs over HTTP, to a process that did not build the tree", async () => {
      const other = await world.another();
      const { headers } = await keyOf(world, "scores");
      const get = (url: string) => other.app.inject({ url, headers });
      const proof = await get(`/v1/scorers/${id}/passports/${accountOf("alice")}/proof?number=1`);
      const { scorerId, account, score, expiresAt, root, proof: path } = proof.json();
      const leaf = hashScoreLeaf({ scorerId: BigInt(scorerId), account, score, expiresAt: BigInt(expiresAt) });
      expect(rootFromProof(leaf, path)).to.equal(root);
      const forbidden = await other.app.inject({
        method: "POST",
        url: `/v1/scorers/${id}/anchors`,
        headers,
        payload: {},
      });
      expect(forbidden.json()).to.deep.include({ status: 403, code: "access/missing-permission" });
    });

    it("keeps whoever lost a score although the registry's number has run ahead of the roots that are stored", async () => {
      const { number, count } = await world.anchors.anchor(id);
      const later = await world.anchors.prepareAnchor(id, { number: number + 5 });
      expect([later.number, later.count]).to.deep.equal([number + 5, BigInt(count)]);
      expect((await world.anchors.proofOf(id, accountOf("bob"))).score).to.equal(0);
    });
  });
}
