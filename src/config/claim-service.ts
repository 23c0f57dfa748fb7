import { DomainError } from "../shared/errors.js";
import type { Secret } from "../shared/secret.js";
import type { BreakerLimits } from "../claims/issue-claim.js";
import type { FollowerSettings } from "../claims/chain-follower.js";
import type { DatabaseLocation } from "../database/open-database.js";
import type { RateLimits } from "../http/admit-request.js";
import type { AddressRange } from "../http/peers.js";
import { EnvironmentReader } from "./environment-reader.js";
import { allowedPeers, databaseLocation, rateLimit } from "./shared-settings.js";

/** Where the signing key comes from. */
export type SigningKeySource =
  | { readonly kind: "key"; readonly key: Secret }
  | { readonly kind: "keystore"; readonly file: string; readonly password: Secret }
  | { readonly kind: "keystore"; readonly file: string; readonly passwordFile: string };

/** Everything the claim service can be told, parsed once. Times are seconds unless the name says otherwise. */
export interface ClaimServiceConfig {
  readonly host: string;
  readonly port: number;
  readonly rpcUrl: string;
  readonly chainId: bigint;
  readonly distributor: string;
  readonly listFolder: string;
  readonly database: DatabaseLocation;
  readonly signingKey: SigningKeySource;
  readonly frontendSecret: Secret<Uint8Array>;
  readonly operatorSecret: Secret<Uint8Array>;
  readonly allowedPeers: readonly AddressRange[];
  readonly timestampWindow: number;
  readonly compatibility: boolean;
  readonly limits: RateLimits;
  readonly breaker: BreakerLimits;
  readonly lifetime: number;
  readonly shortestLifetime: number;
  readonly bodyLimit: number;
  readonly follower: FollowerSettings;
  readonly alertWebhook: Secret | null;
}

export const CLAIM_CONFIG_PREFIX = "CLAIMS_";

/** Reads the environment; throws one `config/…` error that names the variable and what it should be. */
export function parseClaimServiceConfig(environment: Readonly<Record<string, string | undefined>>): ClaimServiceConfig {
  const env = new EnvironmentReader(environment, CLAIM_CONFIG_PREFIX);
  const config: ClaimServiceConfig = {
    host: env.text("HOST", "127.0.0.1"),
    port: env.integer("PORT", { default: 8787, max: 65_535 }),
    rpcUrl: env.url("RPC_URL"),
    chainId: BigInt(env.integer("CHAIN_ID", { min: 1 })),
    distributor: env.address("DISTRIBUTOR"),
    listFolder: env.text("LIST"),
    database: databaseLocation(env, environment["DATABASE_URL"], "data/claims"),
    signingKey: signingKeySource(env),
    frontendSecret: env.secretBytes("SECRET"),
    operatorSecret: env.secretBytes("OPERATOR_SECRET"),
    allowedPeers: allowedPeers(env),
    timestampWindow: env.integer("TIMESTAMP_WINDOW", { default: 60, min: 1, max: 3600 }),
    compatibility: env.flag("COMPATIBILITY"),
    limits: {
      user: rateLimit(env, "LIMIT_USER", "10/60"),
      address: rateLimit(env, "LIMIT_ADDRESS", "30/60"),
      global: rateLimit(env, "LIMIT_GLOBAL", "6000/60"),
    },
    breaker: {
      windowSeconds: env.integer("BREAKER_WINDOW", { default: 3600, min: 1 }),
      claims: env.integer("BREAKER_CLAIMS", { default: 10_000, min: 1 }),
      amount: env.amount("BREAKER_AMOUNT", 2n ** 96n),
    },
    lifetime: env.integer("LIFETIME", { default: 3600, min: 60, max: 86_400 }),
    shortestLifetime: env.integer("SHORTEST_LIFETIME", { default: 60, min: 1 }),
    bodyLimit: env.integer("BODY_LIMIT", { default: 16_384, min: 1024 }),
    follower: {
      startBlock: env.integer("START_BLOCK", { default: 0 }),
      confirmations: env.integer("CONFIRMATIONS", { default: 5, min: 1 }),
      pollMilliseconds: env.integer("POLL_MILLISECONDS", { default: 2_000, min: 50 }),
      staleSeconds: env.integer("STALE_SECONDS", { default: 60, min: 1 }),
      maxHeadAge: env.integer("MAX_HEAD_AGE", { default: 900, min: 0 }),
      patienceSeconds: env.integer("PATIENCE_SECONDS", { default: 900, min: 1 }),
    },
    alertWebhook: env.optionalUrl("ALERT_WEBHOOK"),
  };
  env.refuseUnknown();
  if (Buffer.compare(config.frontendSecret.expose(), config.operatorSecret.expose()) === 0) {
    throw new DomainError("config/invalid", "CLAIMS_SECRET and CLAIMS_OPERATOR_SECRET must differ");
  }
  return config;
}

function signingKeySource(env: EnvironmentReader): SigningKeySource {
  const key = env.optionalSecret("SIGNER_KEY");
  const file = env.optionalText("SIGNER_KEYSTORE");
  const password = env.optionalSecret("SIGNER_PASSWORD");
  const passwordFile = env.optionalText("SIGNER_PASSWORD_FILE");
  if (key !== undefined && file === undefined) return { kind: "key", key };
  if (key === undefined && file !== undefined) {
    if (password !== undefined && passwordFile === undefined) return { kind: "keystore", file, password };
    if (password === undefined && passwordFile !== undefined) return { kind: "keystore", file, passwordFile };
    throw new DomainError(
      "config/invalid",
      "CLAIMS_SIGNER_KEYSTORE needs either CLAIMS_SIGNER_PASSWORD or CLAIMS_SIGNER_PASSWORD_FILE",
    );
  }
  throw new DomainError(
    key === undefined ? "config/missing" : "config/invalid",
    "Exactly one of CLAIMS_SIGNER_KEY and CLAIMS_SIGNER_KEYSTORE must be set",
  );
}
