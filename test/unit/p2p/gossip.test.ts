import { multiaddr } from "@multiformats/multiaddr";
import { expect } from "chai";

import { verifyCertificates } from "../../../src/certificates/verify.js";
import { counted, GossipWorld, held, stepUntil, type Peer } from "../../support/nodes/gossip-world.js";
import { stepAll, type AggregatorNode } from "../../support/nodes/network.js";

/** What each steward signs in the world's epoch: its stake distribution, and the snapshot at its beginning. */
const SIGNED = 2;

describe("gossip", function () {
  this.timeout(60_000); // many nodes, and pairings on whatever machine
  let world: GossipWorld;
  beforeEach(async () => (world = await GossipWorld.atEpochThree(5)));
  afterEach(() => world.close());

  const certified = (kind: string) => (aggregator: AggregatorNode) =>
    aggregator.store.certificates.some(
      ({ certificate: { content } }) => content.kind === "multisignature" && content.entity.kind === kind,
    );
  const hasStakes = certified("stake-distribution");
  const hasScores = certified("scores");

  /** A node for each steward, each connected to the given ones and to the steward before it. */
  async function connectStewards(to: readonly Peer[]): Promise<Peer[]> {
    const peers: Peer[] = [];
    for (const steward of world.stewards) {
      const peer = await world.peer([...to, ...peers.slice(-1)]);
      world.connect(steward, peer);
      peers.push(peer);
    }
    return peers;
  }

  it("gossip/no-http: certifies an epoch among nodes of which each knows only its neighbour", async () => {
    const { stewards, chain } = world;
    const peers = await connectStewards([]);
    const aggregator = world.aggregator("last", await world.peer(peers.slice(-1)));
    await stepUntil([...stewards, aggregator], () => hasStakes(aggregator), "a stake distribution");
    chain.mine(40n);
    await stepUntil([...stewards, aggregator], () => hasScores(aggregator), "scores");
    const certificates = aggregator.store.certificates.map(({ certificate }) => certificate);
    const { ok } = verifyCertificates(certificates, { registry: chain.registry, anchors: await chain.anchors() });
    expect(ok).to.equal(true);
  });

  it("gossip/aggregator-killed: goes on with the other aggregator when one is killed in the middle of an epoch", async () => {
    const { stewards } = world;
    const [first, second] = [await world.peer(), await world.peer()];
    const aggregators = [world.aggregator("first", first), world.aggregator("second", second)] as const;
    await connectStewards([first, second]);
    const firstTwo = stewards.slice(0, 2);
    await stepUntil([...firstTwo, ...aggregators], async () => (await held(first)) === 2 * SIGNED, "two signatures");
    await world.end(first);
    await stepUntil([...stewards, aggregators[1]], () => hasScores(aggregators[1]), "scores");
    expect(hasScores(aggregators[0])).to.equal(false);
  });

  it("gossip/late-aggregator: gives all signatures to an aggregator that begins after everybody signed", async () => {
    const { stewards } = world;
    const peers = await connectStewards([]);
    await stepUntil(stewards, async () => (await held(peers[0]!)) === 5 * SIGNED, "all signatures at the first node");
    await world.end(peers[4]!);
    const late = world.aggregator("late", await world.peer(peers.slice(0, 1)));
    await stepUntil([late], () => hasStakes(late), "a stake distribution");
  });

  it("gossip/partition: heals after a partition: neither side has a quorum, both together do", async () => {
    const { stewards } = world;
    const left = await world.peer();
    const right = await world.peer();
    for (const [n, steward] of stewards.entries()) {
      const side = await world.peer([n < 3 ? left : right]);
      world.connect(steward, side);
    }
    const aggregators = [world.aggregator("left", left), world.aggregator("right", right)] as const;
    const nodes = [...stewards, ...aggregators];
    await stepUntil(
      nodes,
      async () => (await held(left)) === 3 * SIGNED && (await held(right)) === 2 * SIGNED,
      "each side's signatures",
    );
    expect(aggregators.some(hasStakes), "no side can certify alone").to.equal(false);
    await world.peer([left, right]);
    await stepUntil(nodes, () => aggregators.every(hasStakes), "a stake distribution on both sides");
  });

  it("gossip/redial: dials a lost peer again, under its old name at its old place", async () => {
    const { stewards } = world;
    const settings = await world.settings();
    const before = await world.open(settings);
    const [address] = GossipWorld.addresses([before]);
    const peer = await world.peer([before]);
    world.connect(stewards[0]!, peer);
    await stepUntil([], () => peer.gossip.peers().length === 1, "a connection");
    await world.end(before);
    await stepUntil([], () => peer.gossip.peers().length === 0, "the loss");
    await stepAll(stewards.slice(0, 1), 3);
    expect(await counted(peer, "published", "failed"), "nobody took it").to.be.greaterThan(0);
    const listen = [multiaddr(address!.replace(/\/p2p\/.*$/, ""))];
    const after = await world.open({ ...settings, listen });
    expect(GossipWorld.addresses([after])).to.deep.equal([address]);
    await stepUntil(stewards.slice(0, 1), async () => (await held(after)) === SIGNED, "the signature");
    await stepUntil(stewards.slice(0, 1), async () => (await counted(peer, "published", "taken")) > 0, "taken");
  });

  it("gossip/redelivered: delivers again what its consumer could not take", async () => {
    const { stewards } = world;
    const peer = await world.peer();
    let down = true;
    const got: string[] = [];
    peer.gossip.subscribe(({ steward }) => {
      if (down) return Promise.reject(new Error("the database is away"));
      got.push(steward);
      return Promise.resolve();
    });
    world.connect(stewards[0]!, await world.peer([peer]));
    await stepUntil(stewards.slice(0, 1), async () => (await held(peer)) === SIGNED, "the signature");
    expect(got).to.deep.equal([]);
    down = false;
    await stepUntil([], () => got.length > 0, "the delivery");
    expect([...new Set(got)]).to.deep.equal([stewards[0]!.account]);
  });

  it("gossip/forgets: forgets an epoch that is over", async () => {
    const { stewards, chain } = world;
    const peers = await connectStewards([]);
    await stepUntil(stewards, async () => (await held(peers[0]!)) === 5 * SIGNED, "all signatures at the first node");
    const [old] = stewards[0]!.sent;
    chain.nextEpoch();
    await stepUntil([], async () => (await held(peers[0]!)) === 0, "an empty pool");
    expect(await peers[1]!.gossip.publish(old!)).to.equal("late");
  });
});
