import { FetchRequest, JsonRpcProvider, Network } from "ethers";

import { ClaimError } from "../claims/errors.js";

/** A JSON-RPC provider for a long-running service: no start-up negotiation, a short timeout, no silent retries. */
export function connectRpc(url: string, chainId: bigint, timeoutMilliseconds = 5_000): JsonRpcProvider {
  const request = new FetchRequest(url);
  request.timeout = timeoutMilliseconds;
  const network = Network.from(chainId);
  // No cache: ethers would repeat an answer for a quarter of a second, across a re-organisation too.
  return new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1, batchStallTime: 0 });
}

const NODE_ANSWERED = new Set(["CALL_EXCEPTION", "INVALID_ARGUMENT", "BAD_DATA", "UNSUPPORTED_OPERATION"]);

/** Runs a read; a node that does not answer, or answers with its own failure, becomes `claims/chain-unavailable`. */
export async function guardChain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string" && NODE_ANSWERED.has(code)) throw error;
    throw new ClaimError("claims/chain-unavailable", "No node of the chain answers", {}, { cause: error });
  }
}
