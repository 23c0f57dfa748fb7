import type { DatabaseLocation } from "../database/open-database.js";
import { parseRange, type AddressRange } from "../http/peers.js";
import type { SealingDelay } from "../nodes/signer/machine.js";
import { DomainError } from "../shared/errors.js";
import type { Secret } from "../shared/secret.js";
import { EnvironmentReader } from "./environment-reader.js";
import { parseGossipSettings } from "./gossip.js";
import { scoreLogConfig, type ScoreLogConfig } from "./score-log.js";
import { databaseLocation } from "./shared-settings.js";

/** A secret that is given, or lies in a file. */
export type SecretSource =
  { readonly kind: "value"; readonly value: Secret } | { readonly kind: "file"; readonly file: string };

/** Everything a signer can be told, parsed once. Times are seconds unless the name says otherwise. */
export interface SignerConfig {
  /** Of health and metrics; a signer takes no requests. */
  readonly host: string;
  readonly port: number;
  readonly allowedPeers: readonly AddressRange[];
  readonly rpcUrl: string;
  readonly chainId: bigint;
  /** The certificate registry. */
  readonly registry: string;
  /** The contract with the era markers; null for a network without. */
  readonly eras: string | null;
  /** The block of its deployment, or an earlier one: from where its events are read. */
  readonly startBlock: number;
  readonly database: DatabaseLocation;
  readonly keyFolder: string;
  readonly passphrase: SecretSource;
  /** Of the steward's account, which registers the keys. */
  readonly accountKey: SecretSource;
  /** Null signs stake distributions alone. */
  readonly log: ScoreLogConfig | null;
  readonly aggregators: readonly string[];
  readonly confirmations: bigint;
  readonly step: bigint;
  readonly pollMilliseconds: number;
  readonly maxFailures: number;
  /** Null leaves sealing to others. */
  readonly sealing: SealingDelay | null;
}

export const SIGNER_CONFIG_PREFIX = "SIGNER_";

/** Reads the environment; throws one `config/…` error that names the variable and what it should be. */
export function parseSignerConfig(environment: Readonly<Record<string, string | undefined>>): SignerConfig {
  const env = new EnvironmentReader(environment, SIGNER_CONFIG_PREFIX);
  const config: SignerConfig = {
    host: env.text("HOST", "127.0.0.1"),
    port: env.integer("PORT", { default: 8792, max: 65_535 }),
    allowedPeers: env.list("ALLOWED_PEERS", "127.0.0.0/8,::1/128", "addresses or CIDR ranges", parseRange),
    rpcUrl: env.url("RPC_URL"),
    chainId: BigInt(env.integer("CHAIN_ID", { min: 1 })),
    registry: env.address("REGISTRY"),
    eras: env.optionalAddress("ERAS"),
    startBlock: env.integer("START_BLOCK", { default: 0 }),
    database: databaseLocation(env, environment["DATABASE_URL"], "data/signer"),
    keyFolder: env.text("KEYS", "data/signer-keys"),
    passphrase: secretSource(env, "PASSPHRASE"),
    accountKey: secretSource(env, "ACCOUNT_KEY"),
    log: scoreLogConfig(env, "data/signer-log"),
    aggregators: aggregators(env, parseGossipSettings(environment) !== null),
    confirmations: BigInt(env.integer("CONFIRMATIONS", { default: 12 })),
    step: BigInt(env.integer("STEP", { default: 100, min: 1 })),
    pollMilliseconds: env.integer("POLL_MILLISECONDS", { default: 4_000, min: 50 }),
    maxFailures: env.integer("MAX_FAILURES", { default: 100, min: 1 }),
    sealing: sealing(env),
  };
  env.refuseUnknown();
  return config;
}

function secretSource(env: EnvironmentReader, name: string): SecretSource {
  const value = env.optionalSecret(name);
  const file = env.optionalText(`${name}_FILE`);
  if (value !== undefined && file === undefined) return { kind: "value", value };
  if (value === undefined && file !== undefined) return { kind: "file", file };
  const names = `${SIGNER_CONFIG_PREFIX}${name} and ${SIGNER_CONFIG_PREFIX}${name}_FILE`;
  throw new DomainError(
    value === undefined ? "config/missing" : "config/invalid",
    `Exactly one of ${names} must be set`,
  );
}

function sealing(env: EnvironmentReader): SealingDelay | null {
  const between = env.integer("SEAL_BETWEEN", { default: 60, max: 86_400 });
  if (env.text("SEAL_AFTER", "120") === "never") return null;
  try {
    const after = env.integer("SEAL_AFTER", { default: 120, max: 31 * 86_400 });
    return { after: after * 1000, between: between * 1000 };
  } catch {
    throw env.invalid("SEAL_AFTER", "a number of seconds, or never");
  }
}

/** None are needed where signatures travel by gossip. */
function aggregators(env: EnvironmentReader, gossips: boolean): string[] {
  if (gossips && env.optionalText("AGGREGATORS") === undefined) return [];
  return env.list("AGGREGATORS", env.text("AGGREGATORS"), "http or https URLs", (url) =>
    /^https?:\/\/[^@]+$/.test(url) && URL.canParse(url) ? url : undefined,
  );
}
