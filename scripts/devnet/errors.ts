import { DomainError } from "../../src/shared/errors.js";

/**
 * `devnet/bad-option`: an argument cannot be used. `devnet/process-ended`: a process ended that nobody killed, or did not start.
 * `devnet/other-outcome`: the network came to something else than it has to.
 */
export type DevnetErrorCode = "devnet/bad-option" | "devnet/process-ended" | "devnet/other-outcome";

export class DevnetError extends DomainError<DevnetErrorCode> {}

/** Throws `devnet/other-outcome` where something does not hold that has to. */
export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new DevnetError("devnet/other-outcome", otherwise);
}
