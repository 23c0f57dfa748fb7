// The contracts of the later steps, where a community has them: registry and decoder, staking.
import { type Provider, ZeroHash } from "ethers";

import {
  IdentityStaking__factory,
  PassportDecoder__factory,
  PassportRegistry__factory,
} from "../../../typechain-types/index.js";
import type { ProtocolParameters } from "../deployment/parameters.js";
import { equal, type Finding, holds, sameSet, setting } from "./finding.js";
import { replayRoles } from "./roles.js";

export interface CommunityAddresses {
  readonly registry?: string | undefined;
  readonly decoder?: string | undefined;
  readonly staking?: string | undefined;
}

/** That certified scorers are the Timelock's, and that the decoder answers for a scorer nobody but its community runs. */
export async function inspectPassport(
  provider: Provider,
  addresses: { readonly registry: string; readonly decoder: string; readonly timelock: string },
  deployer: string,
  expected: ProtocolParameters["passport"] | undefined,
): Promise<Finding[]> {
  const registry = PassportRegistry__factory.connect(addresses.registry, provider);
  const decoder = PassportDecoder__factory.connect(addresses.decoder, provider);
  const scorerId = await decoder.defaultScorer();
  const { manager, authority, maxRootAge, maxLifetime, minRootInterval } = await registry.scorer(scorerId);
  const operator = expected?.operator;
  return [
    equal("registry/timelock", addresses.timelock, await registry.timelock()),
    equal("decoder/registry", addresses.registry, await decoder.registry()),
    equal("scorer/manager", expected?.manager ?? addresses.timelock, manager),
    operator
      ? equal("scorer/operator", operator, authority)
      : holds("scorer/operator", authority !== deployer, "another account than the deployer", authority),
    setting("scorer/max-root-age", maxRootAge, expected?.maxRootAge, maxRootAge > 0n),
    setting("scorer/max-lifetime", maxLifetime, expected?.maxLifetime, maxLifetime > 0n),
    setting("scorer/min-root-interval", minRootInterval, expected?.minRootInterval, minRootInterval > 0n),
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
