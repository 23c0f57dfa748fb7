// Stamps of an account's own history and holdings on a chain. All of them are for sale: a balance can be borrowed for the minute
// of the check, gas can be burnt, and an old account can be bought. They raise a farm's costs, no more.
import {
  accountEvidence,
  eligible,
  notEligible,
  type CostEstimate,
  type ProviderAnswer,
  type StampProvider,
} from "./provider.js";
import type { ChainGateway } from "./ports.js";

interface Measure<Value> {
  readonly name: string;
  readonly title: string;
  readonly evidence: string;
  readonly group: "holdings" | "chain-history";
  readonly cost: CostEstimate;
  readonly minimum: Value;
  measure(account: string, now: number): Promise<Value>;
}

/** A provider that compares one figure of the account with a minimum. */
function atLeast<Value extends bigint | number>({ measure, minimum, ...description }: Measure<Value>): StampProvider {
  return {
    ...description,
    fungible: true,
    async check({ account, now }): Promise<ProviderAnswer> {
      const value = await measure(account, now);
      return value >= minimum ? eligible(accountEvidence(account)) : notEligible(`${value} is less than ${minimum}`);
    },
  };
}

interface Named {
  readonly name: string;
  readonly cost: CostEstimate;
}

export const nativeBalance = (
  chain: Pick<ChainGateway, "nativeBalance">,
  options: Named & { minimum: bigint },
): StampProvider =>
  atLeast({
    ...options,
    title: "Native balance",
    evidence: `The account holds at least ${options.minimum} wei.`,
    group: "holdings",
    measure: (account) => chain.nativeBalance(account),
  });

export const tokenBalance = (
  chain: Pick<ChainGateway, "tokenBalance">,
  options: Named & { token: string; minimum: bigint },
): StampProvider => {
  const { token, ...rest } = options;
  return atLeast({
    ...rest,
    title: "Token balance",
    evidence: `The account holds at least ${options.minimum} units of the token ${token}.`,
    group: "holdings",
    measure: (account) => chain.tokenBalance(token, account),
  });
};

export const transactionCount = (
  chain: Pick<ChainGateway, "transactionCount">,
  options: Named & { minimum: number },
): StampProvider =>
  atLeast({
    ...options,
    title: "Transactions",
    evidence: `The account has sent at least ${options.minimum} transactions.`,
    group: "chain-history",
    measure: (account) => chain.transactionCount(account),
  });

/** Age in whole days since the account's first transaction. */
export const accountAge = (
  chain: Pick<ChainGateway, "firstTransactionAt">,
  options: Named & { minimum: number },
): StampProvider =>
  atLeast({
    ...options,
    title: "Account age",
    evidence: `The account sent its first transaction at least ${options.minimum} days ago.`,
    group: "chain-history",
    measure: async (account, now) => {
      const first = await chain.firstTransactionAt(account);
      return first === null ? -1 : Math.floor((now - first) / 86_400);
    },
  });

export const gasSpent = (chain: Pick<ChainGateway, "gasSpent">, options: Named & { minimum: bigint }): StampProvider =>
  atLeast({
    ...options,
    title: "Gas spent",
    evidence: `The account has paid at least ${options.minimum} wei for gas.`,
    group: "chain-history",
    measure: (account) => chain.gasSpent(account),
  });

/** Money does not hurry votes, but an account that voted can be bought like any other. */
export const votesCast = (
  chain: Pick<ChainGateway, "votesCast">,
  options: Named & { governor: string; minimum: number },
): StampProvider => {
  const { governor, ...rest } = options;
  return atLeast({
    ...rest,
    title: "Governance votes",
    evidence: `The account has cast at least ${options.minimum} votes at the governor ${governor}.`,
    group: "chain-history",
    measure: (account) => chain.votesCast(governor, account),
  });
};
