import type { Certificate } from "../../certificates/certificate.js";
import type { OnChainCertificate } from "../protocol/chain.js";

/**
 * A certificate beside what the registry holds for its epoch. `same`: the registry holds it. `superseded`: it holds a later
 * snapshot. `newer`: it may still take this one. `absent`: it holds nothing for the epoch. `anchor`: a genesis certificate, which
 * verification compares with the registry's anchor. `differs`: both cannot be what one quorum signed.
 */
export type RegistryStanding = "same" | "superseded" | "newer" | "absent" | "anchor" | "differs";

export function compareWithRegistry({ content }: Certificate, held: OnChainCertificate | undefined): RegistryStanding {
  if (content.kind === "genesis") return "anchor";
  if (held === undefined) return "absent";
  const { scores, stakeDistributionRoot } = content.message;
  if (stakeDistributionRoot !== held.stakeDistributionRoot) return "differs";
  // -1 stands for no scores on both sides.
  const block = scores?.snapshotBlock ?? -1n;
  if (block !== held.snapshotBlock) return block < held.snapshotBlock ? "superseded" : "newer";
  return scores?.scoresRoot === held.scoresRoot && scores?.snapshotDigest === held.snapshotDigest ? "same" : "differs";
}
