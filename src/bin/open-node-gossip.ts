import type { Registry } from "prom-client";

import type { StewardChain } from "../nodes/protocol/chain.js";
import type { EpochViews } from "../nodes/protocol/epoch-views.js";
import { SignatureGate } from "../nodes/protocol/signature-gate.js";
import { openGossip, type Gossip } from "../p2p/gossip.js";
import type { GossipSettings } from "../p2p/settings.js";
import type { Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { remembered } from "../shared/remembered.js";

export interface NodeGossipPorts {
  readonly chain: StewardChain;
  readonly views: EpochViews;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The process's metrics. */
  readonly register: Registry;
}

/** How old the epoch may be that peers' signatures are compared with. */
const CLOCK_MILLISECONDS = 1_000;

/** A signer's or aggregator's node of the gossip network; null without settings. */
export async function openNodeGossip(
  settings: GossipSettings | null | undefined,
  { chain, views, clock, logger, register }: NodeGossipPorts,
): Promise<Gossip | null> {
  if (settings === null || settings === undefined) return null;
  const chainClock = remembered(() => chain.clock(), CLOCK_MILLISECONDS, clock);
  const gate = new SignatureGate({ views, epoch: async () => (await chainClock()).epoch });
  return openGossip(settings, { registry: chain.registry, gate, clock, logger, registers: [register] });
}
