import { expect } from "chai";

import type { Certificate } from "../../../src/certificates/certificate.js";
import { createWatcherMetrics, showWatched } from "../../../src/http/watcher/metrics.js";
import { NodeStatus } from "../../../src/nodes/protocol/node-status.js";
import type { WatcherState } from "../../../src/nodes/watcher/machine.js";
import { named } from "../../support/nodes/fake-chain.js";
import { FakeEras, network } from "../../support/nodes/network.js";
import { runToEpoch, sourceOf, tampered, TestSource } from "../../support/nodes/sources.js";
import { changed, keys, watcher } from "../../support/nodes/watcher.js";

describe("a watcher of eras and versions", () => {
  const all = network();
  const { chain } = all;
  const first = sourceOf(all);
  before(() => runToEpoch(all, 6n));

  const sourceWith = (name: string, make: () => readonly Certificate[]) => new TestSource(name, make);
  const lastStakes = (): Certificate =>
    first
      .certificates()
      .filter(({ epoch, content }) => epoch === 6n && content.kind === "multisignature")
      .find(({ content }) => content.kind === "multisignature" && content.entity.kind === "stake-distribution")!;

  it("watcher/unknown-era: alarms as soon as the era's epoch is fixed, again when it is in force, and not for an announcement", async () => {
    const eras = new FakeEras();
    eras.announce("second", 2);
    const { look, told } = watcher(chain, [first], {}, eras);
    const announced = await look();
    expect(keys(announced)).to.deep.equal([]);
    expect(announced.eras?.eras.map(({ stage, known }) => [stage, known])).to.deep.equal([
      ["active", true],
      ["announced", false],
    ]);
    eras.activate("second", 7n);
    expect(keys(await look(2))).to.deep.equal(["unknown-era 7 second"]);
    expect(told).to.have.length(1);
    expect(told[0]!.message).to.match(/begins with epoch 7/);
    eras.activate("second", 6n);
    const inForce = await look(2);
    expect(keys(inForce)).to.deep.equal(["unknown-era 6 second"]);
    expect(told.filter(({ status }) => status === "raised").at(-1)?.message).to.match(/in force since epoch 6/);
  });

  it("watcher/unknown-era: judges nobody by rules that are over, and keeps what it told about them", async () => {
    const forged = () => [...first.certificates(), tampered(lastStakes(), { stakeDistributionRoot: named("mine") })];
    const liar = sourceWith("a liar", forged);
    const eras = new FakeEras();
    const { look, told } = watcher(chain, [liar], {}, eras);
    expect(keys(await look())).to.deep.equal(["invalid-certificate 6 a liar"]);
    const { asked } = liar;
    eras.announce("second", 2);
    eras.activate("second", 6n);
    const watched = await look(2);
    expect(keys(watched)).to.deep.equal(["invalid-certificate 6 a liar", "unknown-era 6 second"]);
    expect(watched.sources).to.deep.equal([]);
    expect(liar.asked, "no certificate is asked for").to.equal(asked);
    expect(told.some(({ status }) => status === "cleared")).to.equal(false);
    // What the contract says by itself is checked as ever.
    const gone = changed(chain, {
      certifiedEpoch: (epoch) => Promise.resolve(epoch === 4n ? undefined : chain.certified.get(epoch)),
    });
    expect(keys(await watcher(gone, [first], {}, eras).look())).to.deep.equal(["gap 4", "unknown-era 6 second"]);
  });

  it("watcher/software-by-stake: shows each aggregator's word, and leaves out who is silent or says nothing", async () => {
    const [one, other] = [sourceWith("one", first.certificates), sourceWith("another", first.certificates)];
    one.shares = [{ software: "0.2.0", share: 0.6 }];
    other.shares = [
      { software: "0.1.0", share: 0.5 },
      { software: undefined, share: 0.5 },
    ];
    const { look } = watcher(chain, [one, other]);
    const both = await look();
    expect([...both.software.keys()]).to.deep.equal(["one", "another"]);
    expect(both.software.get("another")).to.deep.equal(other.shares);
    const metrics = createWatcherMetrics();
    const status = new NodeStatus<WatcherState>({ name: "IDLE" }, { now: () => 1 });
    await status
      .watch({
        initial: { name: "IDLE" },
        step: () => Promise.resolve({ name: "WATCHING", epoch: both.epoch, watched: both }),
      })
      .step({ name: "IDLE" });
    showWatched(metrics, status, 5);
    const shown = await metrics.software.get();
    expect(shown.values.map(({ labels, value }) => [labels.aggregator, labels.software, value])).to.deep.equal([
      ["one", "0.2.0", 0.6],
      ["another", "0.1.0", 0.5],
      ["another", "unknown", 0.5],
    ]);
    one.down = true;
    other.shares = undefined;
    expect([...(await look()).software.keys()]).to.deep.equal([]);
  });
});
