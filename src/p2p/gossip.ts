// Signatures among all nodes, without an aggregator that everybody depends on. Each node verifies before it passes on, keeps what
// it verified until the epoch ends, and gives it to those who come later.
import { randomBytes } from "node:crypto";

import { TopicValidatorResult, type Message } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";
import type { Registry } from "prom-client";

import type { RegistryDomain } from "../certificates/certificate-message.js";
import { NodeError } from "../nodes/protocol/errors.js";
import type { SignatureCheck } from "../nodes/protocol/signature-gate.js";
import type { SignatureMessage } from "../nodes/protocol/signature-message.js";
import type { SignatureConsumer, SignaturePublisher } from "../nodes/protocol/transport.js";
import type { Clock } from "../shared/clock.js";
import { DomainError } from "../shared/errors.js";
import type { Logger } from "../shared/logger.js";
import { PeerBudget } from "./budget.js";
import { Deliveries } from "./deliveries.js";
import { answerExchange, askExchange } from "./exchange.js";
import { loadIdentity } from "./identity.js";
import { createGossipMetrics, type GossipMetrics } from "./metrics.js";
import { exchangeProtocol, signatureTopic } from "./names.js";
import { makeLibp2p, type GossipLibp2p } from "./node.js";
import { Offenders } from "./offenders.js";
import { SignaturePool } from "./pool.js";
import { keepConnected } from "./redial.js";
import type { GossipSettings } from "./settings.js";
import { refusalOf, type Refusal } from "./verdict.js";
import { decodeSignature, encodeSignature } from "./wire.js";

export interface GossipPorts {
  readonly registry: RegistryDomain;
  readonly gate: SignatureCheck;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The process's metrics, which the node adds its own to. */
  readonly registers?: Registry[];
  /** From 0 to below 1; spreads redials and chooses whom to ask. */
  readonly random?: () => number;
}

export interface Gossip extends SignaturePublisher, SignatureConsumer {
  /** Where the node can be reached, with its identity: what goes into others' configuration. */
  addresses(): string[];
  /** Nodes of the same network that are connected. */
  peers(): string[];
}

/** Exchanges that a peer is answered in a minute: it asks when it connects, and now and then. */
const EXCHANGES = { amount: 30, seconds: 60 };

/** Starts a node of the network and keeps it connected. Throws `p2p/bad-key`, and `p2p/cannot-listen` when an address is taken. */
export async function openGossip(settings: GossipSettings, ports: GossipPorts): Promise<Gossip> {
  const key = await loadIdentity(settings.keyFile);
  const offenders = new Offenders(ports.clock);
  const topic = signatureTopic(ports.registry);
  const node = await makeLibp2p(settings, key, topic, (peer) => offenders.isBanned(peer));
  const gossip = new GossipNode(node, offenders, settings, ports);
  try {
    await gossip.start();
  } catch (cause) {
    await gossip.close().catch(() => {});
    const message = `The gossip node cannot listen at ${settings.listen.join(", ")}: ${(cause as Error).message}`;
    throw new DomainError("p2p/cannot-listen", message, {}, { cause });
  }
  ports.logger.info({ addresses: gossip.addresses(), topic }, "gossip begins");
  return gossip;
}

type Reception = "taken" | "known" | "unkept" | "limited" | Refusal;

class GossipNode implements Gossip {
  /**
   * Another one in each run: what was given to this node is in its memory, and its peers'. A signer that begins again sends its
   * signatures again, and those who have them say nothing.
   */
  readonly name = `gossip-${randomBytes(4).toString("hex")}`;
  readonly #node: GossipLibp2p;
  readonly #offenders: Offenders;
  readonly #settings: GossipSettings;
  readonly #ports: GossipPorts;
  readonly #metrics: GossipMetrics;
  readonly #topic: string;
  readonly #protocol: string;
  readonly #pool = new SignaturePool();
  readonly #messages: PeerBudget;
  readonly #exchanges: PeerBudget;
  readonly #deliveries: Deliveries[] = [];
  readonly #asking = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #running: Promise<void>[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  #closed: Promise<void> | undefined;

