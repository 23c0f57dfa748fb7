// Transactions that nobody mined in time. Whoever sends again must not queue behind them: a transaction whose fees are too low, or
// that its node dropped and others did not, holds up all later ones of its account.
import type { Signer, TransactionRequest, TransactionResponse } from "ethers";

/** The last one of each signer. A process that begins anew has forgotten it, and its first transaction queues. */
const unmined = new WeakMap<Signer, TransactionResponse>();

/** Notes a transaction that was not mined in time. */
export function leaveUnmined(signer: Signer, response: TransactionResponse): void {
  unmined.set(signer, response);
}

/** Sends a transaction in the place of the one that nobody mined, if it still waits. */
export async function sendNext(signer: Signer, transaction: TransactionRequest): Promise<TransactionResponse> {
  const stuck = unmined.get(signer);
  const terms = stuck === undefined ? {} : await replacementTerms(signer, stuck);
  const response = await signer.sendTransaction({ ...transaction, ...terms });
  unmined.delete(signer);
  return response;
}

/** Nonce and fees to replace a transaction with; none where it was mined, or where the node no longer knows it. */
async function replacementTerms(signer: Signer, { hash, nonce }: TransactionResponse): Promise<TransactionRequest> {
  const found = (await signer.provider?.getTransaction(hash)) ?? null;
  if (found === null || found.blockNumber !== null) return {};
  const fees = await signer.provider?.getFeeData();
  const above = (now: bigint | null | undefined, then: bigint | null) => {
    const least = raised(then ?? 0n);
    return now !== null && now !== undefined && now > least ? now : least;
  };
  if (found.maxFeePerGas === null) return { nonce, gasPrice: above(fees?.gasPrice, found.gasPrice) };
  return {
    nonce,
    maxFeePerGas: above(fees?.maxFeePerGas, found.maxFeePerGas),
    maxPriorityFeePerGas: above(fees?.maxPriorityFeePerGas, found.maxPriorityFeePerGas),
  };
}

/** An eighth more: nodes take no replacement for less than a tenth. */
const raised = (fee: bigint): bigint => fee + fee / 8n + 1n;
