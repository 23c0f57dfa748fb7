import { allowListed, parseAllowList } from "../providers/allow-list.js";
import {
  accountAge,
  gasSpent,
  nativeBalance,
  tokenBalance,
  transactionCount,
  votesCast,
} from "../providers/chain-activity.js";
import { githubContributions } from "../providers/github/contributions.js";
import { ensPrimaryName, tokenOfCollection } from "../providers/possessions.js";
import type { ChainGateway, HttpClient } from "../providers/ports.js";
import type { StampProvider } from "../providers/provider.js";
import { ProviderRegistry } from "../providers/registry.js";
import { stakeTier, type StakeGateway, type StakeTier } from "../providers/stake-tiers.js";
import { sybilAnalysis, type SybilGateway } from "../providers/sybil-analysis.js";
import type { ProviderSettings } from "./issuer-document.js";

/** What configured providers look at. */
export interface ProviderSources {
  readonly chain: ChainGateway;
  readonly http: HttpClient;
  /** The stakes of one contract. */
  stakes(contract: string): StakeGateway;
  readJson(file: string): Promise<unknown>;
  openVerdicts(file: string, round: string): Promise<SybilGateway>;
}

/** The providers of an issuer's document. Throws what reading their files throws. */
export async function configuredProviders(
  settings: readonly ProviderSettings[],
  sources: ProviderSources,
): Promise<ProviderRegistry> {
  return new ProviderRegistry(await Promise.all(settings.map((one) => configured(one, sources))));
}

async function configured(settings: ProviderSettings, sources: ProviderSources): Promise<StampProvider> {
  const { chain } = sources;
  const { cost } = settings;
  switch (settings.kind) {
    case "native-balance":
      return nativeBalance(chain, settings);
    case "token-balance":
      return tokenBalance(chain, settings);
    case "gas-spent":
      return gasSpent(chain, settings);
    case "transactions":
      return transactionCount(chain, settings);
    case "account-age":
      return accountAge(chain, settings);
    case "votes":
      return votesCast(chain, settings);
    case "nft":
      return tokenOfCollection(chain, settings);
    case "ens":
      return ensPrimaryName(chain, settings);
    case "self-stake":
      return stakeTier(sources.stakes(settings.staking), settings.name as StakeTier, cost);
    case "allow-list": {
      const list = parseAllowList(await sources.readJson(settings.file), settings.owner);
      return allowListed(list, cost, settings.fungible);
    }
    case "github":
      return githubContributions(sources.http, settings, settings);
    case "sybil-analysis":
      return sybilAnalysis(await sources.openVerdicts(settings.verdicts, settings.round), settings.round);
  }
}
