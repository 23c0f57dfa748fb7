// Transactions that nobody mined in time. Whoever sends again must not queue behind them: a transaction whose fees are too low, or
// that its node dropped and others did not, holds up all later ones of its account.
import type { Signer, TransactionRequest, TransactionResponse } from "ethers";

import { DomainError } from "../shared/errors.js";

/**
 * `chain/not-mined`: a transaction was sent, and nobody mined it in time, another one of the account came in its place, or it still waits
 * and its fees cannot be raised.
 */
export type UnminedErrorCode = "chain/not-mined";

/** The last one of each signer. A process that begins anew has forgotten it, and its first transaction queues. */
const unmined = new WeakMap<Signer, TransactionResponse>();

/** Notes a transaction that was not mined in time. */
export function leaveUnmined(signer: Signer, response: TransactionResponse): void {
  unmined.set(signer, response);
}

/** Sends a transaction in the place of the one that nobody mined, if it still waits. Throws `chain/not-mined` where its fees are high. */
export async function sendNext(signer: Signer, transaction: TransactionRequest): Promise<TransactionResponse> {
  const stuck = unmined.get(signer);
  const terms = stuck === undefined ? {} : await replacementTerms(signer, stuck);
  const response = await signer.sendTransaction({ ...transaction, ...terms });
  unmined.delete(signer);
  return response;
}

/** Nonce and fees to replace a transaction with; none where it was mined, or where the node no longer knows it. */
async function replacementTerms(
  signer: Signer,
  { hash: transactionHash, nonce }: TransactionResponse,
): Promise<TransactionRequest> {
  const found = (await signer.provider?.getTransaction(transactionHash)) ?? null;
  if (found === null || found.blockNumber !== null) return {};
  const now = await signer.provider?.getFeeData();
  const legacy = found.maxFeePerGas === null;
  const fee = above(legacy ? now?.gasPrice : now?.maxFeePerGas, legacy ? found.gasPrice : found.maxFeePerGas);
  if (fee === undefined) {
    const problem = `Transaction ${transactionHash} still waits, and its fees are not raised further: what it waits for is not money.`;
    throw new DomainError<UnminedErrorCode>("chain/not-mined", problem, { transactionHash });
  }
  if (legacy) return { nonce, gasPrice: fee };
  const tip = raised(found.maxPriorityFeePerGas ?? 0n);
  const usual = now?.maxPriorityFeePerGas ?? 0n;
  return { nonce, maxFeePerGas: fee, maxPriorityFeePerGas: least(fee, tip > usual ? tip : usual) };
}

/**
 * What replaces a fee: an eighth more, because nodes take no replacement for less than a tenth, or today's. Undefined above four times
 * today's: when the chain stands still, a fee that grows with each look would end in a fortune.
 */
function above(today: bigint | null | undefined, before: bigint): bigint | undefined {
  const more = raised(before);
  if (today === null || today === undefined || more > 4n * today) return undefined;
  return more > today ? more : today;
}

const raised = (fee: bigint): bigint => fee + fee / 8n + 1n;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
