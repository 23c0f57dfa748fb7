import { SAFE_BITS } from "../certificates/security-report.js";
import type { DatabaseLocation } from "../database/open-database.js";
import { parseRange, type AddressRange } from "../http/peers.js";
import type { WatcherSettings } from "../nodes/watcher/machine.js";
import type { Secret } from "../shared/secret.js";
import { EnvironmentReader } from "./environment-reader.js";
import { databaseLocation } from "./shared-settings.js";

/** Everything a watcher can be told, parsed once. */
export interface WatcherConfig extends WatcherSettings {
  readonly host: string;
  readonly port: number;
  readonly rpcUrl: string;
  readonly chainId: bigint;
  /** The certificate registry. */
  readonly registry: string;
  /** The contract with the era markers; null for a network without. */
  readonly eras: string | null;
  /** The block of its deployment, or an earlier one: from where its events are read. */
  readonly startBlock: number;
  readonly database: DatabaseLocation;
  /** The aggregators that are watched. */
  readonly aggregators: readonly string[];
  /** Who is told of alarms; null tells the log alone. */
  readonly webhook: Secret | null;
  readonly pollMilliseconds: number;
  readonly maxFailures: number;
  readonly allowedPeers: readonly AddressRange[];
}

export const WATCHER_CONFIG_PREFIX = "WATCHER_";

/** Reads the environment; throws one `config/…` error that names the variable and what it should be. */
export function parseWatcherConfig(environment: Readonly<Record<string, string | undefined>>): WatcherConfig {
  const env = new EnvironmentReader(environment, WATCHER_CONFIG_PREFIX);
  const config: WatcherConfig = {
    host: env.text("HOST", "127.0.0.1"),
    port: env.integer("PORT", { default: 8793, max: 65_535 }),
    rpcUrl: env.url("RPC_URL"),
    chainId: BigInt(env.integer("CHAIN_ID", { min: 1 })),
    registry: env.address("REGISTRY"),
    eras: env.optionalAddress("ERAS"),
    startBlock: env.integer("START_BLOCK", { default: 0 }),
    database: databaseLocation(env, environment["DATABASE_URL"], "data/watcher"),
    aggregators: env.list("AGGREGATORS", "", "http or https URLs", parseAggregatorUrl),
    webhook: env.optionalUrl("WEBHOOK"),
    window: BigInt(env.integer("WINDOW", { default: 8, min: 1, max: 10_000 })),
    grace: BigInt(env.integer("GRACE", { default: 1, min: 1, max: 10_000 })),
    // In units of 1e-4. A quorum alone is some 59 % of the stake at the default parameters, and less where luck helps.
    minimumShare: env.integer("MINIMUM_SHARE", { default: 5_000, max: 10_000 }) / 10_000,
    minimumBits: env.integer("MINIMUM_BITS", { default: SAFE_BITS, max: 10_000 }),
    pollMilliseconds: env.integer("POLL_MILLISECONDS", { default: 30_000, min: 50 }),
    maxFailures: env.integer("MAX_FAILURES", { default: 100, min: 1 }),
    allowedPeers: env.list("ALLOWED_PEERS", "127.0.0.0/8,::1/128", "addresses or CIDR ranges", parseRange),
  };
  env.refuseUnknown();
  return config;
}

/** An aggregator's URL without a closing slash; undefined for what is none. */
export function parseAggregatorUrl(text: string): string | undefined {
  return /^https?:\/\//.test(text) && URL.canParse(text) ? text.replace(/\/+$/, "") : undefined;
}
