import type { Signer } from "ethers";

import { DomainError } from "../shared/errors.js";
import type { Call } from "./call.js";
import { describeRefusal } from "./refusal.js";

/** `chain/refused`: the contract would revert; nothing was sent. `chain/reverted`: it was sent, mined, and reverted. */
export type SendErrorCode = "chain/refused" | "chain/reverted";

export interface SentCall {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

/** Estimates a call's gas as `signer`, which is also how a call that would revert is found before it costs anything. */
export async function simulateCall(signer: Signer, call: Call): Promise<bigint> {
  try {
    return await signer.estimateGas({ to: call.to, data: call.data, value: call.value });
  } catch (cause) {
    const reason = describeRefusal(cause);
    if (reason === undefined) throw cause;
    const message = `The contract refuses to ${call.summary}: ${reason}.`;
    throw new DomainError<SendErrorCode>("chain/refused", message, { reason }, { cause });
  }
}

/** Sends a call that was simulated first, and waits until it is mined. */
export async function sendCall(signer: Signer, call: Call): Promise<SentCall> {
  const gas = await simulateCall(signer, call);
  // A vote that is counted between estimate and inclusion writes one more slot than the estimate saw.
  const gasLimit = gas + gas / 5n;
  const response = await signer.sendTransaction({ to: call.to, data: call.data, value: call.value, gasLimit });
  const receipt = await response.wait();
  if (receipt === null || receipt.status === 0) {
    const message = `Transaction ${response.hash} was mined but reverted.`;
    throw new DomainError<SendErrorCode>("chain/reverted", message, { transactionHash: response.hash });
  }
  return { transactionHash: response.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
}
