/** Whether a call failed in the contract, by a revert or a nonsensical answer, and not on the way to the node. */
export function isContractsFault(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === "CALL_EXCEPTION" || code === "BAD_DATA" || code === 3 || /revert/i.test(String(message));
}
