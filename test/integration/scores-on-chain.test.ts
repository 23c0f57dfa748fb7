import { expect } from "chai";
import { getAddress, id, toBeHex, Wallet } from "ethers";
import { network } from "hardhat";

import type { Step } from "../../src/chain/call.js";
import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { sendAll } from "../../src/chain/send-all.js";
import { sendCall } from "../../src/chain/send-call.js";
import { anchorFile, parseAnchorFile } from "../../src/passport/onchain/anchor-file.js";
import { ANCHOR_TYPES, anchorMessage, type Anchor } from "../../src/passport/onchain/anchor-typed-data.js";
import { parseDropsFile, parseProofFile } from "../../src/passport/onchain/proof-file.js";
import { buildScoreTree, proveScore, type ScoreEntry, type ScoreTree } from "../../src/passport/onchain/score-tree.js";
import { DomainError } from "../../src/shared/errors.js";
import { toJson } from "../../src/shared/json.js";
import {
  HumansOnly__factory,
  PassportDecoder__factory,
  PassportRegistry__factory,
} from "../../typechain-types/index.js";

const { ethers, networkHelpers } = await network.create();
const [deployer, manager, courier] = await ethers.getSigners().then((all) => all.slice(0, 3));
const operator = new Wallet(id("touchstone test operator"));
const human = new Wallet(id("touchstone test human"), ethers.provider);
const sybil = new Wallet(id("touchstone test sybil"), ethers.provider);

const DAY = 86_400;
const PEOPLE = 10_000;
const THRESHOLD = 200_000;
const DEFINITION = id("weights of the test");

/** Ten thousand scores: the human's, the Sybil's cheap one, and those of others. */
function everybody(issuedAt: number, change: (entry: ScoreEntry, row: number) => ScoreEntry = (entry) => entry) {
  return Array.from({ length: PEOPLE }, (_, row) => {
    const account = row === 0 ? human.address : row === 1 ? sybil.address : accountOf(row);
    const score = row === 0 ? 273_500 : row === 1 ? 41_000 : (row * 7_919) % 500_000;
    return change({ account, score, expiresAt: issuedAt + 30 * DAY }, row);
  });
}

const accountOf = (row: number) => getAddress(id(`touchstone test person ${row}`).slice(0, 42));
const callOf = (step: Step) => {
  if (!("call" in step)) throw new Error(`nothing to send: ${step.done}`);
  return step.call;
};

/** What the service hands out for an account, as a file. */
function proofFile(scorerId: bigint, tree: ScoreTree, rootNumber: number, ...accounts: string[]): string {
  const leaves = accounts.map((account) => proveScore(tree, account)!);
  return toJson({ scorerId, rootNumber, leaves });
}

async function anchored() {
  const registry = await new PassportRegistry__factory(deployer!).deploy(deployer!);
  const address = await registry.getAddress();
  await registry.createScorer(manager!, operator, 0, { maxRootAge: 3, maxLifetime: 90 * DAY, minRootInterval: DAY });
  const gateway = new PassportRegistryGateway(address, ethers.provider);
  const scorerId = await registry.scorerCount();
  const sign = async (tree: ScoreTree, number: number) => {
    const issuedAt = BigInt(await networkHelpers.time.latest());
    const anchor: Anchor = {
      ...{ scorerId, number, root: tree.root, issuedAt, threshold: THRESHOLD, definition: DEFINITION },
      ...{ count: BigInt(tree.count), uri: "ipfs://test", deadline: issuedAt + 3_600n },
    };
    const signature = await operator.signTypedData(
      { ...(await gateway.domain()) },
      ANCHOR_TYPES,
      anchorMessage(anchor),
    );
    return anchorFile({ anchor, signature });
  };
  const tree = buildScoreTree(scorerId, everybody(await networkHelpers.time.latest()));
  const file = parseAnchorFile(await sign(tree, 1));
  const sent = await sendCall(courier!, callOf(await gateway.anchor(file)));
  for (const { address: person } of [human, sybil]) {
    await ethers.provider.send("hardhat_setBalance", [person, toBeHex(10n ** 20n)]);
  }
  const club = await new HumansOnly__factory(deployer!).deploy(address, scorerId);
  const decoder = await new PassportDecoder__factory(deployer!).deploy(address, scorerId);
  return { registry, gateway, scorerId, sign, tree, file, club, decoder, gasOfAnchor: sent.gasUsed };
}

