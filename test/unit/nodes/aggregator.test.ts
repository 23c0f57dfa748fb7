import { expect } from "chai";
import fc from "fast-check";

import { AggregatorMachine, type AggregatorPorts } from "../../../src/nodes/aggregator/machine.js";
import type { CertificateSender } from "../../../src/nodes/aggregator/ports.js";
import { messageAllowance } from "../../../src/nodes/aggregator/message-allowance.js";
import { Agenda } from "../../../src/nodes/protocol/agenda.js";
import { EpochViews } from "../../../src/nodes/protocol/epoch-views.js";
import { NodeError } from "../../../src/nodes/protocol/errors.js";
import { NodeStatus } from "../../../src/nodes/protocol/node-status.js";
import { signatureToJson } from "../../../src/nodes/protocol/signature-message.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { remembered } from "../../../src/shared/remembered.js";
import type { FakeChain } from "../../support/nodes/fake-chain.js";
import { MemoryAggregatorStore } from "../../support/nodes/memory-stores.js";
import { AggregatorNode, FakeScores, network, stepAll } from "../../support/nodes/network.js";

describe("an aggregator's machine", () => {
  /** The beginning of epoch 3; nobody has signed. */
  async function atEpochThree() {
    const all = network();
    const { chain, signers, aggregators } = all;
    await stepAll(signers, 2);
    chain.nextEpoch();
    await stepAll([...aggregators, ...signers], 2);
    chain.nextEpoch();
    await stepAll(aggregators, 2);
    return all;
  }

  /** A machine over the same chain and its own store, with parts of its own. */
  function machineOn(
    chain: FakeChain,
    store: MemoryAggregatorStore,
    sender: CertificateSender | null,
    { clock = { now: () => 1_700_000_000_000 }, observer = () => {} }: Partial<AggregatorPorts> = {},
  ) {
    const views = new EpochViews(chain, clock);
    const agenda = new Agenda(
      { confirmations: 2n, step: 10n },
      { chain, scores: new FakeScores(), logger: silentLogger },
    );
    const machine = new AggregatorMachine({
      ...{ chain, agenda, store, sender, views, clock, observer, logger: silentLogger },
      ...{ transactions: null, follower: null, retainedEpochs: 1n, protocolVersion: "1.0.0" },
    });
    let state = machine.initial;
    return {
      async step(times = 1) {
        for (let n = 0; n < times; n++) state = await machine.step(state);
        return state.name;
      },
    };
  }

  /** Gives a store what all stewards signed in epoch 3. */
  async function fill({ chain, signers, aggregators }: Awaited<ReturnType<typeof atEpochThree>>) {
    const store = new MemoryAggregatorStore();
    const node = new AggregatorNode("other", chain, store);
    for (const signer of signers) signer.cutFrom(aggregators[0]!);
    await stepAll(signers, 4);
    for (const { signed } of signers) {
      for (const { signature } of await signed.unpublished(3n)) await node.receive(signatureToJson(signature));
    }
    return store;
  }

  it("aggregator/refused-certificate-is-an-alarm: a certificate that the registry refuses ends nothing, and is not sent again", async () => {
    const all = await atEpochThree();
    const store = await fill(all);
    let sent = 0;
    const machine = machineOn(all.chain, store, {
      send: () => {
        sent += 1;
        return Promise.reject(new NodeError("nodes/certificate-refused", "the contract says no"));
      },
    });
    await machine.step(8);
    expect(sent).to.be.above(0);
    const before = sent;
    await machine.step(4);
    expect(sent).to.equal(before);
    const outcomes = store.certificates.filter(({ certificate }) => !certificate.isGenesis);
    expect(outcomes.map(({ outcome }) => outcome)).to.include("refused");
  });

  it("aggregator/postponed-certificate-is-sent-again: what the chain is not ready for is brought later, less and less often", async () => {
    const all = await atEpochThree();
    const store = await fill(all);
    const time = { now: 1_700_000_000_000 };
    const tried: number[] = [];
    let ready = false;
    let postponed = 0;
    const registry = all.chain.sender();
    const machine = machineOn(
      all.chain,
      store,
      {
        send: (certificate) => {
          tried.push(time.now - 1_700_000_000_000);
          const lagging = new NodeError("nodes/certificate-postponed", "CertificateKeyNotSealed(2)");
          return ready ? registry.send(certificate) : Promise.reject(lagging);
        },
      },
      { clock: { now: () => time.now }, observer: () => (postponed += 1) },
    );
    await machine.step(8);
    const first = tried.splice(0).length;
    expect(first, "each certificate once").to.equal(store.certificates.filter(({ outcome }) => !outcome).length);
    for (let second = 1; second <= 1_000; second++) {
      time.now += 1_000;
      await machine.step();
    }
    expect([...new Set(tried)]).to.deep.equal([5_000, 15_000, 35_000, 75_000, 155_000, 315_000, 615_000, 915_000]);
    expect(postponed).to.equal(first + tried.length);
    ready = true;
    time.now += 300_000;
    await machine.step();
    expect(store.certificates.every(({ outcome }) => outcome !== undefined)).to.equal(true);
    expect(all.chain.certified.has(3n)).to.equal(true);
  });

  it("aggregator/postponed-certificate-keeps-none-back: others are brought while one waits", async () => {
    const all = await atEpochThree();
    const store = await fill(all);
    const waiting = new NodeError("nodes/certificate-postponed", "CertificateGap(3, 1)");
    const brought: string[] = [];
    const machine = machineOn(all.chain, store, {
      send: ({ content, hash }) => {
        if (content.kind === "multisignature" && content.entity.kind === "stake-distribution") {
          return Promise.reject(waiting);
        }
        brought.push(hash);
        return Promise.resolve("anchored" as const);
      },
    });
    await machine.step(12);
    expect(brought).to.have.length.above(0);
  });

  it("aggregator/certifies-without-the-registry: what cannot be sent yet keeps no message from its quorum", async () => {
    const all = await atEpochThree();
    const store = await fill(all);
    const chain = new NodeError("nodes/chain-unavailable", "the account has nothing to pay with");
    const machine = machineOn(all.chain, store, { send: () => Promise.reject(chain) });
    await machine.step(8);
    expect(await store.isCertified("stake-distribution-3")).to.equal(true);
    expect(store.certificates.at(-1)!.outcome).to.equal(undefined);
    // The account is filled again.
    await machineOn(all.chain, store, all.chain.sender()).step(3);
    expect(all.chain.certified.has(3n)).to.equal(true);
  });

  it("aggregator/epochs-are-read-once: stewards of an epoch are asked for once, whoever asks", async () => {
    const all = await atEpochThree();
    let asked = 0;
    const { chain } = all;
    const original = chain.registrationsOf.bind(chain);
    chain.registrationsOf = (epoch) => {
      asked += 1;
      return original(epoch);
    };
    const time = { now: 0 };
    const views = new EpochViews(chain, { now: () => time.now });
    await Promise.all([views.read(3n), views.recent(3n), views.read(3n)]);
    await views.read(3n);
    expect(asked, "this epoch's and the next one's").to.equal(2);
    const seals = chain.sealOf.bind(chain);
    let sealed = 0;
    chain.sealOf = (epoch) => {
      sealed += 1;
      return seals(epoch);
    };
    for (let n = 0; n < 5; n++) expect(await views.recent(4n)).to.include({ reason: "unsealed" });
    expect(sealed, "a refusal is remembered for a moment").to.equal(2);
    time.now += 2_000;
    await views.recent(4n);
    expect(sealed).to.equal(4);
  });

  it("aggregator/any-order: lost, repeated and reordered signatures make the certificate once they are all there", async () => {
    const all = await atEpochThree();
    const store = await fill(all);
    const { message: hash } = (await all.signers[0]!.signed.signed("stake-distribution-3"))!;
    const documents = (await store.signatures(hash)).map(signatureToJson);
    expect(documents).to.have.length(5);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { maxLength: 12 }),
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
        async (noise, order) => {
          const own = new MemoryAggregatorStore();
          const node = new AggregatorNode("receiver", all.chain, own);
          await stepAll([node], 3);
          for (const n of [...noise, ...order]) await node.receive(documents[n]);
          await stepAll([node], 2);
          expect(await own.isCertified("stake-distribution-3")).to.equal(true);
          expect(await own.signatures(hash)).to.have.length(5);
        },
      ),
      { numRuns: 6 },
    );
  });

  it("forgets signatures of old epochs", async () => {
    const all = await atEpochThree();
    const { chain, signers, aggregators } = all;
    const [aggregator] = aggregators as [(typeof aggregators)[0]];
    const store = await fill(all);
    expect(await store.countSigned(3n, signers[0]!.account)).to.be.above(0);
    const machine = machineOn(chain, store, null);
    for (let epoch = 4; epoch <= 5; epoch++) {
      chain.nextEpoch();
      await stepAll([aggregator, ...signers], 3);
      await machine.step(3);
    }
    expect(await store.countSigned(3n, signers[0]!.account)).to.equal(0);
  });
});

