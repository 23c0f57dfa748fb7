import type { ChainGateway } from "../../../src/passport/providers/ports.js";

/** A chain on which every account is the same. */
export function fakeChain(changes: Partial<ChainGateway> = {}): ChainGateway {
  return {
    nativeBalance: () => Promise.resolve(100n),
    tokenBalance: () => Promise.resolve(100n),
    transactionCount: () => Promise.resolve(100),
    firstTransactionAt: () => Promise.resolve(null),
    gasSpent: () => Promise.resolve(100n),
    ownedTokens: () => Promise.resolve([]),
    primaryName: () => Promise.resolve(null),
    votesCast: () => Promise.resolve(100),
    ...changes,
  };
}
