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

/** What a contract, or a request of ours, is to blame for: whoever asked knows what it means. */
const NOT_THE_NODES = new Set(["CALL_EXCEPTION", "INVALID_ARGUMENT"]);
const NONSENSE = new Set(["UNSUPPORTED_OPERATION", "BAD_DATA", "BUFFER_OVERRUN"]);

/**
 * Runs a read; a node that does not answer, answers with its own failure, or with something else than JSON-RPC (the HTML of a
 * proxy, say) becomes `claims/chain-unavailable`.
 */
export async function guardChain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, shortMessage } = error as { code?: unknown; shortMessage?: unknown };
    // What a call returned does not have the contract's form: there is another contract, or none.
    if (code === "BAD_DATA" && /^could not decode result data/.test(String(shortMessage))) throw error;
    if (typeof code === "string" && NOT_THE_NODES.has(code)) throw error;
    const message =
      typeof code === "string" && NONSENSE.has(code)
        ? "The chain's node answers, but not as a node does: check the RPC URL and what stands in front of it"
        : "No node of the chain answers";
    throw new ClaimError("claims/chain-unavailable", message, {}, { cause: error });
  }
}
