import type { AggregatorLimits } from "../http/aggregator/limits.js";
import { Secret } from "../shared/secret.js";
import { EnvironmentReader } from "./environment-reader.js";
import { agendaSettings, nodeSettings, type NodeConfig } from "./node-settings.js";
import { scoreLogConfig, type ScoreLogConfig } from "./score-log.js";
import { rateLimit, trustedProxies } from "./shared-settings.js";

/** Everything an aggregator can be told, parsed once. Times are seconds unless the name says otherwise. */
export interface AggregatorConfig extends NodeConfig {
  /** Of the account that seals and sends; null leaves that to others. */
  readonly accountKey: Secret | null;
  /** The aggregator whose certificates are taken, after verification; null follows nobody. */
  readonly leaderUrl: string | null;
  readonly confirmations: bigint;
  readonly step: bigint;
  /** Epochs whose signatures are kept besides the current one; null keeps all. */
  readonly retainedEpochs: bigint | null;
  /** Messages of one epoch that are kept of one steward; null for as many as its snapshots may need. */
  readonly maxMessages: number | null;
  /** Null for an aggregator that certifies stake distributions only. */
  readonly log: ScoreLogConfig | null;
  /** A folder of snapshots to serve; null serves none. */
  readonly snapshots: string | null;
  readonly publicStamps: boolean;
  readonly limits: AggregatorLimits;
  readonly bodyLimit: number;
  readonly trustedProxies: readonly string[];
  readonly upgradeUrl: string | null;
}

export const AGGREGATOR_CONFIG_PREFIX = "AGGREGATOR_";

/** Reads the environment; throws one `config/…` error that names the variable and what it should be. */
export function parseAggregatorConfig(environment: Readonly<Record<string, string | undefined>>): AggregatorConfig {
  const env = new EnvironmentReader(environment, AGGREGATOR_CONFIG_PREFIX);
  const optionalUrl = (name: string) =>
    env.optionalText(name) === undefined ? null : env.url(name).replace(/\/+$/, "");
  const config: AggregatorConfig = {
    ...nodeSettings(env, environment["DATABASE_URL"], { port: 8791, folder: "data/aggregator" }),
    accountKey: accountKey(env),
    leaderUrl: optionalUrl("LEADER_URL"),
    ...agendaSettings(env),
    retainedEpochs: env.optionalText("RETAINED_EPOCHS") === undefined ? null : BigInt(retained(env)),
    maxMessages: env.optionalText("MAX_MESSAGES") === undefined ? null : env.integer("MAX_MESSAGES", { min: 1 }),
    log: scoreLogConfig(env, "data/aggregator-log"),
    snapshots: env.optionalText("SNAPSHOTS") ?? null,
    publicStamps: env.flag("PUBLIC_STAMPS"),
    limits: {
      address: rateLimit(env, "LIMIT_ADDRESS", "600/60"),
      signatures: rateLimit(env, "LIMIT_SIGNATURES", "120/60"),
    },
    bodyLimit: env.integer("BODY_LIMIT", { default: 524_288, min: 4_096 }),
    trustedProxies: trustedProxies(env),
    upgradeUrl: optionalUrl("UPGRADE_URL"),
  };
  env.refuseUnknown();
  return config;
}

const retained = (env: EnvironmentReader): number => env.integer("RETAINED_EPOCHS", { min: 1, max: 1_000_000 });

function accountKey(env: EnvironmentReader): Secret | null {
  const key = env.optionalText("ACCOUNT_KEY");
  if (key === undefined) return null;
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) throw env.invalid("ACCOUNT_KEY", "32 bytes of 0x hex");
  return new Secret(key);
}
