import { DomainError } from "../shared/errors.js";

/** Why donations, clusters or settings cannot be used. docs/errors.md says what to do about each. */
export type FundingErrorCode =
  | "funding/bad-donation"
  | "funding/bad-recipient"
  | "funding/bad-clusters"
  | "funding/bad-setting"
  | "funding/too-many-clusters"
  | "funding/no-token"
  | "funding/chain-moved";

export class FundingError extends DomainError<FundingErrorCode> {}
