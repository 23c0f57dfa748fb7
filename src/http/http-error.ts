import { DomainError } from "../shared/errors.js";
import type { AccessErrorCode } from "./passport/problems.js";
import { isProblemCode, problem, type HttpErrorCode, type Problem } from "./problems.js";

/** A failure of the HTTP edge itself. */
export class HttpError extends DomainError<HttpErrorCode | AccessErrorCode> {
  constructor(code: HttpErrorCode | AccessErrorCode, message = "", details: Readonly<Record<string, unknown>> = {}) {
    super(code, message, details);
  }
}

/** The problem that a caller is told. What is not a failure the caller can act on is "internal", without detail. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof DomainError && isProblemCode(error.code)) {
    return problem(error.code, requestId, error.message === "" ? undefined : error.message, error.details);
  }
  const { statusCode, validation, message } = error as { statusCode?: unknown; validation?: unknown; message?: string };
  if (validation !== undefined) return problem("http/invalid-request", requestId, message);
  // Errors that the framework raises for a bad request; its words are for us, ours for the caller.
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    return problem("http/invalid-request", requestId);
  }
  return problem("http/internal", requestId);
}
