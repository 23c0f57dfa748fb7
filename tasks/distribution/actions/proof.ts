import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { proveAllocation } from "../../../src/merkle/prove-allocation.js";
import { printResult } from "../../output.js";
import { run } from "../../run.js";

interface ProofArguments {
  readonly dir: string;
  readonly userId: string;
  readonly json: boolean;
}

const proof: NewTaskActionFunction<ProofArguments> = async ({ dir, userId, json }) =>
  run(async () => {
    const result = await proveAllocation(dir, userId);
    printResult(json, result, [
      `user    ${result.userId}`,
      `amount  ${result.amount} wei`,
      `account ${result.account ?? "none: the claim needs the claim signer's message"}`,
      `leaf    ${result.leaf}`,
      `root    ${result.root}`,
      ...result.proof.map((word, index) => `${index === 0 ? "proof  " : "       "} ${word}`),
    ]);
  });

export default proof;
