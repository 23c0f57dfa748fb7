import type { Interface, Provider, TransactionRequest } from "ethers";

import { describeRefusal } from "../../src/chain/refusal.js";

/** Calls without sending: the custom error as `Name(arguments)`, or undefined when the call would have gone through. */
export async function refusalOf(
  provider: Provider,
  transaction: TransactionRequest,
  others: readonly Interface[] = [],
): Promise<string | undefined> {
  try {
    await provider.call(transaction);
    return undefined;
  } catch (error) {
    const refusal = describeRefusal(error, others);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

/** The name of a refusal such as `DistributorEnded(1700000000)`. */
export const errorName = (refusal: string | undefined): string | undefined => refusal?.split("(")[0];
