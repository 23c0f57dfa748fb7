import { multiaddr } from "@multiformats/multiaddr";
import { lpStream } from "@libp2p/utils";
import { expect } from "chai";

import type { SignatureMessage } from "../../../src/nodes/protocol/signature-message.js";
import { loadIdentity } from "../../../src/p2p/identity.js";
import { exchangeProtocol, signatureTopic } from "../../../src/p2p/names.js";
import { makeLibp2p, type GossipLibp2p } from "../../../src/p2p/node.js";
import { encodeSignature } from "../../../src/p2p/wire.js";
import { counted, GossipWorld, held, stepUntil, type Peer } from "../../support/nodes/gossip-world.js";

/** What each steward signs in the world's epoch. */
const SIGNED = 2;

describe("gossip among peers of whom one lies", function () {
  this.timeout(60_000); // many nodes, and pairings on whatever machine
  let world: GossipWorld;
  /** Everybody is connected to the middle one and to nobody else: what comes further was relayed by it. */
  let middle: Peer;
  let behind: Peer;
  let topic: string;
  let valid: SignatureMessage;
  let attackers: GossipLibp2p[];

  beforeEach(async () => {
    attackers = [];
    world = await GossipWorld.atEpochThree(3);
    topic = signatureTopic(world.chain.registry);
    middle = await world.peer();
    behind = await world.peer([middle]);
    const [steward] = world.stewards;
    world.connect(steward!, await world.peer([middle]));
    await stepUntil([steward!], async () => (await held(behind)) === SIGNED, "what the first steward signed");
    valid = steward!.sent[0]!;
  });
  afterEach(async () => {
    await Promise.all(attackers.map(async (attacker) => attacker.stop()));
    await world.close();
  });

  /** A node without any validation of its own, connected to the middle one. */
  async function attacker(prepare: (node: GossipLibp2p) => unknown = () => {}, on = topic): Promise<GossipLibp2p> {
    const settings = await world.settings([], { messageLimit: 4_000_000 });
    const node = await makeLibp2p(settings, await loadIdentity(settings.keyFile), on, () => false);
    attackers.push(node);
    await prepare(node);
    await node.start();
    node.services.pubsub.subscribe(on);
    await node.dial(multiaddr(GossipWorld.addresses([middle])[0]!));
    if (on === topic) {
      await stepUntil([], () => node.services.pubsub.getSubscribers(topic).length > 0, "the attacker's connection");
    }
    return node;
  }

  const send = (node: GossipLibp2p, document: string | Uint8Array, on = topic) =>
    node.services.pubsub.publish(on, typeof document === "string" ? Buffer.from(document) : document);

  /** All that arrived at the last node by gossip, whatever became of it. */
  const arrived = async (): Promise<number> => {
    const outcomes = ["taken", "known", "late", "early", "limited", "unkept", "unchecked", "refused"];
    const counts = await Promise.all(outcomes.map((outcome) => counted(behind, "received", outcome)));
    return counts.reduce((sum, count) => sum + count, 0);
  };

  /** The second steward still reaches everybody. */
  async function networkGoesOn(): Promise<void> {
    const [, second] = world.stewards;
    world.connect(second!, await world.peer([middle]));
    await stepUntil([second!], async () => (await held(behind)) === 2 * SIGNED, "what the second steward signed");
  }

  const changed = (changes: Partial<SignatureMessage>) => encodeSignature({ ...valid, ...changes });
  const sigma = (from: Uint8Array) => ({ signature: { ...valid.signature, sigma: from } });

  const garbage: Record<string, () => string | Uint8Array> = {
    "no JSON": () => "{",
    "no UTF-8": () => Uint8Array.of(0xff, 0xfe),
    "another document": () => JSON.stringify({ format: "touchstone-signature-v2" }),
    "an oversize document": () => Buffer.concat([encodeSignature(valid), Buffer.alloc(16_384, " ")]),
    "a stranger's signature": () => changed({ steward: `0x${"ee".repeat(20)}` }),
    "a signer's number that is nobody's": () => changed({ signature: { ...valid.signature, signerIndex: 7 } }),
    "a signature of another message": () => changed({ message: "ab".repeat(32) }),
    "bytes that are no point": () => changed(sigma(Buffer.alloc(48, 1))),
    "an entity of another epoch": () => changed({ entity: "stake-distribution-2" }),
    "an index that was not won": () => changed({ signature: { ...valid.signature, indexes: lost(valid) } }),
  };

  it("gossip/garbage: relays nothing that cannot be valid, and goes on", async () => {
    const before = await arrived();
    let refused = 0;
    for (const [name, document] of Object.entries(garbage)) {
      // A new one for each two, before its faults get it banned.
      const node = refused % 2 === 0 ? await attacker() : attackers.at(-1)!;
      await send(node, document());
      refused += 1;
      await stepUntil([], async () => (await counted(middle, "received", "refused")) === refused, name);
    }
    await networkGoesOn();
    expect(await arrived(), "only the second steward's came").to.equal(before + SIGNED);
    expect(await counted(behind, "received", "refused")).to.equal(0);
  });

  it("gossip/replays: does not relay replays, in whatever spelling, nor hold them against the sender", async () => {
    const before = await arrived();
    // The first steward's may have come in both ways, by gossip and by asking.
    const known = await counted(middle, "received", "known");
    const node = await attacker();
    for (let spaces = 1; spaces <= 5; spaces++)
      await send(node, `${Buffer.from(encodeSignature(valid))}${" ".repeat(spaces)}`);
    const replays = async () => (await counted(middle, "received", "known")) === known + 5;
    await stepUntil([], replays, "five replays");
    await send(node, changed({ epoch: 2n, entity: "stake-distribution-2" }));
    await stepUntil([], async () => (await counted(middle, "received", "late")) === 1, "one of an epoch that is over");
    await send(node, changed({ epoch: 9n, entity: "stake-distribution-9" }));
    await stepUntil([], async () => (await counted(middle, "received", "early")) === 1, "one of an epoch to come");
    expect(await arrived()).to.equal(before);
    expect(node.getConnections()).to.have.length(1);
    await networkGoesOn();
  });

  it("gossip/banned: sends away who lies three times, and does not let it in again", async () => {
    const node = await attacker();
    for (let n = 1; n <= 3; n++) {
      await send(node, `lie ${n}`);
      await stepUntil([], async () => (await counted(middle, "received", "refused")) === n, `lie ${n}`);
    }
    await stepUntil([], () => node.getConnections().length === 0, "the end of the connection");
    await node.dial(multiaddr(GossipWorld.addresses([middle])[0]!)).catch(() => {});
    await stepUntil([], () => node.getConnections().length === 0, "the end of the second connection");
    expect(middle.gossip.peers()).not.to.include(node.peerId.toString());
    await networkGoesOn();
  });

  it("gossip/rate: takes a bounded number of messages from one peer in a time", async () => {
    const narrow = await world.peer([], { rate: { messages: 5, seconds: 3_600 } });
    const node = await attacker();
    await node.dial(multiaddr(GossipWorld.addresses([narrow])[0]!));
    await stepUntil([], () => node.services.pubsub.getSubscribers(topic).length === 2, "the connection");
    for (let epoch = 10n; epoch < 30n; epoch++)
      await send(node, changed({ epoch, entity: `stake-distribution-${epoch}` }));
    await stepUntil([], async () => (await counted(narrow, "received", "limited")) === 15, "fifteen too many");
    expect(await counted(narrow, "received", "early")).to.equal(5);
  });

  it("gossip/oversize: is not stopped by packets larger than any message", async () => {
    const before = await arrived();
    const node = await attacker();
    await send(node, Buffer.alloc(1_000_000, "x"));
    await send(node, "small, after it").catch(() => {});
    await networkGoesOn();
    expect(await arrived()).to.equal(before + SIGNED);
  });

  it("gossip/topics: hears nothing of other networks' topics", async () => {
    const other = signatureTopic({ ...world.chain.registry, chainId: 1n });
    const before = await arrived();
    const node = await attacker(() => {}, other);
    await send(node, encodeSignature(valid), other).catch(() => {});
    await networkGoesOn();
    expect(await arrived()).to.equal(before + SIGNED);
    expect(middle.gossip.peers()).not.to.include(node.peerId.toString());
    expect(signatureTopic(world.chain.registry, "3.0.0")).not.to.equal(topic);
  });

  it("gossip/lying-exchange: keeps nothing false that a peer gives for what is missing", async () => {
    const answers = [
      [frame(1), Buffer.from("garbage")],
      [frame(2), changed({ message: "cd".repeat(32) }), encodeSignature(valid)],
      [frame(4_000_000_000)],
      [Buffer.alloc(0)],
    ];
    const refusals = ["refused", "refused", "failed", "failed"];
    for (const [at, answer] of answers.entries()) {
      const count = async () => counted(middle, "exchanges", refusals[at]!);
      const before = await count();
      await attacker((node) =>
        node.handle(exchangeProtocol(world.chain.registry), async (stream) => {
          const frames = lpStream(stream);
          await frames.read();
          for (const bytes of answer) await frames.write(bytes);
          await stream.close();
        }),
      );
      await stepUntil([], async () => (await count()) === before + 1, `answer ${at}`);
    }
    expect(await held(middle)).to.equal(SIGNED);
    await networkGoesOn();
  });
});

function frame(count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(count);
  return bytes;
}

/** Indices that the signature does not list: nearly all of them, so that some were surely not won. */
function lost({ signature }: SignatureMessage): number[] {
  return Array.from({ length: 100 }, (_, index) => index).filter((index) => !signature.indexes.includes(index));
}
