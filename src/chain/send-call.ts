import { isError, type Signer, type TransactionReceipt, type TransactionResponse } from "ethers";

import { DomainError } from "../shared/errors.js";
import type { Call } from "./call.js";
import { describeRefusal } from "./refusal.js";
import { leaveUnmined, sendNext, type UnminedErrorCode } from "./unmined.js";

/** `chain/refused`: the contract would revert; nothing was sent. `chain/reverted`: it was sent, mined, and reverted. */
export type SendErrorCode = "chain/refused" | "chain/reverted" | UnminedErrorCode;

export interface SentCall {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

export interface SendSettings {
  /** For how long to wait until a transaction is mined. */
  readonly patienceMilliseconds: number;
}

/** For a person who waits: as long as a block with room for an average fee takes on a busy day. */
const PERSONS: SendSettings = { patienceMilliseconds: 600_000 };

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

/**
 * Sends a call that was simulated first, and waits until it is mined. After `chain/not-mined` it may be mined still, so callers look at
 * the chain before they send again; what they send next takes its place.
 */
export async function sendCall(signer: Signer, call: Call, settings: SendSettings = PERSONS): Promise<SentCall> {
  const { to, data, value } = call;
  const response = await sendNext(signer, { to, data, value }, async () => {
    const gas = await simulateCall(signer, call);
    // A vote that is counted between estimate and inclusion writes one more slot than the estimate saw.
    return gas + gas / 5n;
  });
  const receipt = await minedReceipt(signer, response, settings);
  return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
}

/** Waits until a transaction is mined. Throws `chain/reverted` and `chain/not-mined`. */
export async function minedReceipt(
  signer: Signer,
  response: TransactionResponse,
  { patienceMilliseconds }: SendSettings = PERSONS,
): Promise<TransactionReceipt> {
  const { hash: transactionHash } = response;
  const failed = (code: SendErrorCode, problem: string, cause?: unknown) =>
    new DomainError<SendErrorCode>(code, `Transaction ${transactionHash} ${problem}`, { transactionHash }, { cause });
  const reverted = (cause?: unknown) => failed("chain/reverted", "was mined but reverted.", cause);
  let receipt: TransactionReceipt | null;
  try {
    receipt = await response.wait(1, patienceMilliseconds);
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION")) throw reverted(error);
    if (isError(error, "TIMEOUT")) {
      leaveUnmined(signer, response);
      const problem = `was not mined within ${patienceMilliseconds / 1000} s and may still be: look at the chain before you repeat it.`;
      throw failed("chain/not-mined", problem, error);
    }
    if (!isError(error, "TRANSACTION_REPLACED")) throw error;
    // The same call with other fees is the same call.
    if (error.reason !== "repriced") {
      throw failed("chain/not-mined", `gave way to ${error.replacement.hash} of the same account.`, error);
    }
    receipt = error.receipt;
  }
  if (receipt === null || receipt.status === 0) throw reverted();
  return receipt;
}
