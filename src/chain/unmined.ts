// Transactions that nobody mined in time. Whoever sends again must not queue behind them: a transaction whose fees are too low, or
// that its node dropped and others did not, holds up all later ones of its account.
import type { Signer, TransactionRequest, TransactionResponse } from "ethers";

import { DomainError } from "../shared/errors.js";
import type { Call } from "./call.js";

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

/** The call of a transaction. */
type Called = Pick<Call, "to" | "data" | "value">;

/**
 * Sends a call in the place of the transaction that nobody mined, if it still waits; where that one is the same call and was mined since, it
 * is the answer. `gasLimit` is asked for only where it is needed: a node may try the call after the very transaction that waits.
 * Throws `chain/not-mined` where its fees are high already.
 */
export async function sendNext(
  signer: Signer,
  call: Called,
  gasLimit: () => Promise<bigint>,
): Promise<TransactionResponse> {
  const stuck = unmined.get(signer);
  const found = stuck === undefined ? null : ((await signer.provider?.getTransaction(stuck.hash)) ?? null);
  let response: TransactionResponse;
  if (stuck === undefined || found === null) {
    response = await signer.sendTransaction({ ...call, gasLimit: await gasLimit() });
  } else {
    const to = stuck.to?.toLowerCase();
    const same = to === call.to.toLowerCase() && stuck.data === call.data && stuck.value === call.value;
    if (same && found.blockNumber !== null) response = stuck;
    else {
      const gas = same ? stuck.gasLimit : await gasLimit();
      const terms = found.blockNumber === null ? await replacementTerms(signer, found) : {};
      response = await signer.sendTransaction({ ...call, gasLimit: gas, ...terms });
    }
  }
  unmined.delete(signer);
  return response;
}

/** Nonce and fees to replace a transaction with that waits. */
async function replacementTerms(signer: Signer, found: TransactionResponse): Promise<TransactionRequest> {
  const { hash: transactionHash, nonce } = found;
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
