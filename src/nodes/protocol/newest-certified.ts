import type { StewardChain } from "./chain.js";

/** A snapshot that the registry holds a certificate of. */
export interface CertifiedPlace {
  readonly epoch: bigint;
  readonly block: bigint;
  /** 0x-prefixed lower-case hex. */
  readonly digest: string;
}

/** How far back an epoch with a snapshot is looked for. */
const EPOCHS_BACK = 16n;

/** The newest snapshot that the registry on the chain holds; undefined while there is none. */
export async function newestCertified(
  chain: Pick<StewardChain, "clock" | "certifiedEpoch">,
): Promise<CertifiedPlace | undefined> {
  const { lastCertified } = await chain.clock();
  for (let epoch = lastCertified; epoch > 0n && epoch > lastCertified - EPOCHS_BACK; epoch--) {
    const held = await chain.certifiedEpoch(epoch);
    if (held?.snapshotDigest === undefined) continue;
    return { epoch, block: held.snapshotBlock, digest: held.snapshotDigest };
  }
  return undefined;
}
