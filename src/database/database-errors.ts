import { ClaimError } from "../claims/errors.js";
import { DomainError, InvariantError } from "../shared/errors.js";

/** SQLSTATE classes of statements that we got wrong: data exception, integrity, syntax. They stay faults of ours. */
const OUR_FAULT = /^(22|23|42|0A|P0)/;

/** Runs a database call; a server that is gone, full or stuck becomes `claims/database-unavailable`. */
export async function guardDatabase<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DomainError || error instanceof InvariantError) throw error;
    if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) throw error;
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string" && OUR_FAULT.test(code)) throw error;
    throw new ClaimError("claims/database-unavailable", "The database does not answer", {}, { cause: error });
  }
}