  constructor(node: GossipLibp2p, offenders: Offenders, settings: GossipSettings, ports: GossipPorts) {
    this.#node = node;
    this.#offenders = offenders;
    this.#settings = settings;
    this.#ports = ports;
    this.#metrics = createGossipMetrics(ports.registers ?? []);
    this.#topic = signatureTopic(ports.registry);
    this.#protocol = exchangeProtocol(ports.registry);
    const { messages, seconds } = settings.rate;
    this.#messages = new PeerBudget(messages, seconds, ports.clock);
    this.#exchanges = new PeerBudget(EXCHANGES.amount, EXCHANGES.seconds, ports.clock);
  }

  async start(): Promise<void> {
    const { pubsub } = this.#node.services;
    pubsub.topicValidators.set(this.#topic, (peer, message) => this.#validate(peer, message));
    pubsub.addEventListener("subscription-change", ({ detail: { peerId, subscriptions } }) => {
      const joined = subscriptions.some(({ topic, subscribe }) => topic === this.#topic && subscribe);
      if (joined) void this.#ask(peerId);
    });
    await this.#node.handle(
      this.#protocol,
      async (stream, { remotePeer }) => {
        if (this.#exchanges.spend(remotePeer.toString())) await answerExchange(stream, this.#pool.entries());
        else stream.abort(new Error("asked too often"));
      },
      { maxInboundStreams: 2, maxOutboundStreams: 2 },
    );
    await this.#node.start();
    pubsub.subscribe(this.#topic);
    const { timing, peers } = this.#settings;
    const { logger, random = Math.random } = this.#ports;
    const options = { first: timing.redial, signal: this.#closing.signal, logger, random };
    this.#running.push(...peers.map((address) => keepConnected(this.#node, address, options)));
    this.#timers.push(setInterval(() => void this.#tend(), timing.heartbeat));
    this.#timers.push(setInterval(() => this.#askSomebody(random), timing.exchange));
  }

  addresses(): string[] {
    return this.#node.getMultiaddrs().map(String);
  }

  peers(): string[] {
    return this.#node.services.pubsub.getSubscribers(this.#topic).map(String);
  }

  subscribe(consumer: (signature: SignatureMessage) => Promise<void>): void {
    const deliveries = new Deliveries(consumer, this.#ports.logger);
    this.#deliveries.push(deliveries);
    for (const { signature } of this.#pool.entries()) deliveries.offer(signature);
  }

  async publish(signature: SignatureMessage): Promise<"taken" | "late"> {
    try {
      const outcome = await this.#publish(signature);
      this.#metrics.published.inc({ outcome });
      return outcome;
    } catch (error) {
      this.#metrics.published.inc({ outcome: "failed" });
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...this.#running, ...this.#asking.values()]);
    await this.#node.stop();
    await Promise.all(this.#deliveries.map((deliveries) => deliveries.settled()));
  }

  async #publish(signature: SignatureMessage): Promise<"taken" | "late"> {
    try {
      await this.#take(signature);
    } catch (error) {
      if (error instanceof NodeError && error.code === "nodes/message-closed") return "late";
      throw error;
    }
    if (!(await this.#send(encodeSignature(signature)))) {
      throw new NodeError("nodes/peer-unavailable", "No gossip peer is connected that could take a signature");
    }
    return "taken";
  }

  /** Whether any peer got a document, now or a moment ago. */
  async #send(bytes: Uint8Array): Promise<boolean> {
    const { pubsub } = this.#node.services;
    // Gossipsub remembers what it could send to nobody as sent, and then sends it no more: a stream has to be open first.
    const { streamsOutbound } = pubsub as unknown as { streamsOutbound: ReadonlyMap<string, unknown> };
    if (!this.peers().some((peer) => streamsOutbound.has(peer))) return false;
    try {
      return (await pubsub.publish(this.#topic, bytes)).recipients.length > 0;
    } catch (error) {
      const { message } = error as Error;
      if (message === "PublishError.Duplicate") return true;
      if (message === "PublishError.NoPeersSubscribedToTopic") return false;
      throw error;
    }
  }

  async #validate(peer: PeerId, { data }: Message): Promise<TopicValidatorResult> {
    const reception = this.#messages.spend(peer.toString()) ? await this.#receive(peer, data) : "limited";
    this.#metrics.received.inc({ outcome: reception });
    if (reception === "taken") return TopicValidatorResult.Accept;
    return reception === "refused" ? TopicValidatorResult.Reject : TopicValidatorResult.Ignore;
  }

  /** What a peer brings, by whichever way. */
  async #receive(peer: PeerId, bytes: Uint8Array): Promise<Reception> {
    try {
      if (this.#offenders.isBanned(peer.toString())) return "limited";
      const signature = decodeSignature(bytes, this.#settings.messageLimit);
      if (this.#pool.has(signature)) return "known";
      return await this.#take(signature);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === "refused") this.#blame(peer, error);
      return refusal;
    }
  }

  /** Verifies, keeps and delivers. */
  async #take(signature: SignatureMessage): Promise<"taken" | "known" | "unkept"> {
    if (this.#pool.has(signature)) return "known";
    await this.#ports.gate.check(signature);
    const kept = this.#pool.add(signature);
    this.#metrics.held.set(this.#pool.size);
    for (const deliveries of this.#deliveries) deliveries.offer(signature);
    return kept ? "taken" : "unkept";
  }

  #blame(peer: PeerId, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#ports.logger.warn({ peer: peer.toString(), message }, "a gossip peer sent what cannot be valid");
    if (!this.#offenders.note(peer.toString())) return;
    this.#metrics.banned.inc();
    this.#ports.logger.warn({ peer: peer.toString() }, "a gossip peer is sent away");
    this.#node.hangUp(peer).catch(() => {});
  }

  /** Asks a peer for what is missing here; never twice at once. */
  #ask(peer: PeerId): Promise<void> {
    const name = peer.toString();
    const under = this.#asking.get(name);
    if (under !== undefined) return under;
    const asked = this.#fetch(peer)
      .then(
        (outcome) => this.#metrics.exchanges.inc({ outcome }),
        () => this.#metrics.exchanges.inc({ outcome: "failed" }),
      )
      .finally(() => this.#asking.delete(name));
    this.#asking.set(name, asked);
    return asked;
  }

  async #fetch(peer: PeerId): Promise<"done" | "refused"> {
    const documents = askExchange(this.#node, peer, {
      protocol: this.#protocol,
      entries: this.#pool.entries(),
      limit: this.#settings.messageLimit,
      signal: this.#closing.signal,
    });
    for await (const bytes of documents) {
      const reception = await this.#receive(peer, bytes);
      this.#metrics.received.inc({ outcome: reception });
      if (reception === "refused" || reception === "limited") return "refused";
      // Others may have missed it for the same reason: two halves of a network that was cut.
      if (reception === "taken") await this.#send(bytes);
    }
    return "done";
  }

  #askSomebody(random: () => number): void {
    const peers = this.#node.services.pubsub.getSubscribers(this.#topic);
    const peer = peers[Math.floor(random() * peers.length)];
    if (peer !== undefined) void this.#ask(peer);
  }

  /** Forgets what is over, and delivers again what could not be delivered. */
  async #tend(): Promise<void> {
    this.#messages.tidy();
    this.#exchanges.tidy();
    for (const deliveries of this.#deliveries) deliveries.retry();
    this.#metrics.peers.set(this.peers().length);
    this.#metrics.undelivered.set(this.#deliveries.reduce((sum, { waiting }) => sum + waiting, 0));
    // A chain that does not answer says nothing about epochs; everything stays.
    const epoch = await this.#ports.gate.epoch().catch(() => undefined);
    if (epoch === undefined) return;
    this.#pool.keepOnly(epoch);
    for (const deliveries of this.#deliveries) deliveries.keepOnly(epoch);
    this.#metrics.held.set(this.#pool.size);
  }
}
