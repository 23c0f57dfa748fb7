import type { Evidence } from "../nullifiers/evidence.js";

/** What a stamp costs an honest person, roughly; shown beside the stamp and used to list the cheapest paths. */
export interface CostEstimate {
  readonly label: "free" | "low" | "medium" | "high";
  /** US cents. */
  readonly cents: number;
  /** What it takes besides: `money`, `chain-history`, `public-activity`, `identity-document`, `time`. */
  readonly needs: readonly string[];
}

export interface ProviderRequest {
  /** EIP-55 form. */
  readonly account: string;
  /** Seconds since the epoch. */
  readonly now: number;
  /** What the holder brought along for this provider: an access token, a code. Never stored. */
  readonly proofs: Readonly<Record<string, string>>;
}

/**
 * Evidence identifies its holder to us alone, and lives in memory until the nullifier is made of it. A provider that cannot
 * tell throws; "not eligible" is an answer.
 */
export type ProviderAnswer =
  | { readonly status: "eligible"; readonly evidence: Evidence }
  | { readonly status: "not_eligible"; readonly reason: string };

/** One kind of stamp. Communities write their own and pass them in; nothing in the core knows their names. */
export interface StampProvider {
  /** The `provider` of the credential. */
  readonly name: string;
  readonly title: string;
  /** What is looked at, in a sentence for the holder. */
  readonly evidence: string;
  readonly group: string;
  readonly cost: CostEstimate;
  /** Whether money alone buys it. */
  readonly fungible: boolean;
  /** Seconds; 90 days unless told. */
  readonly lifetime?: number;
  check(request: ProviderRequest): Promise<ProviderAnswer>;
}

export const eligible = (evidence: Evidence): ProviderAnswer => ({ status: "eligible", evidence });
export const notEligible = (reason: string): ProviderAnswer => ({ status: "not_eligible", reason });

/** What identifies an account's own history: the account, in one spelling. */
export const accountEvidence = (account: string): Evidence => ({ account: account.toLowerCase() });
