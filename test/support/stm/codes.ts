import { expect } from "chai";

import { StmError } from "../../../src/stm/errors.js";

/** The code that a call is refused with; "none" if it passes. Anything but an {@link StmError} fails the test. */
export function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error, String(error)).to.be.instanceOf(StmError);
    return (error as StmError).code;
  }
  return "none";
}
