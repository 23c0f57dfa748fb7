import { expect } from "chai";

import { verifyCertificates } from "../../../src/certificates/verify.js";
import { network, stepAll } from "../../support/nodes/network.js";

describe("a network of stewards", () => {
  /** Brings the chain to the beginning of epoch 3, the first in which keys of epoch 1 sign. */
  async function atEpochThree(options: Parameters<typeof network>[0] = {}) {
    const all = network(options);
    const { chain, signers, aggregators } = all;
    await stepAll(signers, 2);
    chain.nextEpoch();
    await stepAll([...aggregators, ...signers], 2);
    chain.nextEpoch();
    await stepAll(aggregators, 2);
    return all;
  }

  async function verdict({ chain, aggregators }: Awaited<ReturnType<typeof atEpochThree>>, which = 0) {
    const certificates = aggregators[which]!.store.certificates.map(({ certificate }) => certificate);
    return verifyCertificates(certificates, { registry: chain.registry, anchors: await chain.anchors() });
  }

  it("certifies each epoch from the first in which keys can sign, and the chain verifies", async () => {
    const all = await atEpochThree();
    const { chain, signers, aggregators } = all;
    for (let epoch = 3; epoch <= 7; epoch++) {
      await stepAll([...signers, ...aggregators], 5);
      chain.mine(40n);
      await stepAll([...signers, ...aggregators], 5);
      expect(chain.certified.get(BigInt(epoch))?.scoresRoot, `epoch ${epoch}`).not.to.equal(undefined);
      chain.nextEpoch();
      await stepAll([...aggregators, ...signers], 3);
    }
    const { ok, verdicts, forks } = await verdict(all);
    expect(ok).to.equal(true);
    expect(forks).to.deep.equal([]);
    expect(verdicts.length).to.be.at.least(1 + 5 * 2);
  });

  it("needs no steward in particular: one is down, one computes another root", async () => {
    const all = await atEpochThree({ liar: 1 });
    const { chain, signers, aggregators } = all;
    const running = signers.filter((_, n) => n !== 4);
    chain.mine(40n);
    await stepAll([...running, ...aggregators], 8);
    expect(chain.certified.get(3n)?.scoresRoot).not.to.equal(undefined);
    const { content } = aggregators[0]!.store.certificates.at(-1)!.certificate;
    expect(content.kind === "multisignature" && content.entity.kind).to.equal("scores");
    const contributed = aggregators[0]!.store.certificates
      .at(-1)!
      .certificate.metadata.signers.map(({ steward }) => steward);
    expect(contributed).not.to.include(signers[1]!.account);
    expect((await verdict(all)).ok).to.equal(true);
  });

  it("makes no certificate of a quorum that is not there, and gives the message up in time", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    const [aggregator] = aggregators as [(typeof aggregators)[0]];
    await stepAll([signers[0]!, aggregator], 6);
    expect(aggregator.state.name).to.equal("SIGNING");
    expect(chain.certified.size).to.equal(0);
    aggregator.now += 3_600_001;
    expect(await aggregator.step()).to.equal("READY");
    expect(await aggregator.step(), "the stake distribution is opened again").to.equal("SIGNING");
    await stepAll([...signers, aggregator], 4);
    expect(chain.certified.has(3n)).to.equal(true);
  });

  it("goes on where it was after every node was killed at any step", async () => {
    for (let killAfter = 0; killAfter < 6; killAfter++) {
      const all = await atEpochThree();
      const { chain, signers, aggregators } = all;
      chain.mine(40n);
      for (let n = 0; n < 12; n++) {
        if (n === killAfter) for (const node of [...signers, ...aggregators]) node.restart();
        await stepAll([...signers, ...aggregators], 1);
      }
      expect(chain.certified.get(3n)?.scoresRoot, `killed after ${killAfter}`).not.to.equal(undefined);
      expect((await verdict(all)).ok).to.equal(true);
      for (const signer of signers) {
        const messages = new Map<string, string>();
        for (const { entity, message } of signer.sent) {
          expect(messages.get(entity) ?? message, "no second message about an entity").to.equal(message);
          messages.set(entity, message);
        }
      }
    }
  });

  it("buffers signatures that come before the message is open", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    const [aggregator] = aggregators as [(typeof aggregators)[0]];
    aggregator.restart();
    await stepAll(signers, 3);
    expect(await aggregator.store.openMessages()).to.have.length(0);
    await stepAll([aggregator], 5);
    expect(chain.certified.has(3n)).to.equal(true);
  });

  it("lets two aggregators certify the same, and sends again what one of them missed", async () => {
    const all = await atEpochThree({ aggregators: 2 });
    const { chain, signers, aggregators } = all;
    const [, second] = aggregators as [(typeof aggregators)[0], (typeof aggregators)[0]];
    for (const signer of signers) signer.cutFrom(second);
    await stepAll([...signers, ...aggregators], 5);
    expect(chain.certified.has(3n)).to.equal(true);
    expect(await second.store.isCertified("stake-distribution-3")).to.equal(false);
    for (const signer of signers) signer.reconnect(second);
    await stepAll([...signers, ...aggregators], 3);
    expect(await second.store.isCertified("stake-distribution-3")).to.equal(true);
    expect((await verdict(all, 1)).ok).to.equal(true);
  });

  it("blocks at a gap, and begins a new chain only when governance permits it", async () => {
    const all = await atEpochThree();
    const { chain, signers, aggregators } = all;
    const [aggregator] = aggregators as [(typeof aggregators)[0]];
    await stepAll([...signers, aggregator], 5);
    expect(chain.certified.has(3n)).to.equal(true);
    // Nobody signs in epoch 4, but all register.
    chain.nextEpoch();
    await stepAll(
      signers.map((signer) => ({ step: () => register(signer) })),
      1,
    );
    chain.seal(3n);
    chain.nextEpoch();
    await stepAll([aggregator, ...signers], 3);
    expect(aggregator.state).to.include({ name: "BLOCKED", reason: "gap" });
    chain.permitted = { first: 5n, last: 6n };
    await stepAll([aggregator, ...signers], 6);
    expect(chain.certified.has(5n)).to.equal(true);
    expect((await chain.anchors()).map(({ epoch }) => epoch)).to.deep.equal([3n, 5n]);
    expect((await verdict(all)).ok).to.equal(true);

    async function register(signer: (typeof signers)[0]): Promise<string> {
      signer.restart();
      return signer.step();
    }
  });

  it("deletes keys when their epoch of grace is over, and none before", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    const [signer] = signers as [(typeof signers)[0]];
    for (let epoch = 3; epoch <= 6; epoch++) {
      await stepAll([...signers, ...aggregators], 5);
      expect([...signer.keys.kept.keys()]).to.deep.equal(
        [epoch - 3, epoch - 2, epoch - 1, epoch].filter((registration) => registration > 0).map(BigInt),
      );
      chain.nextEpoch();
      await stepAll([...aggregators, ...signers], 2);
    }
  });

  it("waits out a chain that does not answer", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    const [aggregator] = aggregators as [(typeof aggregators)[0]];
    chain.down = true;
    const code = await aggregator.step().catch((error: { code: string }) => error.code);
    expect(code).to.equal("nodes/chain-unavailable");
    chain.down = false;
    await stepAll([...signers, aggregator], 5);
    expect(chain.certified.has(3n)).to.equal(true);
  });

  it("signs with the votes of the epoch in which a key was registered", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    const [aggregator] = aggregators as [(typeof aggregators)[0]];
    chain.stakes.set(signers[0]!.account, 1_000_000n);
    await stepAll([...signers, aggregator], 5);
    const { signers: first } = aggregator.store.certificates.at(-1)!.certificate.metadata;
    expect(first.map(({ stake }) => stake)).not.to.include(1_000_000n);
    for (let epoch = 4; epoch <= 5; epoch++) {
      chain.nextEpoch();
      await stepAll([aggregator, ...signers], 6);
    }
    const { signers: later } = aggregator.store.certificates.at(-1)!.certificate.metadata;
    expect(later.map(({ stake }) => stake)).to.include(1_000_000n);
  });
});
