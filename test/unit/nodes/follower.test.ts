import { expect } from "chai";

import { makeCertificate, type Certificate } from "../../../src/certificates/certificate.js";
import { certificateMessageHash } from "../../../src/certificates/certificate-message.js";
import { signedBytes } from "../../../src/certificates/message.js";
import { readEpoch } from "../../../src/nodes/protocol/epoch-keys.js";
import { aggregate } from "../../../src/stm/aggregate.js";
import { proofToHex } from "../../../src/stm/encoding/json.js";
import { sign } from "../../../src/stm/sign.js";
import { verifyCertificates } from "../../../src/certificates/verify.js";
import { Follower } from "../../../src/nodes/aggregator/follower.js";
import type { LeaderSource } from "../../../src/nodes/aggregator/ports.js";
import { ClientError } from "../../../src/nodes/client/errors.js";
import { EraWatch } from "../../../src/nodes/eras/era-watch.js";
import { EpochViews } from "../../../src/nodes/protocol/epoch-views.js";
import { signatureToJson } from "../../../src/nodes/protocol/signature-message.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { MemoryAggregatorStore } from "../../support/nodes/memory-stores.js";
import { AggregatorNode, FakeEras, network, stepAll, TOY } from "../../support/nodes/network.js";

type Network = ReturnType<typeof network>;

/** Shows a leader's certificates, changed in one respect. */
class Leader implements LeaderSource {
  readonly name = "leader";
  readonly store: MemoryAggregatorStore;
  down = false;
  change = (certificate: Certificate): Certificate => certificate;
  hide = (_: Certificate): boolean => false;
  asked = 0;

  constructor(store: MemoryAggregatorStore) {
    this.store = store;
  }

  listEpoch(epoch: bigint) {
    this.asked += 1;
    if (this.down) return Promise.reject(new ClientError("client/unavailable", "nobody is there"));
    const all = this.store.certificates.map(({ certificate }) => certificate);
    const shown = all.filter((each) => each.epoch === epoch && !this.hide(each)).map(this.change);
    return Promise.resolve(
      shown.map(({ hash, content }, sequence) => ({
        ...{ hash, epoch, sequence: BigInt(sequence + 1) },
        entity: content.kind === "genesis" ? undefined : content.entity,
      })),
    );
  }

  certificate(hash: string): Promise<Certificate> {
    const all = this.store.certificates.map(({ certificate }) => this.change(certificate));
    return Promise.resolve(all.find((each) => each.hash === hash)!);
  }
}

