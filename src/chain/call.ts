/** One contract call, not yet sent: a transaction of our own, or an action of a proposal. */
export interface Call {
  readonly to: string;
  readonly data: string;
  /** Ether in wei. */
  readonly value: bigint;
  /** What it does, for people. */
  readonly summary: string;
}

/** What to do next: send a call, or nothing, because the chain is already as the caller wants it. */
export type Step = { readonly call: Call } | { readonly done: string };
