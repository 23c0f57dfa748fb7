import { DomainError } from "../../src/shared/errors.js";

/**
 * Waits until something holds that other processes bring about; throws `demo/waited-in-vain` when it does not in time. A kept connection may
 * be closed just when it is used again, most of all after this process was busy for seconds: such a question is asked again.
 */
export async function until(what: string, reached: () => Promise<boolean>, seconds = 120): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await reached().catch(again))) {
    if (Date.now() > end) {
      const message = `Waited ${seconds} seconds in vain until ${what}; see the nodes' logs`;
      throw new DomainError("demo/waited-in-vain", message, { what, seconds });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Not yet, for a question whose connection was reset; throws anything else. */
function again(error: unknown): false {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === "ECONNRESET") return false;
  }
  throw error;
}
