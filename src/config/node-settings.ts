// Settings that every node of the certification network has.
import type { DatabaseLocation } from "../database/open-database.js";
import type { AddressRange } from "../http/peers.js";
import type { EnvironmentReader } from "./environment-reader.js";
import { allowedPeers, databaseLocation } from "./shared-settings.js";

export interface NodeConfig {
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
  readonly pollMilliseconds: number;
  readonly maxFailures: number;
  /** Who may read what is not for everybody, such as /metrics. */
  readonly allowedPeers: readonly AddressRange[];
}

export interface NodeDefaults {
  readonly port: number;
  readonly folder: string;
  readonly pollMilliseconds?: number;
}

/** `databaseUrl` is what `DATABASE_URL` says. */
export function nodeSettings(
  env: EnvironmentReader,
  databaseUrl: string | undefined,
  { port, folder, pollMilliseconds = 4_000 }: NodeDefaults,
): NodeConfig {
  return {
    host: env.text("HOST", "127.0.0.1"),
    port: env.integer("PORT", { default: port, max: 65_535 }),
    rpcUrl: env.url("RPC_URL"),
    chainId: BigInt(env.integer("CHAIN_ID", { min: 1 })),
    registry: env.address("REGISTRY"),
    eras: env.optionalAddress("ERAS"),
    startBlock: env.integer("START_BLOCK", { default: 0 }),
    database: databaseLocation(env, databaseUrl, folder),
    pollMilliseconds: env.integer("POLL_MILLISECONDS", { default: pollMilliseconds, min: 50 }),
    maxFailures: env.integer("MAX_FAILURES", { default: 100, min: 1 }),
    allowedPeers: allowedPeers(env),
  };
}

/** Which entities of the chain are signed: a snapshot at each `step`, once it is `confirmations` deep. */
export const agendaSettings = (env: EnvironmentReader) => ({
  confirmations: BigInt(env.integer("CONFIRMATIONS", { default: 12 })),
  step: BigInt(env.integer("STEP", { default: 100, min: 1 })),
});
