import { Counter, Gauge, type Registry } from "prom-client";

/** What a gossip node counts, in the registries of the process that it is part of. */
export function createGossipMetrics(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name: `touchstone_gossip_${name}`, help, registers });
  const counter = (name: string, help: string) =>
    new Counter({ name: `touchstone_gossip_${name}_total`, help, labelNames: ["outcome"] as const, registers });
  return {
    peers: gauge("peers", "Nodes of the same network that are connected"),
    held: gauge("signatures_held", "Signatures of the epoch that are kept for others"),
    received: counter(
      "received",
      "Signatures that arrived: taken, known, late, early, limited, unkept, unchecked, or refused",
    ),
    published: counter("published", "Own signatures: taken, late, or failed"),
    exchanges: counter("exchanges", "Peers that were asked for what is missing: done, failed, or refused"),
    banned: new Counter({
      name: "touchstone_gossip_banned_total",
      help: "Peers that were sent away for what they sent: alarm when it grows",
      registers,
    }),
    undelivered: gauge("undelivered", "Signatures that wait because this node could not take them yet"),
  };
}

export type GossipMetrics = ReturnType<typeof createGossipMetrics>;
