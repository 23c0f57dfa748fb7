import path from "node:path";

/** What all nodes of a network are told alike. */
export interface NetworkSettings {
  readonly rpcUrl: string;
  readonly chainId: bigint;
  /** The certificate registry, and its deployment's block or an earlier one. */
  readonly registry: string;
  readonly startBlock: number;
  /** Where the passport log comes from, as `SIGNER_MIRRORS` has it. */
  readonly mirrors: string;
  /** Addresses of the keys that sign the log, as `SIGNER_LOG_KEEPERS` has it. */
  readonly keepers: string;
  /** The passport registry that the log is for. */
  readonly passportRegistry: string;
  /** The file of trusted issuers. */
  readonly issuers: string;
  readonly confirmations: number;
  readonly step: number;
  readonly maxLifetime: number;
  readonly pollMilliseconds: number;
}

/** What one of them is told besides: its folder, the scorers as `NUMBER:ID`, and its port; 0 lets the system choose one. */
export interface OwnSettings {
  readonly folder: string;
  readonly scorers: string;
  readonly port: number;
}

/** Toy parameters, so that two or three of five are a quorum at once; docs/certificates.md says which ones are safe. */
export const TOY = { k: 30n, m: 100n, phiF: 0.65 };

/** The variables of a node's process that signers and aggregators have both. */
export function nodeSettings(
  prefix: "AGGREGATOR" | "SIGNER",
  network: NetworkSettings,
  { folder, scorers, port }: OwnSettings,
): Record<string, string> {
  const { rpcUrl, chainId, registry, startBlock, mirrors, issuers, ...rest } = network;
  const { keepers, passportRegistry, confirmations, step, maxLifetime, pollMilliseconds } = rest;
  const variables = {
    ...{ PORT: `${port}`, RPC_URL: rpcUrl, CHAIN_ID: `${chainId}`, REGISTRY: registry, START_BLOCK: `${startBlock}` },
    ...{ DATA: path.join(folder, "database"), LOG: path.join(folder, "log"), SCORERS: scorers },
    ...{ MIRRORS: mirrors, LOG_KEEPERS: keepers, PASSPORT_REGISTRY: passportRegistry, ISSUERS: issuers },
    ...{ CONFIRMATIONS: `${confirmations}`, STEP: `${step}`, MAX_LIFETIME: `${maxLifetime}` },
    POLL_MILLISECONDS: `${pollMilliseconds}`,
  };
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [`${prefix}_${key}`, value]));
}
