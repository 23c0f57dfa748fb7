// Stamps of something unique that an account holds. The nullifier is made of the thing, not of the account: handed on to another
// account it gives the same stamp again, and de-duplication sees it.
import { eligible, notEligible, type CostEstimate, type StampProvider } from "./provider.js";
import type { ChainGateway } from "./ports.js";

interface Options {
  readonly name: string;
  readonly cost: CostEstimate;
}

/** A token of an ERC-721 collection: art, or a badge of having been somewhere. */
export function tokenOfCollection(
  chain: Pick<ChainGateway, "ownedTokens">,
  options: Options & { collection: string; title: string; fungible: boolean },
): StampProvider {
  const { name, cost, title, fungible } = options;
  const collection = options.collection.toLowerCase();
  return {
    name,
    title,
    evidence: `The account holds a token of the collection ${collection}.`,
    group: "possessions",
    cost,
    // Whether it is for sale is the collection's: badges that cannot be transferred are not.
    fungible,
    async check({ account }) {
      const tokens = await chain.ownedTokens(collection, account);
      if (tokens.length === 0) return notEligible("the account holds no token of the collection");
      // The lowest id, so that a holder of several keeps one nullifier for as long as it keeps that token.
      const lowest = tokens.reduce((low, id) => (id < low ? id : low));
      return eligible({ collection, token: lowest.toString() });
    },
  };
}

export function ensPrimaryName(chain: Pick<ChainGateway, "primaryName">, { name, cost }: Options): StampProvider {
  return {
    name,
    title: "ENS name",
    evidence: "The account has an ENS primary name that resolves back to it.",
    group: "possessions",
    cost,
    fungible: true,
    async check({ account }) {
      const primary = await chain.primaryName(account);
      return primary === null
        ? notEligible("the account has no primary name")
        : eligible({ name: primary.toLowerCase() });
    },
  };
}