describe("how many messages of a steward an epoch takes", () => {
  it("aggregator/every-snapshot-of-an-epoch-fits: an honest steward's signatures of a long epoch with short steps are all kept", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 4n, max: 366n * 86_400n }),
        fc.bigInt({ min: 1n, max: 1_000n }),
        fc.bigInt({ min: 1n, max: 60n }),
        fc.bigInt({ min: 0n, max: 5_000n }),
        async (epochLength, step, seconds, number) => {
          const head = { number, timestamp: 1_700_000_000n + number * seconds };
          const chain = {
            clock: () => Promise.resolve({ head, epoch: 1n, lastCertified: 0n, permitted: undefined }),
            block: (of: bigint) => Promise.resolve({ number: of, timestamp: 1_700_000_000n + of * seconds }),
          };
          const honest = Number(epochLength / seconds / step) + 2;
          expect(await messageAllowance(chain, epochLength, step)).to.be.at.least(honest);
        },
      ),
    );
    const none = {
      clock: () => Promise.resolve({ head: { number: 7n, timestamp: 7n } } as never),
      block: () => Promise.resolve(undefined),
    };
    expect(await messageAllowance(none, 604_800n, 100n)).to.equal(2 * 6_050);
    // Four blocks a second.
    const fast = {
      ...none,
      clock: () => Promise.resolve({ head: { number: 4_000n, timestamp: 1_000n } } as never),
      block: (of: bigint) => Promise.resolve({ number: of, timestamp: of / 4n }),
    };
    expect(await messageAllowance(fast, 604_800n, 100n)).to.equal(2 * (4 * 6_048 + 2));
  });
});

