import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { encodeBytes32String } from "ethers";

import { startAggregator } from "../../src/bin/start-aggregator.js";
import { startSigner } from "../../src/bin/start-signer.js";
import { watchOnce } from "../../src/bin/start-watcher.js";
import type { Step } from "../../src/chain/call.js";
import { EraMarkersGateway } from "../../src/chain/era-markers.js";
import { EraMarkersView } from "../../src/chain/era-view.js";
import { planParameterChange } from "../../src/chain/parameter-change.js";
import { sendCall } from "../../src/chain/send-call.js";
import { parseAggregatorConfig } from "../../src/config/aggregator.js";
import { parseSignerConfig } from "../../src/config/signer.js";
import { parseWatcherConfig } from "../../src/config/watcher.js";
import { silentLogger } from "../../src/shared/logger.js";
import { EraMarkers__factory } from "../../typechain-types/index.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { developmentWallet } from "../support/development-wallet.js";
import { until } from "../support/nodes/signer-world.js";
import { startRpcChain, type RpcChain } from "../support/rpc-chain.js";
import { deployStewardNetwork, startOf, TOKEN, type StewardNetwork } from "../support/steward-network.js";

const STM = { k: 5n, m: 30n, phiF: 0.8 };

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "accepted",
    (error: { code?: string }) => error.code,
  );

