import type { DatabaseLocation } from "../database/open-database.js";
import type { AccessLimits } from "../http/passport/access.js";
import type { AddressRange } from "../http/peers.js";
import { Secret } from "../shared/secret.js";
import { EnvironmentReader } from "./environment-reader.js";
import { allowedPeers, databaseLocation, rateLimit, trustedProxies } from "./shared-settings.js";
import { snapshotPublishing, type SnapshotPublishing } from "./snapshot-publishing.js";

/** The registry that scores are anchored in, and the key that signs roots for it. */
export interface RegistryConfig {
  readonly address: string;
  readonly operatorKey: Secret<Uint8Array>;
  readonly maxLifetime: number;
  readonly signatureLifetime: number;
  readonly uri: string;
}

/** Everything the passport service can be told, parsed once. Times are seconds unless the name says otherwise. */
export interface PassportServiceConfig {
  readonly host: string;
  readonly port: number;
  readonly chainId: bigint;
  /** For signatures of contract accounts; null refuses those. */
  readonly rpcUrl: string | null;
  readonly database: DatabaseLocation;
  /** A `touchstone-issuers-v1` file: whose stamps count. */
  readonly issuersFile: string;
  /** Signed revocation lists of those issuers, `touchstone-revocations-v1` files. */
  readonly revocationFiles: readonly string[];
  /** How often they are read again. */
  readonly revocationsReload: number;
  readonly registry: RegistryConfig | null;
  readonly sessionSecret: Secret<Uint8Array>;
  readonly sessionLifetime: number;
  readonly nonceLifetime: number;
  readonly siteDomains: readonly string[];
  readonly siteChains: readonly number[];
  readonly limits: AccessLimits;
  /** Threads that check signatures of stamps; 0 checks them where requests are answered. */
  readonly proofThreads: number;
  readonly bodyLimit: number;
  readonly allowedPeers: readonly AddressRange[];
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  /** Null takes no snapshots. */
  readonly snapshots: SnapshotPublishing | null;
}

export const PASSPORT_CONFIG_PREFIX = "PASSPORT_";

/** Where the service keeps its data, for work on it while no service runs; the other settings need not be there. */
export const passportDatabase = (environment: Readonly<Record<string, string | undefined>>): DatabaseLocation =>
  databaseIn(new EnvironmentReader(environment, PASSPORT_CONFIG_PREFIX), environment);

const databaseIn = (env: EnvironmentReader, environment: Readonly<Record<string, string | undefined>>) =>
  databaseLocation(env, environment["DATABASE_URL"], "data/passport");

/** Reads the environment; throws one `config/…` error that names the variable and what it should be. */
export function parsePassportServiceConfig(
  environment: Readonly<Record<string, string | undefined>>,
): PassportServiceConfig {
  const env = new EnvironmentReader(environment, PASSPORT_CONFIG_PREFIX);
  const config: PassportServiceConfig = {
    host: env.text("HOST", "127.0.0.1"),
    port: env.integer("PORT", { default: 8788, max: 65_535 }),
    chainId: BigInt(env.integer("CHAIN_ID", { min: 1 })),
    rpcUrl: env.optionalText("RPC_URL") === undefined ? null : env.url("RPC_URL"),
    database: databaseIn(env, environment),
    issuersFile: env.text("ISSUERS"),
    revocationFiles: revocationFiles(env),
    revocationsReload: env.integer("REVOCATIONS_RELOAD", { default: 300, min: 1, max: 86_400 }),
    registry: registryConfig(env),
    sessionSecret: env.secretBytes("SESSION_SECRET"),
    sessionLifetime: env.integer("SESSION_LIFETIME", { default: 3600, min: 60, max: 86_400 }),
    nonceLifetime: env.integer("NONCE_LIFETIME", { default: 300, min: 10, max: 3600 }),
    siteDomains: env.list("SITES", "localhost", "hosts", (host) => (/^[^\s/?#@]+$/.test(host) ? host : undefined)),
    siteChains: chainList(env),
    limits: {
      key: rateLimit(env, "LIMIT_KEY", "2000/900"),
      address: rateLimit(env, "LIMIT_ADDRESS", "350/900"),
    },
    proofThreads: env.integer("PROOF_THREADS", { default: 1, min: 0, max: 64 }),
    bodyLimit: env.integer("BODY_LIMIT", { default: 1_048_576, min: 16_384 }),
    allowedPeers: allowedPeers(env),
    publicUrl: env.optionalText("PUBLIC_URL") === undefined ? "" : env.url("PUBLIC_URL").replace(/\/+$/, ""),
    trustedProxies: trustedProxies(env),
    snapshots: snapshotPublishing(env),
  };
  env.refuseUnknown();
  return config;
}

function revocationFiles(env: EnvironmentReader): string[] {
  if (env.optionalText("REVOCATIONS") === undefined) return [];
  return env.list("REVOCATIONS", "", "files", (file) => (file === "" ? undefined : file));
}

function registryConfig(env: EnvironmentReader): RegistryConfig | null {
  const maxLifetime = env.integer("MAX_LIFETIME", { default: 7_776_000, min: 60, max: 366 * 86_400 });
  const signatureLifetime = env.integer("SIGNATURE_LIFETIME", { default: 86_400, min: 60, max: 30 * 86_400 });
  const uri = env.text("URI", "");
  const key = env.optionalText("OPERATOR_KEY");
  if (env.optionalText("REGISTRY") === undefined && key === undefined) return null;
  const address = env.address("REGISTRY");
  // A service whose scores are certified names the registry for the log's signatures, and signs no roots.
  if (key === undefined && env.optionalText("SNAPSHOTS") !== undefined) return null;
  if (!/^0x[0-9a-fA-F]{64}$/.test(key ?? "")) throw env.invalid("OPERATOR_KEY", "32 bytes of 0x hex");
  const operatorKey = new Secret<Uint8Array>(Buffer.from((key as string).slice(2), "hex"));
  return { address, operatorKey, maxLifetime, signatureLifetime, uri };
}

function chainList(env: EnvironmentReader): number[] {
  if (env.optionalText("SITE_CHAINS") === undefined) return [];
  return env.list("SITE_CHAINS", "", "chain ids", (text) =>
    /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined,
  );
}