describe("a remembered answer", () => {
  it("is asked for once in its time, and a failure is not remembered", async () => {
    const time = { now: 0 };
    let asked = 0;
    let works = false;
    const ask = remembered(
      () => {
        asked += 1;
        return works ? Promise.resolve(asked) : Promise.reject(new Error("no"));
      },
      1_000,
      { now: () => time.now },
    );
    for (let n = 1; n <= 2; n++) {
      const failed = await ask().catch(() => "failed");
      expect([failed, asked]).to.deep.equal(["failed", n]);
    }
    works = true;
    expect(await Promise.all([ask(), ask()])).to.deep.equal([3, 3]);
    time.now = 999;
    expect(await ask()).to.equal(3);
    time.now = 1_000;
    expect(await ask()).to.equal(4);
  });
});

describe("a node's status", () => {
  it("says state and failures, and forgets failures after a success", async () => {
    const time = { now: 5 };
    const status = new NodeStatus<{ name: string }>({ name: "A" }, { now: () => time.now });
    const watched = status.watch({ initial: { name: "A" }, step: () => Promise.resolve({ name: "B" }) });
    status.failed({ name: "A" }, new NodeError("nodes/peer-unavailable", "gone"), "keep");
    expect([status.failures, status.lastError?.code, status.since]).to.deep.equal([1, "nodes/peer-unavailable", 5]);
    time.now = 9;
    await watched.step({ name: "A" });
    expect([status.failures, status.state.name, status.since]).to.deep.equal([0, "B", 9]);
  });
});
