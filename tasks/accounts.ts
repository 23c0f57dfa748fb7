import type { Signer } from "ethers";

import { DomainError } from "../src/shared/errors.js";

interface SignerSource {
  readonly ethers: { getSigners(): Promise<(Signer & { address: string })[]> };
}

/** The account that sends: the one named by `--from`, or the network's first. */
export async function sendingAccount({ ethers }: SignerSource, from: string | undefined) {
  const signers = await ethers.getSigners();
  const signer = from === undefined ? signers[0] : signers.find(({ address }) => address === from);
  if (signer === undefined) {
    const message = from === undefined ? "The network has no account to send from." : `${from} is no account of ours.`;
    throw new DomainError("tasks/no-account", message, { from });
  }
  return signer;
}
