// The contracts of the later steps, where a community has them: registry and decoder, rules, staking.
import { type Provider, ZeroHash } from "ethers";

import {
  IdentityStaking__factory,
  PassportDecoder__factory,
  PassportRegistry__factory,
  RulesAuthority__factory,
} from "../../../typechain-types/index.js";
import type { ProtocolParameters } from "../deployment/parameters.js";
import { equal, type Finding, holds, sameSet, setting } from "./finding.js";
import { replayRoles } from "./roles.js";

export interface CommunityAddresses {
  readonly registry?: string | undefined;
  readonly decoder?: string | undefined;
  readonly staking?: string | undefined;
  readonly rules?: string | undefined;
  /** The certificate registry, the verifier that it asks, and the era markers. */
  readonly certificates?: string | undefined;
  readonly verifier?: string | undefined;
  readonly eras?: string | undefined;
}

/** That certified scorers are the Timelock's, and that the decoder answers for a scorer nobody but its community runs. */
export async function inspectPassport(
  provider: Provider,
  addresses: {
    readonly registry: string;
    readonly decoder: string;
    readonly timelock: string;
    readonly rules?: string | undefined;
  },
  deployer: string,
  expected: ProtocolParameters["passport"] | undefined,
): Promise<Finding[]> {
  const registry = PassportRegistry__factory.connect(addresses.registry, provider);
  const decoder = PassportDecoder__factory.connect(addresses.decoder, provider);
  const scorerId = await decoder.defaultScorer();
  const { manager, authority, maxRootAge, maxLifetime, minRootInterval } = await registry.scorer(scorerId);
  const operator = expected?.operator;
  // Where rules are voted on, the operator is the rules authority's.
  const { rules } = addresses;
  const governed = rules !== undefined && authority === rules;
  const signs = governed ? await RulesAuthority__factory.connect(rules, provider).operator() : authority;
  return [
    equal("registry/timelock", addresses.timelock, await registry.timelock()),
    equal("decoder/registry", addresses.registry, await decoder.registry()),
    equal("scorer/manager", expected?.manager ?? addresses.timelock, manager),
    operator
      ? equal("scorer/operator", operator, signs)
      : holds("scorer/operator", signs !== deployer, "another account than the deployer", signs),
    setting("scorer/max-root-age", maxRootAge, expected?.maxRootAge, maxRootAge > 0n),
    setting("scorer/max-lifetime", maxLifetime, expected?.maxLifetime, maxLifetime > 0n),
    setting("scorer/min-root-interval", minRootInterval, expected?.minRootInterval, minRootInterval > 0n),
  ];
}

/** That rules are the Timelock's to approve, for this registry, and that the deployer does not sign for them. */
export async function inspectRules(
  provider: Provider,
  addresses: { readonly rules: string; readonly registry: string; readonly timelock: string },
  deployer: string,
): Promise<Finding[]> {
  const rules = RulesAuthority__factory.connect(addresses.rules, provider);
  const [registry, governance, operator] = await Promise.all([rules.registry(), rules.governance(), rules.operator()]);
  return [
    equal("rules/registry", addresses.registry, registry),
    equal("rules/governance", addresses.timelock, governance),
    holds("rules/operator", operator !== deployer, "another account than the deployer", operator),
  ];
}

/** That the Timelock alone appoints, and who holds the other roles. */
export async function inspectStaking(
  provider: Provider,
  addresses: { readonly staking: string; readonly timelock: string; readonly token: string },
  fromBlock: number,
  deployer: string,
  expected: ProtocolParameters["staking"] | undefined,
): Promise<Finding[]> {
  const staking = IdentityStaking__factory.connect(addresses.staking, provider);
  const { holders } = await replayRoles(provider, addresses.staking, fromBlock);
  const held = (role: string) => [...(holders.get(role) ?? [])];
  const [token, recipient, appealWindow, slasher, releaser, pauser] = await Promise.all([
    staking.token(),
    staking.burnRecipient(),
    staking.appealWindow(),
    staking.SLASHER_ROLE(),
    staking.RELEASER_ROLE(),
    staking.PAUSER_ROLE(),
  ]);
  const appointed = (id: string, role: string, whom: string | null | undefined) =>
    expected
      ? sameSet(id, whom ? [whom] : [], held(role))
      : holds(id, !held(role).includes(deployer), "not the deployer", held(role).join(", ") || "nobody");
  return [
    equal("stakes/token", addresses.token, token),
    sameSet("stakes/admin", [addresses.timelock], held(ZeroHash)),
    appointed("stakes/slasher", slasher, expected?.slasher),
    appointed("stakes/releaser", releaser, expected?.releaser ?? addresses.timelock),
    appointed("stakes/pauser", pauser, expected?.pauser),
    expected
      ? equal("stakes/burn-recipient", expected.burnRecipient, recipient)
      : holds("stakes/burn-recipient", recipient !== deployer, "another account than the deployer", recipient),
    setting("stakes/appeal-window", appealWindow, expected?.appealWindow, appealWindow > 0n),
  ];
}