describe("an aggregator that follows another", () => {
  /** A leader with the certificates of epochs 3 to `last`; the head is in that epoch. */
  async function led(last = 4, options: Parameters<typeof network>[0] = {}): Promise<Network> {
    const all = network(options);
    const { chain, signers, aggregators } = all;
    for (let epoch = 1; epoch <= last; epoch++) {
      await stepAll([aggregators[0]!, ...signers], 3);
      if (epoch >= 3) await stepAll([aggregators[0]!, ...signers], 4);
      if (epoch < last) chain.nextEpoch();
    }
    return all;
  }

  function following(
    { chain, aggregators }: Network,
    store = new MemoryAggregatorStore(),
    batch = 100,
    markers: FakeEras | null = null,
  ) {
    const leader = new Leader(aggregators[0]!.store);
    const time = { now: 1_700_000_000_000 };
    const clock = { now: () => time.now };
    const events: string[] = [];
    const follower = new Follower(
      { intervalMilliseconds: 1_000, distrustMilliseconds: 60_000, batch, patienceMilliseconds: 500 },
      {
        ...{ source: leader, chain, store, clock, logger: silentLogger },
        views: new EpochViews(chain, clock, markers === null ? null : new EraWatch(markers, silentLogger, [1])),
        observer: (event) => events.push(event),
      },
    );
    const follow = async () => {
      time.now += 1_000;
      await follower.follow(await chain.clock());
    };
    return { leader, store, events, follow, follower, time };
  }

  it("eras/a-leader-by-other-rules-is-no-liar: what cannot be verified by this program is left, and asked for again", async () => {
    const all = await led(4);
    const eras = new FakeEras();
    eras.announce("second", 2);
    eras.activate("second", 4n);
    const { leader, store, events, follow } = following(all, new MemoryAggregatorStore(), 100, eras);
    await follow();
    expect(store.certificates.every(({ certificate }) => certificate.epoch < 4n)).to.equal(true);
    expect(store.certificates.length).to.be.above(0);
    expect(events).to.not.include("lied");
    const { asked } = leader;
    await follow();
    expect(leader.asked, "not left alone as a liar is").to.be.above(asked);
  });

  const hashesOf = (store: MemoryAggregatorStore) => store.certificates.map(({ certificate }) => certificate.hash);

  it("aggregator/follower-takes-the-chain: takes the whole chain, piece by piece, the same as the leader's", async () => {
    const all = await led();
    const { store, follow, leader } = following(all, undefined, 2);
    for (let n = 0; n < 6; n++) await follow();
    expect(hashesOf(store)).to.deep.equal(hashesOf(leader.store));
    expect(store.certificates.length).to.be.at.least(5);
    const anchors = await all.chain.anchors();
    const certificates = store.certificates.map(({ certificate }) => certificate);
    expect(verifyCertificates(certificates, { registry: all.chain.registry, anchors }).ok).to.equal(true);
  });

  it("waits between two looks, and goes on after a leader that is away", async () => {
    const { leader, store, events, follow, follower } = following(await led(3));
    leader.down = true;
    await follow();
    expect(events).to.deep.equal(["away"]);
    await follower.follow({ epoch: 3n } as never);
    expect(leader.asked, "not asked again at once").to.equal(1);
    leader.down = false;
    await follow();
    expect(hashesOf(store)).to.deep.equal(hashesOf(leader.store));
  });

  it("aggregator/slow-leader-holds-up-nothing: stops after a while, and goes on later", async () => {
    const { leader, store, follow, time } = following(await led(3));
    const certificate = leader.certificate.bind(leader);
    leader.certificate = (hash) => {
      time.now += 400;
      return certificate(hash);
    };
    await follow();
    expect(store.certificates).to.have.length(2);
    for (let n = 0; n < 4; n++) await follow();
    expect(hashesOf(store)).to.deep.equal(hashesOf(leader.store));
  });

  const again = (certificate: Certificate, changes: object): Certificate =>
    makeCertificate({ ...certificate, ...changes } as Certificate);
  const signedOnly =
    (
      change: (
        certificate: Certificate,
        content: Extract<Certificate["content"], { kind: "multisignature" }>,
      ) => object,
    ) =>
    (certificate: Certificate): Certificate => {
      const { content } = certificate;
      return content.kind === "genesis" ? certificate : again(certificate, change(certificate, content));
    };
  const lies: [string, (leader: Leader) => void][] = [
    ["another hash", (l) => (l.change = (c) => ({ ...c, hash: c.hash.replace(/^./, (d) => (d === "0" ? "1" : "0")) }))],
    [
      "another proof",
      (l) =>
        (l.change = signedOnly((_, content) => {
          const other = l.store.certificates.map(({ certificate }) => certificate.content);
          const proofs = other.flatMap((each) => (each.kind === "multisignature" ? [each.proof] : []));
          return { content: { ...content, proof: proofs.find((proof) => proof !== content.proof) } };
        })),
    ],
    [
      "another message",
      (l) =>
        (l.change = signedOnly((_, content) => {
          const message = { ...content.message, stakeDistributionRoot: `0x${"11".repeat(32)}` };
          return { content: { ...content, message } };
        })),
    ],
    [
      "another registry",
      (l) =>
        (l.change = signedOnly((_, content) => {
          const registry = { ...content.message.registry, chainId: 5n };
          return { content: { ...content, message: { ...content.message, registry } } };
        })),
    ],
    [
      "other signers",
      (l) =>
        (l.change = signedOnly(({ metadata }) => {
          const signers = metadata.signers.map((signer) => ({ ...signer, steward: `0x${"99".repeat(20)}` }));
          return { metadata: { ...metadata, signers } };
        })),
    ],
    [
      "easier parameters",
      (l) => (l.change = signedOnly(({ parameters }) => ({ parameters: { ...parameters, k: 1n } }))),
    ],
    [
      "another anchor",
      (l) => (l.change = (c) => (c.isGenesis ? again(c, { content: { kind: "genesis", anchor: 2 } }) : c)),
    ],
    ["no predecessor", (l) => (l.hide = (c) => c.isGenesis)],
  ];
  // Liars only read it.
  let shared: Promise<Network> | undefined;
  for (const [name, lie] of lies) {
    it(`aggregator/lying-leader-is-avoided: keeps nothing of a leader that shows ${name}`, async () => {
      shared ??= led(3);
      const { leader, store, events, follow } = following(await shared);
      lie(leader);
      await follow();
      expect(events.filter((event) => event === "lied")).to.have.length(1);
      expect(store.certificates.filter(({ certificate }) => !certificate.isGenesis)).to.have.length(0);
      const asked = leader.asked;
      await follow();
      expect(leader.asked, "not asked for a while").to.equal(asked);
    });
  }

  it("aggregator/fork-is-refused: keeps nothing that a quorum signed against the registry", async () => {
    const all = await led(3);
    const { leader, store, events, follow } = following(all);
    const view = await readEpoch(all.chain, 3n);
    if ("reason" in view) throw new Error(view.reason);
    const { registration, stewards } = view.keys;
    const keys = await Promise.all(all.signers.map((signer) => signer.keys.existing(1n)));
    leader.change = signedOnly((_, content) => {
      // Every steward vouches for a distribution that the chain does not have.
      const message = { ...content.message, stakeDistributionRoot: `0x${"11".repeat(32)}` };
      const signed = signedBytes(certificateMessageHash(message));
      const signatures = keys.flatMap((key) => sign(key!, signed, registration, TOY) ?? []);
      const proof = aggregate(signatures, signed, registration, TOY, "gas");
      const signers = proof.signatures.map(({ signature }) => {
        const { steward, stake } = stewards[signature.signerIndex]!;
        return { steward, stake };
      });
      const metadata = { protocolVersion: "1.0.0", initiatedAt: 1n, sealedAt: 2n, signers };
      return { metadata, content: { ...content, message, proof: proofToHex(proof) } };
    });
    const forged = leader.store.certificates.map(({ certificate }) => leader.change(certificate));
    const trusted = { registry: all.chain.registry, anchors: await all.chain.anchors() };
    const [genesis, first] = forged as [Certificate, Certificate];
    expect(verifyCertificates([genesis, first], trusted).ok, "by itself the chain is sound").to.equal(true);
    await follow();
    expect(events).to.deep.equal(["followed", "lied"]);
    expect(store.certificates.map(({ certificate }) => certificate.isGenesis)).to.deep.equal([true]);
  });

  it("aggregator/missed-epochs-are-repaired: carries an aggregator over epochs in which others went on without it, into its own chain", async () => {
    const all = await led(3);
    const { chain, signers, aggregators } = all;
    const [leader] = aggregators as [(typeof aggregators)[0]];
    // It made epoch 3 by itself, with a genesis certificate of its own time, and then slept.
    const sleeper = new AggregatorNode("sleeper", chain, new MemoryAggregatorStore());
    sleeper.now += 5_000;
    for (const { signed } of signers) {
      await stepAll([sleeper], 3);
      for (const { signature } of await signed.unpublished(3n)) {
        await sleeper.receive(signatureToJson(signature));
      }
    }
    await stepAll([sleeper], 4);
    expect(await sleeper.store.isCertified("stake-distribution-3")).to.equal(true);
    for (let epoch = 4; epoch <= 6; epoch++) {
      chain.nextEpoch();
      await stepAll([leader, ...signers], 7);
    }
    await stepAll([sleeper], 3);
    expect(sleeper.state).to.include({ name: "BLOCKED", reason: "gap" });
    const { follow } = following(all, sleeper.store);
    await follow();
    await stepAll([sleeper], 3);
    expect(sleeper.state.name).not.to.equal("BLOCKED");
    const own = sleeper.store.certificates.map(({ certificate }) => certificate);
    expect(own.map(({ hash }) => hash)).not.to.include(hashesOf(leader.store).at(-1));
    const anchors = await chain.anchors();
    expect(verifyCertificates(own, { registry: chain.registry, anchors }).ok).to.equal(true);
    // And it goes on as an aggregator: the next epoch is its own.
    chain.nextEpoch();
    for (const signer of signers) signer.restart();
    await stepAll([sleeper, ...signers], 3);
    for (const { signed } of signers) {
      for (const { signature } of await signed.unpublished(7n)) await sleeper.receive(signatureToJson(signature));
    }
    await stepAll([sleeper], 3);
    expect(await sleeper.store.isCertified("stake-distribution-7")).to.equal(true);
  });
});
