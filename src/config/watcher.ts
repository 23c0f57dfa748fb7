import { SAFE_BITS } from "../certificates/security-report.js";
import type { WatcherSettings } from "../nodes/watcher/machine.js";
import type { Secret } from "../shared/secret.js";
import { EnvironmentReader } from "./environment-reader.js";
import { nodeSettings, type NodeConfig } from "./node-settings.js";

/** Everything a watcher can be told, parsed once. */
export interface WatcherConfig extends NodeConfig, WatcherSettings {
  /** The aggregators that are watched. */
  readonly aggregators: readonly string[];
  /** Who is told of alarms; null tells the log alone. */
  readonly webhook: Secret | null;
}

export const WATCHER_CONFIG_PREFIX = "WATCHER_";

/** Reads the environment; throws one `config/…` error that names the variable and what it should be. */
export function parseWatcherConfig(environment: Readonly<Record<string, string | undefined>>): WatcherConfig {
  const env = new EnvironmentReader(environment, WATCHER_CONFIG_PREFIX);
  const config: WatcherConfig = {
    ...nodeSettings(env, environment["DATABASE_URL"], {
      port: 8793,
      folder: "data/watcher",
      pollMilliseconds: 30_000,
    }),
    aggregators: env.list("AGGREGATORS", "", "http or https URLs", parseAggregatorUrl),
    webhook: env.optionalUrl("WEBHOOK"),
    window: BigInt(env.integer("WINDOW", { default: 8, min: 1, max: 10_000 })),
    grace: BigInt(env.integer("GRACE", { default: 1, min: 1, max: 10_000 })),
    // In units of 1e-4. A quorum alone is some 59 % of the stake at the default parameters, and less where luck helps.
    minimumShare: env.integer("MINIMUM_SHARE", { default: 5_000, max: 10_000 }) / 10_000,
    minimumBits: env.integer("MINIMUM_BITS", { default: SAFE_BITS, max: 10_000 }),
  };
  env.refuseUnknown();
  return config;
}

/** An aggregator's URL without a closing slash; undefined for what is none. */
export function parseAggregatorUrl(text: string): string | undefined {
  return /^https?:\/\//.test(text) && URL.canParse(text) ? text.replace(/\/+$/, "") : undefined;
}
