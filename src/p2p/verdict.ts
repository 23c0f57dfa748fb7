import type { NodeErrorCode } from "../nodes/protocol/errors.js";
import { DomainError } from "../shared/errors.js";

/**
 * What becomes of a signature that was not taken. `refused`: it can never be valid, and whoever sent it did not check it. `late`:
 * nobody needs it any more. `early`, `unchecked`: this node cannot say yet, which is not the sender's fault.
 */
export type Refusal = "refused" | "late" | "early" | "unchecked";

const REFUSALS: Readonly<Record<string, Refusal>> = {
  "nodes/invalid-message": "refused",
  "nodes/wrong-message": "refused",
  "nodes/unknown-party": "refused",
  "nodes/invalid-signature": "refused",
  "nodes/message-closed": "late",
  "nodes/epoch-not-ready": "early",
} satisfies Partial<Record<NodeErrorCode, Refusal>>;

export const refusalOf = (error: unknown): Refusal =>
  (error instanceof DomainError ? REFUSALS[error.code] : undefined) ?? "unchecked";

/** Whether a consumer will never take a signature that it refused like this. */
export const isFinal = (error: unknown): boolean =>
  refusalOf(error) === "refused" ||
  refusalOf(error) === "late" ||
  (error instanceof DomainError && error.code === "nodes/too-many-messages");
