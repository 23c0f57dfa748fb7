import { expect } from "chai";
import fc from "fast-check";

import {
  describeUnknown,
  eraAt,
  PROTOCOL_VERSIONS,
  reportEras,
  unknownActive,
  type EraMarker,
} from "../../../src/nodes/eras/era.js";
import { EraWatch } from "../../../src/nodes/eras/era-watch.js";
import { EpochViews } from "../../../src/nodes/protocol/epoch-views.js";
import { NodeError } from "../../../src/nodes/protocol/errors.js";
import type { Logger } from "../../../src/shared/logger.js";
import { signatureToJson } from "../../../src/nodes/protocol/signature-message.js";
import { FakeEras, network, stepAll } from "../../support/nodes/network.js";

const marker = (name: string, protocolVersion: number, epoch?: bigint): EraMarker => ({ name, protocolVersion, epoch });

/** A logger that keeps what an operator would read. */
function listener() {
  const said: string[] = [];
  const say = (level: string) => (fields: object, message: string) => {
    const { detail } = fields as { detail?: string };
    said.push(`${level}: ${detail ?? message}`);
  };
  const logger: Logger = { info: say("info"), warn: say("warn"), error: say("error") };
  return { said, logger };
}

describe("eras", () => {
  it("eras/active-by-the-clock: the activated marker with the greatest epoch that is not later, whatever the order", () => {
    const epochs = fc.uniqueArray(fc.bigInt({ min: 1n, max: 30n }), { maxLength: 6 });
    fc.assert(
      fc.property(epochs, fc.nat(3), fc.bigInt({ min: 0n, max: 32n }), (activated, announced, now) => {
        const markers = [
          ...activated.map((epoch, n) => marker(`era ${n}`, n, epoch)),
          ...Array.from({ length: announced }, (_, n) => marker(`announced ${n}`, 90 + n)),
        ];
        // Counted down from now, epoch after epoch.
        let expected: EraMarker | undefined;
        for (let epoch = now; epoch >= 1n && expected === undefined; epoch--) {
          expected = markers.find((one) => one.epoch === epoch);
        }
        expect(eraAt(markers, now)).to.equal(expected);
        const { eras } = reportEras(markers, now, [0, 2, 4, 91]);
        expect(eras.filter(({ stage }) => stage === "active").map((one) => one.marker)).to.deep.equal(
          expected === undefined ? [] : [expected],
        );
        const coming = eras.filter(({ stage }) => stage === "coming").map((one) => one.marker.epoch!);
        expect(coming).to.deep.equal(activated.filter((epoch) => epoch > now).sort((a, b) => (a < b ? -1 : 1)));
        expect(eras.filter(({ stage }) => stage === "announced")).to.have.length(announced);
        for (const {
          known,
          marker: { protocolVersion },
        } of eras) {
          expect(known).to.equal([0, 2, 4, 91].includes(protocolVersion));
        }
      }),
    );
  });

  it("eras/warns-once: says what to do when an era is announced, activated and in force, and not at each look", async () => {
    const { said, logger } = listener();
    const eras = new FakeEras();
    const watch = new EraWatch(eras, logger, [1]);
    for (const epoch of [3n, 3n]) await watch.look(epoch);
    expect(said).to.deep.equal([]);
    eras.announce("second", 2);
    for (const epoch of [3n, 3n, 4n]) await watch.look(epoch);
    expect(said).to.have.length(1);
    expect(said[0]).to.match(/^warn: Era "second" \(protocol version 2\) is announced.*install/);
    eras.activate("second", 6n);
    for (const epoch of [4n, 5n]) await watch.look(epoch);
    expect(said).to.have.length(2);
    expect(said[1]).to.match(/^warn: .*begins with epoch 6.*version 1 alone.*stops its work then$/);
    expect(unknownActive(watch.report!)).to.equal(undefined);
    for (const epoch of [6n, 7n]) await watch.look(epoch);
    expect(said).to.have.length(3);
    expect(said[2]).to.match(/^error: .*in force since epoch 6.*does nothing until a newer program is installed$/);
    expect(unknownActive(watch.report!)?.name).to.equal("second");
    // Governance goes back to rules that are known.
    eras.announce("third", 1);
    eras.activate("third", 8n);
    await watch.look(8n);
    expect(said.at(-1)).to.match(/^info:/);
    expect(describeUnknown({ marker: marker("x", 7, 2n), stage: "active", known: false })).to.contain(
      `version ${PROTOCOL_VERSIONS.join(", ")} alone`,
    );
  });

  it("eras/unread-is-not-known: markers that do not answer are the chain's failure, and nothing is assumed", async () => {
    const { logger } = listener();
    const away = { markers: () => Promise.reject(new NodeError("nodes/chain-unavailable", "away")) };
    const watch = new EraWatch(away, logger, [1]);
    await expectCode(watch.look(1n), "nodes/chain-unavailable");
    await expectCode(new EpochViews(network().chain, { now: () => 0 }, watch).read(3n), "nodes/chain-unavailable");
    expect(watch.report).to.equal(undefined);
  });

  it("eras/the-past-too: an epoch that is over is read by its era's rules or not at all, for strangers as for the node", async () => {
    const eras = new FakeEras();
    eras.announce("second", 2);
    eras.activate("second", 4n);
    const views = new EpochViews(network().chain, { now: () => 0 }, new EraWatch(eras, listener().logger, [1]));
    for (const read of [(epoch: bigint) => views.visit(epoch), (epoch: bigint) => views.read(epoch)]) {
      const reasons = (await Promise.all([3n, 4n].map(read))).map((view) => ("reason" in view ? view.reason : "read"));
      expect(reasons[0]).not.to.equal("unknown-era");
      expect(reasons[1]).to.equal("unknown-era");
    }
  });
});

