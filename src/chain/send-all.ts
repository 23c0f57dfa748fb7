import type { Signer } from "ethers";

import type { Call } from "./call.js";
import { sendCall, simulateCall, type SentCall } from "./send-call.js";

/** Sends calls one after the other, each simulated first; what was sent before a refusal stays sent. */
export async function sendAll(
  signer: Signer,
  calls: readonly Call[],
  onSent: (call: Call, sent: SentCall) => void = () => {},
): Promise<SentCall[]> {
  const sent: SentCall[] = [];
  for (const call of calls) {
    const one = await sendCall(signer, call);
    sent.push(one);
    onSent(call, one);
  }
  return sent;
}

/** The gas of calls that do not depend on one another, in their order. */
export function simulateAll(signer: Signer, calls: readonly Call[]): Promise<bigint[]> {
  return Promise.all(calls.map((call) => simulateCall(signer, call)));
}
