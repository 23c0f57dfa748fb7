// Stewards and aggregators over a fake chain that talk by gossip alone, each over a libp2p node of its own on 127.0.0.1.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { multiaddr } from "@multiformats/multiaddr";
import { Registry } from "prom-client";

import { EpochViews } from "../../../src/nodes/protocol/epoch-views.js";
import { SignatureGate } from "../../../src/nodes/protocol/signature-gate.js";
import { signatureFromJson, signatureToJson } from "../../../src/nodes/protocol/signature-message.js";
import { openGossip, type Gossip } from "../../../src/p2p/gossip.js";
import type { GossipSettings } from "../../../src/p2p/settings.js";
import { systemClock } from "../../../src/shared/clock.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { FakeChain } from "./fake-chain.js";
import { MemoryAggregatorStore } from "./memory-stores.js";
import { AggregatorNode, SignerNode, stepAll, TOY } from "./network.js";

export interface Peer {
  readonly gossip: Gossip;
  readonly registry: Registry;
}

/** A test's exchanges happen when nodes meet, and otherwise only where it says so. */
const NEVER = 3_600_000;

export class GossipWorld {
  readonly chain = new FakeChain(TOY);
  readonly stewards: SignerNode[] = [];
  readonly #gossips = new Map<SignerNode, Gossip>();
  readonly #folders: string[] = [];
  readonly #peers = new Set<Peer>();

  /** So many stewards at the beginning of epoch 3, the first in which keys sign. Nobody is connected yet. */
  static async atEpochThree(stewards: number): Promise<GossipWorld> {
    const world = new GossipWorld();
    const { chain } = world;
    for (let n = 0; n < stewards; n++) world.stewards.push(world.#steward(n));
    world.stewards.forEach(({ account }, n) => chain.stakes.set(account, 1_000n + BigInt(n) * 100n));
    for (const epoch of [1n, 2n]) {
      await stepAll(world.stewards, 2);
      chain.nextEpoch();
      chain.seal(epoch);
    }
    return world;
  }

  /** The first address of each. */
  static addresses = (peers: readonly Peer[]): string[] => peers.map(({ gossip }) => gossip.addresses()[0] as string);

  async settings(peers: readonly string[] = [], changes: Partial<GossipSettings> = {}): Promise<GossipSettings> {
    const folder = await mkdtemp(path.join(tmpdir(), "gossip-"));
    this.#folders.push(folder);
    return {
      listen: [multiaddr("/ip4/127.0.0.1/tcp/0")],
      peers: peers.map((address) => multiaddr(address)),
      keyFile: path.join(folder, "identity.key"),
      maxConnections: 32,
      messageLimit: 16_384,
      rate: { messages: 200, seconds: 10 },
      timing: { heartbeat: 100, exchange: NEVER, redial: 50 },
      ...changes,
    };
  }

  /** Opens a node that keeps connected to others. */
  async peer(to: readonly Peer[] = [], changes: Partial<GossipSettings> = {}): Promise<Peer> {
    return this.open(await this.settings(GossipWorld.addresses(to), changes));
  }

  async open(settings: GossipSettings): Promise<Peer> {
    const registry = new Registry();
    const { chain } = this;
    const gate = new SignatureGate({
      views: new EpochViews(chain, systemClock),
      epoch: async () => (await chain.clock()).epoch,
    });
    const domain = chain.registry;
    const ports = { registry: domain, gate, clock: systemClock, logger: silentLogger, registers: [registry] };
    const peer = { gossip: await openGossip(settings, ports), registry };
    this.#peers.add(peer);
    return peer;
  }

  /** Has a steward publish through a node from now on. */
  connect(steward: SignerNode, { gossip }: Peer): void {
    this.#gossips.set(steward, gossip);
  }

  aggregator(name: string, { gossip }: Peer): AggregatorNode {
    const aggregator = new AggregatorNode(name, this.chain, new MemoryAggregatorStore());
    gossip.subscribe(async (signature) => void (await aggregator.receive(signatureToJson(signature))));
    return aggregator;
  }

  async end(peer: Peer): Promise<void> {
    this.#peers.delete(peer);
    await peer.gossip.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#peers].map((peer) => this.end(peer)));
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true })));
  }

  #steward(number: number): SignerNode {
    const receive = (document: unknown): Promise<"taken" | "late"> => {
      const gossip = this.#gossips.get(steward);
      return gossip === undefined ? Promise.reject(new Error("no node")) : gossip.publish(signatureFromJson(document));
    };
    const steward: SignerNode = new SignerNode(number, this.chain, [{ name: "gossip", receive }]);
    return steward;
  }
}

/** Steps nodes until something is so; fails after half a minute with what it waited for. */
export async function stepUntil(
  nodes: readonly { step(): Promise<string> }[],
  holds: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await stepAll(nodes, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** How often an outcome of a counter was met. */
export async function counted({ registry }: Peer, name: string, outcome: string): Promise<number> {
  const metric = await registry.getSingleMetric(`touchstone_gossip_${name}_total`)?.get();
  return metric?.values.find(({ labels }) => labels["outcome"] === outcome)?.value ?? 0;
}

/** How many signatures a node keeps. */
export async function held({ registry }: Peer): Promise<number> {
  const metric = await registry.getSingleMetric("touchstone_gossip_signatures_held")?.get();
  return metric?.values[0]?.value ?? 0;
}
