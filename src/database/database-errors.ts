import { ClaimError } from "../claims/errors.js";
import { PassportServiceError } from "../scoring/service/errors.js";
import { DomainError, InvariantError } from "../shared/errors.js";
import { SybilError } from "../sybil/errors.js";

const UNAVAILABLE = "The database does not answer";
/** SQLSTATE classes of statements that we got wrong: data exception, integrity, syntax. They stay faults of ours. */
const OUR_FAULT = /^(22|23|42|0A|P0)/;

/** Runs a database call; a server that is gone, full or stuck becomes `claims/database-unavailable`. */
export function guardDatabase<T>(call: () => Promise<T>): Promise<T> {
  return guard(call, (cause) => new ClaimError("claims/database-unavailable", UNAVAILABLE, {}, { cause }));
}

/** The same for passports: `scoring/database-unavailable`. */
export function guardPassportDatabase<T>(call: () => Promise<T>): Promise<T> {
  return guard(call, (cause) => new PassportServiceError("scoring/database-unavailable", UNAVAILABLE, {}, { cause }));
}

/** The same for queued searches: `sybil/database-unavailable`. */
export function guardSybilDatabase<T>(call: () => Promise<T>): Promise<T> {
  return guard(call, (cause) => new SybilError("sybil/database-unavailable", UNAVAILABLE, {}, { cause }));
}

async function guard<T>(call: () => Promise<T>, unavailable: (cause: unknown) => DomainError): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DomainError || error instanceof InvariantError) throw error;
    if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) throw error;
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string" && OUR_FAULT.test(code)) throw error;
    throw unavailable(error);
  }
}
