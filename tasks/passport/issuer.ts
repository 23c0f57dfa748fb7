import path from "node:path";

import type { Provider } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ActivityGateway } from "../../src/chain/activity-gateway.js";
import { StakeReader } from "../../src/chain/staking/stake-reader.js";
import { StakingGateway } from "../../src/chain/staking/staking-gateway.js";
import { fetchClient } from "../../src/http/fetch-client.js";
import type { BanGateway } from "../../src/passport/issue.js";
import { configuredProviders, type ProviderSources } from "../../src/passport/issuing/configured-providers.js";
import { parseIssuerDocument } from "../../src/passport/issuing/issuer-document.js";
import { openIssuer } from "../../src/passport/issuing/open-issuer.js";
import { readVerdicts, type Verdict } from "../../src/sybil/verdicts.js";
import { readJson } from "../files.js";
import { secretVariable } from "../variables.js";

/** A service that takes stamps refuses those of banned holders itself: nothing is known of bans here. */
export const NO_BANS: BanGateway = { find: () => Promise.resolve(undefined) };

/** Stakes on oneself need nobody else's evidence. */
const NOBODY = () => Promise.resolve(new Set<string>());

/** An issuer's document with its keys and providers; the files it names lie beside it. */
export async function openIssuerFile(hre: HardhatRuntimeEnvironment, file: string, provider: Provider) {
  const settings = parseIssuerDocument(await readJson(file, "The issuer's document"));
  const beside = (name: string) => path.resolve(path.dirname(file), name);
  const verdicts = new Map<string, ReadonlyMap<string, Verdict>>();
  const http = fetchClient();
  const sources: ProviderSources = {
    ...{ chain: new ActivityGateway(provider), http },
    stakes: (contract) => new StakeReader(new StakingGateway(contract, provider), NOBODY),
    readJson: (name) => readJson(beside(name), "The allow-list"),
    openVerdicts: async (name, round) => {
      const read = await readVerdicts(beside(name));
      verdicts.set(round, read);
      return { result: (_round, account) => Promise.resolve(read.get(account) ?? null) };
    },
  };
  const providers = await configuredProviders(settings.providers, sources);
  const issuer = await openIssuer(settings, (variable) => secretVariable(hre, variable));
  return { settings, providers, issuer, verdicts, http };
}
