import { DomainError } from "../shared/errors.js";
import { parseListenAddress, parsePeerAddress } from "../p2p/address.js";
import { STANDARD_TIMING, type GossipSettings } from "../p2p/settings.js";
import { EnvironmentReader } from "./environment-reader.js";
import { rateLimit } from "./shared-settings.js";

export const GOSSIP_CONFIG_PREFIX = "NODE_GOSSIP_";

/**
 * Reads the environment of a signer or an aggregator; null where it has neither an address to listen at nor peers, and then there is
 * no gossip. Throws one `config/…` error that names the variable and what it should be.
 */
export function parseGossipSettings(environment: Readonly<Record<string, string | undefined>>): GossipSettings | null {
  const env = new EnvironmentReader(environment, GOSSIP_CONFIG_PREFIX);
  const list = <T>(name: string, what: string, parse: (text: string) => T | undefined): T[] =>
    env.optionalText(name) === undefined ? [] : env.list(name, "", what, parse);
  const listen = list("LISTEN", "addresses such as /ip4/0.0.0.0/tcp/9100", parseListenAddress);
  const peers = list("PEERS", "addresses such as /dns4/node.example/tcp/9100/p2p/12D3Koo…", parsePeerAddress);
  const { requests, windowSeconds } = rateLimit(env, "LIMIT_MESSAGES", "300/60");
  const settings: GossipSettings = {
    listen,
    peers,
    keyFile: env.text("KEY", "data/gossip/identity.key"),
    maxConnections: env.integer("MAX_CONNECTIONS", { default: 64, min: 2, max: 1_000 }),
    messageLimit: env.integer("MESSAGE_LIMIT", { default: 524_288, min: 4_096, max: 4_194_304 }),
    rate: { messages: requests, seconds: windowSeconds },
    timing: {
      ...STANDARD_TIMING,
      exchange: 1_000 * env.integer("EXCHANGE_SECONDS", { default: 30, min: 1, max: 3_600 }),
    },
  };
  env.refuseUnknown();
  if (listen.length + peers.length > 0) return settings;
  const other = Object.keys(environment).find((name) => name.startsWith(GOSSIP_CONFIG_PREFIX));
  if (other === undefined) return null;
  throw new DomainError("config/missing", `${other} needs NODE_GOSSIP_LISTEN, NODE_GOSSIP_PEERS, or both`);
}
