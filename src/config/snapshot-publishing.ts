import type { Secret } from "../shared/secret.js";
import type { EnvironmentReader } from "./environment-reader.js";

/** How the keeper of the passport log takes snapshots for certificates, and to whom it gives them. */
export interface SnapshotPublishing {
  readonly folder: string;
  /** Signs them; it does nothing else. Nodes are told its address. */
  readonly logKey: Secret<Uint8Array>;
  /** The `PassportRegistry` that the log's scores are for: signatures are bound to it. */
  readonly registry: string;
  readonly confirmations: bigint;
  readonly step: bigint;
  readonly pollMilliseconds: number;
  /** Whether everybody may have chunks with stamps, and not scores alone. */
  readonly publicStamps: boolean;
  /** The bearer token of those who may have them besides. */
  readonly stampsToken: Secret | null;
}

/** Null where no folder is named: no snapshots are taken. They need a chain to count by, and a key: nodes follow none without. */
export function snapshotPublishing(env: EnvironmentReader): SnapshotPublishing | null {
  const settings = {
    confirmations: BigInt(env.integer("SNAPSHOT_CONFIRMATIONS", { default: 12 })),
    step: BigInt(env.integer("SNAPSHOT_STEP", { default: 100, min: 1 })),
    pollMilliseconds: env.integer("SNAPSHOT_POLL_MILLISECONDS", { default: 4_000, min: 50 }),
    publicStamps: env.flag("SNAPSHOT_PUBLIC_STAMPS"),
    stampsToken: env.optionalSecret("SNAPSHOT_TOKEN") ?? null,
  };
  const folder = env.optionalText("SNAPSHOTS");
  env.optionalText("LOG_KEY"); // of no use without a folder, and known
  if (folder === undefined) return null;
  env.url("RPC_URL");
  return { folder, logKey: env.signingKey("LOG_KEY"), registry: env.address("REGISTRY"), ...settings };
}
