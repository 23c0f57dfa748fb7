import type { Signer } from "ethers";

import type { CertificateRegistryGateway, EpochSeal } from "./certificate-registry.js";
import { sendCall, type SendSettings, type SentCall } from "./send-call.js";

/** A page for a transaction of 2^24 gas: 300 fit with 25 vote checkpoints each (measured), half as many with thousands (estimated). */
export const SEAL_PAGE = 150;

/** Sends pages until the epoch is decided, whoever else sends some. Returns what was sent and what was decided. */
export async function sealEpoch(
  registry: CertificateRegistryGateway,
  epoch: bigint,
  signer: Signer,
  size = SEAL_PAGE,
  settings?: SendSettings,
): Promise<{ readonly sent: readonly SentCall[]; readonly seal: EpochSeal }> {
  const sent: SentCall[] = [];
  for (;;) {
    const step = await registry.seal(epoch, size);
    if ("done" in step) return { sent, seal: await registry.sealOf(epoch) };
    sent.push(await sendCall(signer, step.call, settings));
  }
}
