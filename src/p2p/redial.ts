import { peerIdOf } from "./address.js";
import type { Multiaddr } from "@multiformats/multiaddr";
import type { Libp2p } from "@libp2p/interface";

import { sleepUntilAborted } from "../nodes/protocol/machine.js";
import type { Logger } from "../shared/logger.js";

const LONGEST = 60_000;

/** How long to wait after so many failures in a row: doubled each time up to a minute, and then a random part of its second half. */
export const redialDelay = (first: number, failures: number, random: number): number =>
  Math.min(LONGEST, first * 2 ** Math.min(failures, 16)) * (0.5 + random / 2);

/** Keeps a node connected to an address until the signal aborts; resolves then. */
export async function keepConnected(
  node: Libp2p,
  address: Multiaddr,
  { first, signal, logger, random }: { first: number; signal: AbortSignal; logger: Logger; random: () => number },
): Promise<void> {
  const peer = peerIdOf(address);
  const isConnected = () => node.getConnections().some(({ remotePeer }) => remotePeer.toString() === peer);
  let failures = 0;
  while (!signal.aborted) {
    if (peer !== node.peerId.toString() && !isConnected()) {
      try {
        await node.dial(address, { signal });
        failures = 0;
      } catch (error) {
        failures += 1;
        const message = error instanceof Error ? error.message : String(error);
        if (!signal.aborted) logger.info({ peer, failures, message }, "a gossip peer does not answer");
      }
    }
    await sleepUntilAborted(redialDelay(first, failures, random()), signal);
  }
}
