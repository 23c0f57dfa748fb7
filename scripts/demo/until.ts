import { DomainError } from "../../src/shared/errors.js";

/** Waits until something holds that other processes bring about; throws `demo/waited-in-vain` when it does not in time. */
export async function until(what: string, reached: () => Promise<boolean>, seconds = 120): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await reached())) {
    if (Date.now() > end) {
      const message = `Waited ${seconds} seconds in vain until ${what}; see the nodes' logs`;
      throw new DomainError("demo/waited-in-vain", message, { what, seconds });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
