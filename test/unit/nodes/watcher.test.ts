import { expect } from "chai";

import { genesisCertificate, type Certificate } from "../../../src/certificates/certificate.js";
import type { Seal, StewardChain } from "../../../src/nodes/protocol/chain.js";
import { alarmFromJson, alarmToJson } from "../../../src/nodes/watcher/alarm-json.js";
import { WatcherMachine } from "../../../src/nodes/watcher/machine.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { named } from "../../support/nodes/fake-chain.js";
import { network, stepAll, TOY } from "../../support/nodes/network.js";
import { conspire, runToEpoch, sourceOf, tampered, TestSource } from "../../support/nodes/sources.js";
import { changed, keys, SETTINGS, watcher } from "../../support/nodes/watcher.js";

describe("a watcher", () => {
  const all = network({ aggregators: 2 });
  const { chain } = all;
  const first = sourceOf(all, 0);
  const second = sourceOf(all, 1);
  before(() => runToEpoch(all, 6n));

  const lyingWith = (make: () => readonly Certificate[]) => new TestSource("a liar", make);
  const last = (kind: "scores" | "stake-distribution", epoch: bigint): Certificate =>
    first
      .certificates()
      .filter((one) => one.epoch === epoch)
      .filter(({ content }) => content.kind === "multisignature" && content.entity.kind === kind)
      .at(-1)!;
  const changedChain = (changes: Partial<StewardChain>): StewardChain => changed(chain, changes);

  it("watcher/is-quiet-when-all-is-well: verifies each certificate of each aggregator once, and says nothing", async () => {
    const { look, told, store } = watcher(chain, [first, second]);
    first.shares = [
      { software: "1.0.0", share: 0.75 },
      { software: undefined, share: 0.25 },
    ];
    const watched = await look();
    expect(watched.alarms).to.deep.equal([]);
    expect(watched.sources.map(({ verified }) => verified)).to.deep.equal([
      first.certificates().length,
      second.certificates().length,
    ]);
    expect(watched.software.get(first.name)?.[0]).to.deep.equal({ software: "1.0.0", share: 0.75 });
    const { asked } = first;
    const again = await look(3);
    expect(again.sources.map(({ verified }) => verified)).to.deep.equal([0, 0]);
    expect(first.asked, "nothing is fetched twice").to.equal(asked);
    expect(told).to.deep.equal([]);
    expect([...store.certificates.keys()]).to.have.length(2 * first.certificates().length);
  });

  it("watcher/invalid-certificate: names who offers it and why, once, and says when it is over", async () => {
    const forged = () => {
      const like = last("stake-distribution", 6n);
      return [...first.certificates(), tampered(like, { stakeDistributionRoot: named("mine") })];
    };
    const liar = lyingWith(forged);
    const { look, told, store } = watcher(chain, [liar, second]);
    expect(keys(await look(3))).to.deep.equal(["invalid-certificate 6 a liar"]);
    await look(2);
    expect(told.map(({ status, key }) => [status, key])).to.deep.equal([["raised", "invalid-certificate 6 a liar"]]);
    expect(told[0]!.message).to.match(/multisignature/);
    expect([...store.certificates.keys()].filter((key) => key.startsWith("a liar"))).to.have.length(
      first.certificates().length,
    );
    // While it does not answer, nobody knows better.
    liar.down = true;
    const silent = await look();
    expect(keys(silent)).to.have.length(1);
    expect(silent.sources[0]).to.include({ reached: false, problem: "a liar cannot be reached" });
    liar.down = false;
    liar.certificates = first.certificates;
    expect((await look()).alarms).to.deep.equal([]);
    expect(told.at(-1)).to.include({ status: "cleared", key: "invalid-certificate 6 a liar" });
    expect(told).to.have.length(2);
  });

  it("watcher/invalid-certificate: a chain without its genesis, a gap in it, a list that is a lie", async () => {
    const without = (left: Certificate) => first.certificates().filter((one) => one !== left);
    const empty = lyingWith(first.certificates);
    empty.certificate = () => Promise.resolve(undefined);
    const lies: readonly [TestSource, RegExp][] = [
      [lyingWith(() => first.certificates().slice(1)), /predecessor/],
      [lyingWith(() => without(last("stake-distribution", 4n))), /predecessor/],
      [empty, /does not have it/],
    ];
    for (const [liar, reason] of lies) {
      const { look, told } = watcher(chain, [liar]);
      expect(keys(await look())[0]).to.match(/^invalid-certificate \d+ a liar$/);
      expect(told[0]!.message).to.match(reason);
    }
  });

  it("watcher/fork-between-aggregators: a quorum that signs two messages of one epoch is an alarm, whoever has them", async () => {
    const like = last("stake-distribution", 5n);
    const other = await conspire(all, like, { message: { stakeDistributionRoot: named("another") } });
    const liar = lyingWith(() => [...first.certificates().filter(({ epoch }) => epoch < 5n), other]);
    const { look, told } = watcher(chain, [first, liar]);
    const expected = ["fork 5 a liar and the registry", "fork 5 stake_distribution_root"];
    expect(keys(await look(2))).to.deep.equal(expected);
    await look(2);
    expect(told.map(({ key }) => key).sort()).to.deep.equal(expected);
    expect(told.find(({ key }) => key === expected[1])?.message).to.match(/a liar and aggregator 0/);
  });

  it("watcher/fork-between-aggregators: two snapshots of one block, and another next key", async () => {
    const like = last("scores", 6n);
    const { content } = like;
    if (content.kind !== "multisignature" || content.message.scores === undefined) throw new Error("no scores");
    const scores = { ...content.message.scores, scoresRoot: named("another") };
    const mine = await conspire(all, like, { message: { scores } });
    const key = await conspire(all, like, {
      message: { nextParametersHash: "ab".repeat(32) },
      previousHash: mine.previousHash,
    });
    const liar = lyingWith(() => [...first.certificates().filter((one) => one !== like), mine, key]);
    const { look } = watcher(chain, [first, liar]);
    const block = content.message.scores.snapshotBlock;
    expect(keys(await look())).to.deep.equal([
      "fork 6 a liar and the registry",
      "fork 6 next_protocol_parameters",
      `fork 6 scores_root at block ${block}`,
    ]);
  });

  it("watcher/fork-with-the-registry: the registry holds another snapshot of the same block", async () => {
    const held = chain.certified.get(6n)!;
    const lying = changedChain({
      certifiedEpoch: (epoch) =>
        Promise.resolve(epoch === 6n ? { ...held, snapshotDigest: named("another") } : chain.certified.get(epoch)),
    });
    const { look } = watcher(lying, [first]);
    expect(keys(await look())).to.deep.equal(["fork 6 aggregator 0 and the registry"]);
  });

  it("watcher/gap: an epoch that is over without a certificate, after its grace and not before", async () => {
    const gone = changedChain({
      certifiedEpoch: (epoch) => Promise.resolve(epoch === 4n ? undefined : chain.certified.get(epoch)),
    });
    expect(keys(await watcher(gone, [first]).look())).to.deep.equal(["gap 4"]);
    expect(keys(await watcher(gone, [first], { grace: 2n }).look())).to.deep.equal([]);
    expect(keys(await watcher(gone, [first], { window: 1n }).look()), "too long ago").to.deep.equal([]);
    const recent = changedChain({ certifiedEpoch: () => Promise.resolve(undefined) });
    // The chain began in epoch 3; those of 5 and 6 may still come.
    expect(keys(await watcher(recent, [first]).look())).to.deep.equal(["gap 3", "gap 4"]);
    const unborn = changedChain({
      anchors: () => Promise.resolve([]),
      certifiedEpoch: () => Promise.resolve(undefined),
    });
    expect(keys(await watcher(unborn, []).look()), "no chain yet").to.deep.equal([]);
  });

  it("watcher/low-participation: counts the stake in the proof, not what the metadata says", async () => {
    const boast = () =>
      first.certificates().map((one) => {
        const signers = one.metadata.signers.map((signer) => ({ ...signer, stake: signer.stake * 100n }));
        return { ...one, metadata: { ...one.metadata, signers } };
      });
    // Without its hash made anew it would not verify: what is asked here is which stake is counted.
    const { look, told } = watcher(chain, [first], { minimumShare: 1 });
    expect(keys(await look())).to.deep.equal(["3", "4", "5", "6"].map((epoch) => `low-participation ${epoch}`));
    expect(told[0]!.message).to.match(/^\d\d\.\d\d % of the stake of epoch \d/);
    const { factsOf } = await import("../../../src/nodes/watcher/follow-source.js");
    const certificate = last("scores", 6n);
    const boasting = boast().find(({ hash }) => hash === certificate.hash)!;
    expect(factsOf("x", boasting)?.signedStake).to.equal(factsOf("x", certificate)?.signedStake);
    const stakes = certificate.metadata.signers.reduce((sum, { stake }) => sum + stake, 0n);
    expect(factsOf("x", certificate)?.signedStake).to.equal(stakes);
  });

  it("watcher/unsafe-parameters: a set that a third of the stake can forge, as soon as it is scheduled", async () => {
    const { look, told } = watcher(chain, [], { minimumBits: 100, window: 1n });
    expect(keys(await look())).to.deep.equal(["5", "6", "7"].map((epoch) => `unsafe-parameters ${epoch}`));
    expect(told[0]!.message).to.include(`k ${TOY.k}, m ${TOY.m}`);
    const safe = changedChain({
      parametersOf: async (epoch) => ({ ...(await chain.parametersOf(epoch)), k: 619n, m: 4994n, phiF: 0.2 }),
    });
    expect(keys(await watcher(safe, [], { minimumBits: 128, window: 1n }).look())).to.deep.equal([]);
    const stricter = await watcher(safe, [], { minimumBits: 129, window: 1n }).look();
    expect(stricter.alarms).to.have.length(3);
  });

  it("watcher/wrong-seal: another key, stake or number of leaves than registrations and votes give", async () => {
    const right = (await chain.sealOf(3n)) as Extract<Seal, { status: "sealed" }>;
    const wrong: Seal[] = [
      { ...right, key: { ...right.key, root: Buffer.alloc(32, 7) } },
      { ...right, key: { ...right.key, totalStake: right.key.totalStake + 1n } },
      { ...right, key: { ...right.key, leaves: right.key.leaves - 1 } },
    ];
    for (const seal of wrong) {
      const lying = changedChain({ sealOf: (epoch) => (epoch === 3n ? Promise.resolve(seal) : chain.sealOf(epoch)) });
      const { look, told } = watcher(lying, []);
      expect(keys(await look())).to.deep.equal(["wrong-seal 5"]);
      expect(told[0]!.message).to.match(/sealed another key for epoch 5/);
    }
    // What is not sealed yet is looked at again.
    let open = true;
    const late = changedChain({
      sealOf: (epoch) =>
        Promise.resolve(epoch === 3n ? (open ? { status: "open" } : (wrong[0] as Seal)) : { status: "blocked" }),
    });
    const machine = watcher(late, []);
    expect(keys(await machine.look())).to.deep.equal([]);
    open = false;
    expect(keys(await machine.look())).to.deep.equal(["wrong-seal 5"]);
  });

  it("watcher/alarms-are-told-once: kept over restarts, told when the receiver is back, told again when they change", async () => {
    const { look, told, receiver, store } = watcher(chain, [], { minimumBits: 100, window: 1n });
    receiver.broken = true;
    await look(2);
    expect(told).to.deep.equal([]);
    expect((await store.alarms()).every(({ delivered }) => !delivered)).to.equal(true);
    receiver.broken = false;
    await look();
    await look(3);
    expect(told).to.have.length(3);
    const [kept] = await store.alarms();
    await store.saveAlarms([{ ...kept!, alarm: { ...kept!.alarm, details: { bits: 3 } } }]);
    await look();
    expect(told).to.have.length(4);
    expect(told.at(-1)?.status).to.equal("raised");
  });

  it("watcher/alarms-are-told-once: an alarm reads back as it was written, and nothing else does", () => {
    const alarm = {
      kind: "gap",
      subject: "",
      epoch: 4n,
      message: "a gap",
      details: { epoch: "4", share: 0.5 },
    } as const;
    const text = JSON.stringify(alarmToJson(alarm));
    expect(alarmFromJson(JSON.parse(text))).to.deep.equal(alarm);
    for (const change of [{ kind: "fire" }, { epoch: 4 }, { details: { a: null } }, { more: 1 }]) {
      expect(() => alarmFromJson({ ...(JSON.parse(text) as object), ...change })).to.throw(/^alarm/);
    }
  });

  it("watcher/waits-for-a-permitted-genesis: a chain that governance lets begin is no lie before its first certificate", async () => {
    const begun = first.certificates()[0]!;
    const anchor = { number: 1, epoch: 3n, aggregateKey: begun.aggregateKey, parametersHash: "" };
    const genesis = genesisCertificate(anchor, begun.parameters, {
      protocolVersion: "1",
      initiatedAt: 1n,
      sealedAt: 1n,
    });
    const nobody = { anchors: () => Promise.resolve([]), certifiedEpoch: () => Promise.resolve(undefined) };
    const permitted = { first: 3n, last: 6n };
    const waiting = changedChain({ ...nobody, clock: async () => ({ ...(await chain.clock()), permitted }) });
    const source = lyingWith(() => [genesis]);
    expect(keys(await watcher(waiting, [source]).look())).to.deep.equal([]);
    const past = changedChain({ ...nobody, clock: async () => ({ ...(await chain.clock()), permitted: undefined }) });
    expect(keys(await watcher(past, [source]).look())).to.deep.equal(["invalid-certificate 3 a liar"]);
  });

  it("watcher/goes-on-with-the-epochs: begins anew with each, and waits out a chain that does not answer", async () => {
    const ours = network();
    const source = sourceOf(ours);
    const { store, told, receiver } = watcher(ours.chain, [source]);
    const clock = { now: () => 1 };
    const machine = new WatcherMachine(SETTINGS, {
      chain: ours.chain,
      sources: [source],
      store,
      receiver,
      clock,
      logger: silentLogger,
    });
    let state = machine.initial;
    const names: string[] = [];
    await runToEpoch(ours, 3n);
    for (const _ of [1, 2]) names.push((state = await machine.step(state)).name);
    ours.chain.nextEpoch();
    await stepAll([...ours.aggregators, ...ours.signers], 3);
    for (const _ of [1, 2, 3]) names.push((state = await machine.step(state)).name);
    expect(names).to.deep.equal(["WATCHING", "WATCHING", "IDLE", "WATCHING", "WATCHING"]);
    ours.chain.down = true;
    const code = await machine.step(state).catch((error: { code: string }) => error.code);
    expect(code).to.equal("nodes/chain-unavailable");
    ours.chain.down = false;
    expect((await machine.step(state)).name).to.equal("WATCHING");
    expect(told).to.deep.equal([]);
  });
});