const expectCode = async (work: Promise<unknown>, code: string) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect((error as { code?: unknown } | undefined)?.code).to.equal(code);
};

describe("nodes at the border of an era", () => {
  /** Five signers and an aggregator in epoch 3, all with the rules of version 1. */
  async function running() {
    const all = network();
    const eras = new FakeEras();
    const nodes = [...all.aggregators, ...all.signers];
    for (const node of nodes) node.upgrade(eras, 1);
    const next = async () => {
      await stepAll(nodes, 6);
      all.chain.nextEpoch();
      await stepAll(nodes, 6);
    };
    await next();
    await next();
    const [signer] = all.signers as [(typeof all.signers)[0]];
    const [aggregator] = all.aggregators as [(typeof all.aggregators)[0]];
    return { ...all, eras, nodes, next, signer, aggregator };
  }

  it("eras/stops-where-rules-are-not-known: signs until the era begins, then neither registers nor signs, and says why", async () => {
    const { chain, eras, next, signer, signers, aggregator } = await running();
    expect(signer.state.name).to.equal("SIGNING");
    expect(chain.certified.has(3n)).to.equal(true);
    eras.announce("second", 2);
    eras.activate("second", 5n);
    await next();
    expect(chain.certified.has(4n), "the epoch before goes on").to.equal(true);
    await next();
    expect(chain.epoch).to.equal(5n);
    for (const { state } of signers) {
      expect(state).to.deep.include({ name: "OUTDATED", epoch: 5n });
      expect(state.name === "OUTDATED" && state.era.name).to.equal("second");
    }
    expect(aggregator.state).to.include({ name: "BLOCKED", reason: "unknown-era" });
    expect(await chain.registrationsOf(5n)).to.deep.equal([]);
    expect(signer.sent.every(({ epoch }) => epoch < 5n)).to.equal(true);
    expect(chain.certified.has(5n)).to.equal(false);
    // It looks, and stays: no failure that ends the process.
    for (let n = 0; n < 5; n++) expect(await signer.step()).to.equal("OUTDATED");
  });

  it("eras/upgraded-nodes-go-on: four of five with a newer program certify, the fifth is silent and not held against anybody", async () => {
    const { chain, eras, next, nodes, signers, signer, aggregator } = await running();
    eras.announce("second", 2);
    eras.activate("second", 5n);
    for (const node of nodes) if (node !== signer) node.upgrade(eras, 1, 2);
    await next();
    await next();
    expect(chain.certified.has(5n)).to.equal(true);
    expect(aggregator.state.name).to.not.equal("BLOCKED");
    expect(signer.state.name).to.equal("OUTDATED");
    expect((await chain.registrationsOf(5n)).map(({ steward }) => steward)).to.not.include(signer.account);
    expect(await chain.registrationsOf(5n)).to.have.length(signers.length - 1);
    // The operator installs it in the middle of the epoch: its key of epoch 3 is still there.
    signer.upgrade(eras, 1, 2);
    await stepAll([signer], 4);
    expect(signer.state.name).to.equal("SIGNING");
    expect((await chain.registrationsOf(5n)).map(({ steward }) => steward)).to.include(signer.account);
  });

  it("eras/outdated-aggregator-judges-nobody: signatures by newer rules are put off, not refused for good", async () => {
    const { chain, eras, next, signers, aggregator } = await running();
    eras.announce("second", 2);
    eras.activate("second", 4n);
    for (const signer of signers) {
      signer.upgrade(eras, 1, 2);
      signer.cutFrom(aggregator);
    }
    await next();
    chain.seal(2n);
    chain.seal(3n);
    await stepAll(signers, 4);
    const [first] = signers;
    const waiting = await first!.signed.unpublished(4n);
    expect(waiting.length).to.be.above(0);
    await expectCode(aggregator.receive(signatureToJson(waiting[0]!.signature)), "nodes/epoch-not-ready");
  });
});
