import { expect } from "chai";

import { ClaimServiceError } from "../../src/http/claim-client.js";
import type { Problem, ProblemCode } from "../../src/http/problems.js";

/** Expects a call to the service to be answered with a problem of this code, and gives the problem. */
export async function fail(call: Promise<unknown>, code: ProblemCode): Promise<Problem> {
  const outcome = await call.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (outcome instanceof ClaimServiceError) {
    expect(outcome.problem.code, outcome.problem.detail).to.equal(code);
    return outcome.problem;
  }
  if (outcome instanceof Error) throw outcome;
  throw new Error(`the call succeeded, ${code} was expected`);
}