describe("eras and scheduled parameters on a chain", function () {
  this.timeout(60_000);
  let chain: RpcChain;
  let network: StewardNetwork;
  let eras: EraMarkersGateway;
  let home: string;
  const databases: TestDatabase[] = [];

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "touchstone-eras-"));
    chain = await startRpcChain();
    const { provider } = chain;
    const wallet = (index: number) => developmentWallet(index, provider);
    network = await deployStewardNetwork([wallet(0), wallet(1)], [wallet(2)], provider, timeOf(), {
      ...{ stm: STM, minimumStake: 10n ** 9n, minimumShare: 100 },
      votes: () => 1_000n * TOKEN,
    });
    const markers = await new EraMarkers__factory(wallet(0)).deploy(
      network.gateway.address,
      encodeBytes32String("first"),
      1,
    );
    eras = new EraMarkersGateway(await markers.getAddress(), provider);
  });

  after(async () => {
    await chain?.close();
    for (const database of databases) await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  const timeOf = () => ({
    latest: async () => Number((await chain.provider.getBlock("latest"))?.timestamp),
    async increaseTo(to: number | bigint) {
      await chain.provider.send("evm_setNextBlockTimestamp", [`0x${BigInt(to).toString(16)}`]);
      await chain.provider.send("evm_mine", []);
    },
  });
  const enter = async (epoch: bigint) => timeOf().increaseTo((await startOf(network, epoch)) + 1n);
  const decide = async (step: Step) => {
    if (!("call" in step)) throw new Error(step.done);
    return sendCall(network.timelock, step.call);
  };
  // The stores are tested on every engine; what is asked here is the same on all.
  const newDatabase = async () => {
    const database = await engines.at(-1)!.create();
    databases.push(database);
    return database.location;
  };
  const epochNow = async () => (await network.gateway.clock()).epoch;

  it("eras/announced-then-activated: governance's calls are checked before they are voted on, as the contract does", async () => {
    const clock = await network.gateway.clock();
    expect(clock.epoch).to.equal(1n);
    expect(await codeOf(eras.activate("second", 9n, clock))).to.equal("eras/not-announced");
    expect(await codeOf(eras.announce("no spaces", 2))).to.equal("eras/bad-name");
    await decide(await eras.announce("second", 2));
    expect(await eras.announce("second", 2)).to.have.property("done");
    expect(await codeOf(eras.announce("second", 3))).to.equal("eras/announced");
    expect(await codeOf(eras.activate("first", 9n, clock)), "it began").to.equal("eras/too-early");
    expect(await codeOf(eras.activate("second", 1n, clock)), "the current epoch").to.equal("eras/too-early");
    await decide(await eras.activate("second", 4n, clock));
    expect(await eras.activate("second", 4n, clock)).to.have.property("done");
    // A vote that ends in the era's own epoch comes too late.
    expect(await codeOf(eras.activate("second", 3n, clock, 2n * clock.epochLength))).to.equal("eras/too-early");
    expect(await codeOf(eras.activate("second", 3n, clock, clock.epochLength))).to.equal("accepted");
    await decide(await eras.announce("third", 1));
    expect(await codeOf(eras.activate("third", 4n, clock)), "not before those before").to.equal("eras/too-early");
    await decide(await eras.activate("second", 3n, clock));
    expect(await eras.markers()).to.deep.equal([
      { name: "first", protocolVersion: 1, epoch: 1n },
      { name: "second", protocolVersion: 2, epoch: 3n },
      { name: "third", protocolVersion: 1, epoch: undefined },
    ]);
  });

  it("eras/markers-of-another-registry: a node that is given them ends, and says why", async () => {
    const view = new EraMarkersView(eras, `0x${"12".repeat(20)}`);
    const error = await view.markers().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: "nodes/wrong-registry", fate: "stop" });
    expect(await new EraMarkersView(eras, network.gateway.address.toLowerCase()).markers()).to.have.length(3);
  });

  it("certificates/scheduled-parameters: the schedule is what the contract has for each epoch, whatever was decided in between", async () => {
    const { gateway } = network;
    const decisions: readonly [bigint, { k?: bigint; m?: bigint; phiF?: number; minimumShare?: number }][] = [
      [9n, { k: 6n }],
      [12n, { k: 7n, m: 40n }],
      [10n, { phiF: 0.65 }], // takes away what was decided for 12
      [11n, { minimumShare: 200 }],
    ];
    for (const [epoch, change] of decisions) await decide((await planParameterChange(gateway, epoch, change)).step);
    const schedule = await gateway.schedule();
    expect(schedule.map(({ epoch }) => epoch)).to.deep.equal([0n, 9n, 10n, 11n]);
    for (let epoch = 1n; epoch <= 14n; epoch++) {
      const { epoch: _, ...expected } = schedule.findLast((entry) => entry.epoch <= epoch)!;
      expect(await gateway.parametersOf(epoch)).to.deep.equal(expected);
    }
    const now = await epochNow();
    expect(await codeOf(planParameterChange(gateway, now + 1n, { k: 8n }))).to.equal("certificate/too-early");
    await decide((await planParameterChange(gateway, now + 2n, { k: 5n, m: 29n })).step);
    expect((await gateway.schedule()).map(({ epoch }) => epoch)).to.deep.equal([0n, now + 2n]);
  });

  it("eras/nodes-follow-the-chain: signer, aggregator and watcher warn before, and stop or alarm without ending", async () => {
    const common = (prefix: string, rest: Record<string, string>) => ({
      ...Object.fromEntries(
        Object.entries({
          ...{
            RPC_URL: chain.url,
            CHAIN_ID: "31337",
            REGISTRY: network.gateway.address,
            ERAS: eras.address,
            PORT: "0",
          },
          ...{ POLL_MILLISECONDS: "50", ...rest },
        }).map(([name, value]) => [`${prefix}_${name}`, value]),
      ),
    });
    const warnings: string[] = [];
    const hear = (fields: object) => {
      const { detail } = fields as { detail?: string };
      if (detail !== undefined) warnings.push(detail);
    };
    const logger = { ...silentLogger, warn: hear, error: hear };
    const key = developmentWallet(2, chain.provider).privateKey;
    const aggregator = await startAggregator(
      {
        ...parseAggregatorConfig(common("AGGREGATOR", { WITHOUT_LOG: "true", ACCOUNT_KEY: key })),
        database: await newDatabase(),
      },
      { logger: silentLogger },
    );
    const signer = await startSigner(
      {
        ...parseSignerConfig(
          common("SIGNER", {
            ...{ WITHOUT_LOG: "true", ACCOUNT_KEY: key, PASSPHRASE: "correct horse", SEAL_AFTER: "never" },
            ...{ KEYS: path.join(home, "keys"), AGGREGATORS: aggregator.url },
          }),
        ),
        database: await newDatabase(),
      },
      { logger },
    );
    const running = { signer, aggregator };
    try {
      const metric = async (url: string, name: string) => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return text.split("\n").find((line) => line.startsWith(name));
      };
      const stage = (role: string, of: string) => `touchstone_${role}_unknown_eras{stage="${of}"}`;
      const shows = (role: "signer" | "aggregator", of: string, count: number) =>
        until(async () => (await metric(running[role].url, stage(role, of)))?.endsWith(` ${count}`) === true);
      await until(async () => (await network.gateway.registrations(1n)).length === 1);
      // Metrics follow when the step is over in which the key was registered.
      await shows("signer", "coming", 1);
      expect(await metric(signer.url, stage("signer", "active"))).to.match(/ 0$/);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/"second".*begins with epoch 3.*install/);
      await enter(3n);
      await until(() => signer.status.state.name === "OUTDATED" && aggregator.status.state.name === "BLOCKED");
      await shows("aggregator", "active", 1);
      await shows("signer", "active", 1);
      expect(await metric(signer.url, "touchstone_signer_era_version")).to.match(/ 2$/);
      const health = await fetch(`${signer.url}/health`);
      expect(health.status, "it lives: a restart would change nothing").to.equal(200);
      expect(await health.json()).to.deep.include({ state: "OUTDATED", epoch: "3", failures: 0 });
      const status = (await (await fetch(`${aggregator.url}/v1/status`)).json()) as Record<string, object>;
      expect(status["machine"]).to.include({ state: "BLOCKED", reason: "unknown-era", failures: 0 });
      expect(status["eras"]).to.deep.equal([
        { name: "second", protocolVersion: 2, epoch: "3", stage: "active", known: false },
        { name: "third", protocolVersion: 1, epoch: null, stage: "announced", known: true },
      ]);
      const watched = await watchOnce(
        {
          ...parseWatcherConfig(common("WATCHER", { AGGREGATORS: aggregator.url, MINIMUM_BITS: "0" })),
          database: await newDatabase(),
        },
        { logger: silentLogger },
      );
      expect(watched?.alarms.map(({ alarm }) => `${alarm.kind} ${alarm.epoch} ${alarm.subject}`)).to.deep.equal([
        "unknown-era 3 second",
      ]);
      expect(await network.gateway.registrations(3n)).to.deep.equal([]);
      // Governance goes back to rules that the nodes have.
      await decide(await eras.activate("third", 4n, await network.gateway.clock()));
      await enter(4n);
      await until(async () => (await network.gateway.registrations(4n)).length === 1);
      await until(() => signer.status.state.name !== "OUTDATED");
    } finally {
      await signer.close();
      await aggregator.close();
    }
  });
});