async function bring({ gateway }: Awaited<ReturnType<typeof anchored>>, text: string, size = 100) {
  return await sendAll(courier!, await gateway.submit(parseProofFile(text), size));
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof DomainError ? String(error.details.reason ?? error.code) : String(error)),
  );

describe("ten thousand scores anchored in one transaction", function () {
  this.timeout(120_000);

  it("cost a few gas each, whoever sends the signed root, and a rerun does nothing", async () => {
    const all = await networkHelpers.loadFixture(anchored);
    console.log(`      anchor of ${PEOPLE} scores: ${all.gasOfAnchor} gas, ${Number(all.gasOfAnchor) / PEOPLE} each`);
    expect(all.gasOfAnchor < 200_000n, `${all.gasOfAnchor}`).to.equal(true);
    expect(await all.gateway.scorer(all.scorerId)).to.include({ number: 1, threshold: THRESHOLD, kind: "key" });
    expect(await all.gateway.anchor(all.file)).to.deep.equal({ done: "root 1 is anchored already" });
  });

  it("let in the human and refuse the Sybil, by scores that somebody else brought", async () => {
    const all = await networkHelpers.loadFixture(anchored);
    const { club, decoder, gateway, scorerId, tree } = all;
    await expect(club.connect(human).join()).to.be.revertedWithCustomError(club, "NotHuman");
    const [first] = await bring(all, proofFile(scorerId, tree, 1, human.address));
    const [second] = await bring(all, proofFile(scorerId, tree, 1, sybil.address));
    console.log(
      `      submit with ${proveScore(tree, human.address)!.proof.length} levels: ${first!.gasUsed}, ${second!.gasUsed} gas`,
    );
    expect(first!.gasUsed < 75_000n, `${first!.gasUsed}`).to.equal(true);
    await expect(club.connect(human).join()).to.emit(club, "Joined").withArgs(human.address, 273_500);
    await expect(club.connect(sybil).join())
      .to.be.revertedWithCustomError(club, "NotHuman")
      .withArgs(sybil.address, 41_000);
    expect(await decoder["getScore(address)"](human.address)).to.equal(273_500n);
    expect(await decoder.isHuman(sybil.address)).to.equal(false);
    expect(await gateway.scoreOf(scorerId, human.address)).to.include({
      score: 273_500n,
      human: true,
      standing: "counts",
    });
    expect(await gateway.scoreOf(scorerId, sybil.address)).to.include({ score: 41_000n, human: false });
    expect(await gateway.scoreOf(scorerId, courier!.address)).to.include({ score: 0n, standing: "unknown" });
  });

  it("cannot be brought for another account, with another score, or twice", async () => {
    const all = await networkHelpers.loadFixture(anchored);
    const own = proveScore(all.tree, sybil.address)!;
    const forged = (leaf: object) => toJson({ scorerId: all.scorerId, rootNumber: 1, leaves: [{ ...own, ...leaf }] });
    expect(await refusal(bring(all, forged({ score: 273_500 })))).to.contain("RegistryInvalidProof");
    expect(await refusal(bring(all, forged({ account: courier!.address })))).to.contain("RegistryInvalidProof");
    await bring(all, forged({}));
    expect(await bring(all, forged({}))).to.deep.equal([]);
  });

  it("end in batches of drops, which anybody brings", async () => {
    const all = await networkHelpers.loadFixture(anchored);
    const { tree, sign, gateway, scorerId, club } = all;
    const lost = [human.address, ...Array.from({ length: 149 }, (_, k) => accountOf(k + 2))];
    await bring(all, proofFile(scorerId, tree, 1, ...lost), 50);
    await networkHelpers.time.increase(DAY);
    const set = new Set(lost);
    const next = everybody(await networkHelpers.time.latest(), (entry) =>
      set.has(entry.account) ? { ...entry, score: 0, expiresAt: 0 } : entry,
    );
    const dropped = buildScoreTree(scorerId, next);
    await sendCall(courier!, callOf(await gateway.anchor(parseAnchorFile(await sign(dropped, 2)))));
    expect(await gateway.scoreOf(scorerId, human.address)).to.include({ human: true }); // until the drop is brought
    const sent = await bring(all, proofFile(scorerId, dropped, 2, ...lost), 50);
    expect(sent).to.have.length(3);
    const sum = sent.reduce((total, { gasUsed }) => total + gasUsed, 0n);
    console.log(`      150 drops in 3 transactions: ${sum / 150n} gas each`);
    expect(await gateway.scoreOf(scorerId, human.address)).to.include({ score: 0n, human: false, standing: "dropped" });
    await expect(club.connect(human).join()).to.be.revertedWithCustomError(club, "NotHuman");
  });

  it("end from the public list of a root, without anybody's proofs, for those who still have a score", async () => {
    const all = await networkHelpers.loadFixture(anchored);
    const { tree, sign, gateway, scorerId } = all;
    await bring(all, proofFile(scorerId, tree, 1, human.address, sybil.address, accountOf(2)));
    await networkHelpers.time.increase(DAY);
    const next = everybody(await networkHelpers.time.latest(), (entry, row) =>
      row < 100 && row !== 1 ? { ...entry, score: 0, expiresAt: 0 } : entry,
    );
    const second = buildScoreTree(scorerId, next);
    await sendCall(courier!, callOf(await gateway.anchor(parseAnchorFile(await sign(second, 2)))));
    const list = parseDropsFile(next.map((entry) => JSON.stringify(entry)).join("\n"));
    if (!("scores" in list)) return expect.fail("the list was taken for proofs");
    const drops = await gateway.drops(scorerId, 2, list.scores);
    expect(drops.submissions.map(({ account }) => account)).to.have.members([human.address, accountOf(2)]);
    await sendAll(courier!, await gateway.submit(drops, 100));
    expect(await gateway.scoreOf(scorerId, human.address)).to.include({ score: 0n, standing: "dropped" });
    expect((await gateway.drops(scorerId, 2, list.scores)).submissions).to.deep.equal([]);
    expect(await refusal(gateway.drops(scorerId, 1, list.scores))).to.equal("passport/other-root");
  });

  it("age out by later roots, and say so", async () => {
    const all = await networkHelpers.loadFixture(anchored);
    await bring(all, proofFile(all.scorerId, all.tree, 1, human.address));
    for (const number of [2, 3, 4, 5]) {
      await networkHelpers.time.increase(DAY);
      const signed = parseAnchorFile(await all.sign(all.tree, number));
      await sendCall(courier!, callOf(await all.gateway.anchor(signed)));
      const { standing } = await all.gateway.scoreOf(all.scorerId, human.address);
      expect(standing, `after root ${number}`).to.equal(number === 5 ? "too-old" : "counts");
    }
    expect(await refusal(all.gateway.scorer(9n))).to.equal("passport/unknown-scorer");
  });

  it("need the operator's signature over this very root", async () => {
    const all = await networkHelpers.loadFixture(anchored);
    await networkHelpers.time.increase(DAY);
    const signed = parseAnchorFile(await all.sign(all.tree, 2));
    const altered = { ...signed, anchor: { ...signed.anchor, threshold: 1 } };
    const step = await all.gateway.anchor(altered);
    expect(await refusal(sendCall(courier!, callOf(step)))).to.contain("RegistryInvalidSignature");
    await sendCall(courier!, callOf(await all.gateway.anchor(signed)));
  });
});
