import { HardhatPluginError } from "hardhat/plugins";

import { DomainError } from "../src/shared/errors.js";

/**
 * Runs a task's body and turns a failure the caller can act on into Hardhat's one-line error (exit code 1). Anything
 * else keeps its stack, because it is a fault of ours.
 */
export async function run<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DomainError) {
      throw new HardhatPluginError("touchstone", `${error.message} (${error.code})`, error);
    }
    throw error;
  }
}
