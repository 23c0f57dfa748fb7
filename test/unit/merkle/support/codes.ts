import { expect } from "chai";

import { DomainError } from "../../../../src/shared/errors.js";

/** The failure of `work`, which must be a domain error of this code. */
export function failure(code: string, work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(DomainError);
    expect((error as DomainError).code, (error as DomainError).message).to.equal(code);
    return error as DomainError;
  }
  throw new Error(`nothing was thrown, ${code} was expected`);
}

export async function failureOf(code: string, work: Promise<unknown>): Promise<DomainError> {
  const outcome = await work.then(
    () => new Error(`nothing was thrown, ${code} was expected`),
    (error: unknown) => error,
  );
  return failure(code, () => {
    throw outcome;
  });
}
