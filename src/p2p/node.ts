// libp2p as this program uses it: TCP, Noise, Yamux, Gossipsub. No discovery, no relays, no name system: stewards know each other.
import { gossipsub, type GossipSub } from "@libp2p/gossipsub";
import type { TopicScoreParams } from "@libp2p/gossipsub/score";
import { identify } from "@libp2p/identify";
import type { Libp2p, PrivateKey } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";

import { peerIdOf } from "./address.js";
import type { GossipSettings } from "./settings.js";

export type GossipLibp2p = Libp2p<{ pubsub: GossipSub }>;

/** An RPC may carry a few messages, and announcements beside them. */
const RPC_MESSAGES = 4;
const RPC_OVERHEAD = 65_536;

/** A node that is not started yet. `isBanned` is asked about each connection, by the name of the peer at its other end. */
export async function makeLibp2p(
  { listen, peers, maxConnections, messageLimit, timing }: GossipSettings,
  privateKey: PrivateKey,
  topic: string,
  isBanned: (peer: string) => boolean,
): Promise<GossipLibp2p> {
  const node = await createLibp2p({
    start: false,
    privateKey,
    addresses: { listen: listen.map(String) },
    transports: [tcp({ maxConnections })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { maxConnections, inboundConnectionThreshold: 10, reconnectRetries: 0 },
    connectionGater: {
      denyDialPeer: (peer) => isBanned(peer.toString()),
      denyInboundEncryptedConnection: (peer) => isBanned(peer.toString()),
    },
    services: {
      identify: identify(),
      pubsub: gossipsub({
        ...MESH,
        heartbeatInterval: timing.heartbeat,
        allowedTopics: [topic],
        // The document's own signature says whose it is, and the same document is the same message whoever brings it.
        globalSignaturePolicy: "StrictNoSign",
        fallbackToFloodsub: false,
        floodPublish: true,
        doPX: false,
        maxInboundDataLength: RPC_MESSAGES * messageLimit + RPC_OVERHEAD,
        maxOutboundBufferSize: 2 * RPC_MESSAGES * messageLimit + RPC_OVERHEAD,
        decodeRpcLimits: RPC_LIMITS,
        maxTopicBytesPerPeer: 16_384,
        scoreParams: {
          topics: { [topic]: SCORES },
          IPColocationFactorWhitelist: new Set(["127.0.0.1", "::1"]),
          behaviourPenaltyThreshold: 6,
          behaviourPenaltyWeight: -1,
        },
      }),
    },
  });
  // When there are too many connections, those to configured peers go last.
  const configured = new Set(peers.map(peerIdOf));
  node.addEventListener("peer:connect", ({ detail }) => {
    if (!configured.has(detail.toString())) return;
    node.peerStore.merge(detail, { tags: { configured: { value: 100 } } }).catch(() => {});
  });
  return node;
}

/** A network of two up to some twenty: nearly everybody is in everybody's mesh. */
const MESH = { D: 8, Dlo: 5, Dhi: 14, Dscore: 5, Dout: 2, Dlazy: 8 };

const RPC_LIMITS = {
  maxSubscriptions: 16,
  maxMessages: 256,
  maxIhaveMessageIDs: 2_000,
  maxIwantMessageIDs: 2_000,
  maxIdontwantMessageIDs: 512,
  maxControlMessages: 64,
  maxPeerInfos: 0,
};

/**
 * How peers are scored: little for being useful, much against what fails validation, squared: three such messages within minutes and
 * a peer is not listened to. A topic that is silent for hours says nothing against anybody, so deliveries are not counted as missing.
 */
const SCORES: TopicScoreParams = {
  topicWeight: 1,
  timeInMeshWeight: 0,
  timeInMeshQuantum: 1_000,
  timeInMeshCap: 3_600,
  firstMessageDeliveriesWeight: 0.1,
  firstMessageDeliveriesDecay: 0.99,
  firstMessageDeliveriesCap: 50,
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 100,
  meshMessageDeliveriesThreshold: 20,
  meshMessageDeliveriesWindow: 2_000,
  meshMessageDeliveriesActivation: 5_000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -10,
  invalidMessageDeliveriesDecay: 0.99,
};
