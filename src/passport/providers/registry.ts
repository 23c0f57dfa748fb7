import { DomainError } from "../../shared/errors.js";
import { PROVIDER_NAME } from "../credential/parse.js";
import { issueStamp, type BanGateway, type IssuedStamp, type StampIssuer } from "../issue.js";
import type { ProviderRequest, StampProvider } from "./provider.js";

/** The providers that an issuer offers: ours, and those that a community adds. */
export class ProviderRegistry {
  readonly #providers: ReadonlyMap<string, StampProvider>;

  constructor(providers: readonly StampProvider[]) {
    const byName = new Map<string, StampProvider>();
    for (const provider of providers) {
      if (!PROVIDER_NAME.test(provider.name) || provider.name.includes('"')) {
        throw new DomainError("passport/provider", `"${provider.name}" is no name for a provider`);
      }
      if (byName.has(provider.name))
        throw new DomainError("passport/provider", `two providers are called ${provider.name}`);
      byName.set(provider.name, provider);
    }
    this.#providers = byName;
  }

  get all(): readonly StampProvider[] {
    return [...this.#providers.values()];
  }

  find(name: string): StampProvider | undefined {
    return this.#providers.get(name);
  }
}

/** What came of asking for one stamp. */
export type CollectedStamp =
  | IssuedStamp
  | { readonly status: "not_eligible"; readonly provider: string; readonly reason: string }
  | { readonly status: "unknown_provider"; readonly provider: string };

async function collectOne(
  name: string,
  provider: StampProvider,
  request: ProviderRequest,
  issuer: StampIssuer,
  bans: BanGateway,
) {
  try {
    const answer = await provider.check(request);
    if (answer.status === "not_eligible") return { ...answer, provider: name };
    const lifetime = provider.lifetime === undefined ? {} : { lifetime: provider.lifetime };
    const wish = { provider: name, account: request.account, evidence: answer.evidence, ...lifetime };
    return await issueStamp(wish, issuer, bans, request.now);
  } catch (error) {
    return { status: "failed" as const, provider: name, error };
  }
}

/**
 * Asks providers for an account's stamps and issues what they grant. Each by itself: one that is down refuses its own stamp.
 * What comes back holds credentials and reasons, never the evidence.
 */
export function collectStamps(
  registry: ProviderRegistry,
  names: readonly string[],
  request: ProviderRequest,
  issuer: StampIssuer,
  bans: BanGateway,
): Promise<CollectedStamp[]> {
  return Promise.all(
    [...new Set(names)].map((name): Promise<CollectedStamp> => {
      const provider = registry.find(name);
      if (provider === undefined) return Promise.resolve({ status: "unknown_provider", provider: name });
      return collectOne(name, provider, request, issuer, bans);
    }),
  );
}
