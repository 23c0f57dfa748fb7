import type { HDNodeWallet } from "ethers";

import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { RegistryView } from "../../src/chain/steward-chain.js";
import { PassportRegistry__factory } from "../../typechain-types/index.js";
import {
  deployStewardNetwork,
  EPOCH,
  startOf,
  TOKEN,
  type StewardNetwork,
} from "../../test/support/steward-network.js";
import { TOY } from "../demo/node-settings.js";
import type { DevChain } from "./chain.js";

/** What the network agrees on: a score lives for 90 days after its root's issue. */
export const MAX_LIFETIME = 7_776_000;
const CERTIFICATES = 2; // AuthorityKind.Certificates

export interface Steward {
  readonly name: string;
  readonly wallet: HDNodeWallet;
}

export interface Contracts {
  readonly network: StewardNetwork;
  /** The certificate registry as nodes see it. */
  readonly view: RegistryView;
  readonly startBlock: number;
  readonly passports: PassportRegistryGateway;
  /** The scorer's id in the passport registry: only a certificate anchors it. */
  readonly registryId: bigint;
}

/** Roots that a score stays readable for; more than one, so that nobody loses a score while a root is being brought. */
const ROOT_AGE = 4;

/** Deploys token, registries and verifier; each steward holds and votes with the same. The registry's epoch 1 has begun. */
export async function deployContracts(chain: DevChain, stewards: readonly Steward[]): Promise<Contracts> {
  const { provider, time } = chain;
  const [deployer, timelock] = [chain.account(0), chain.account(1)];
  const startBlock = await provider.getBlockNumber();
  const wallets = stewards.map(({ wallet }) => wallet);
  const network = await deployStewardNetwork([deployer, timelock], wallets, provider, time, {
    ...{ stm: TOY, minimumStake: 1n, minimumShare: 5_000 },
    votes: () => 1_000n * TOKEN,
  });
  const passports = await new PassportRegistry__factory(deployer).deploy(timelock);
  const bounds = { maxRootAge: ROOT_AGE, maxLifetime: MAX_LIFETIME, minRootInterval: Number(EPOCH) / 2 };
  await (await passports.createScorer(timelock, network.gateway.address, CERTIFICATES, bounds)).wait();
  return {
    network,
    view: new RegistryView(chain.chainId, network.gateway, provider),
    startBlock,
    passports: new PassportRegistryGateway(await passports.getAddress(), provider),
    registryId: await passports.scorerCount(),
  };
}

/** Moves the chain to the first second of an epoch. */
export async function enterEpoch({ time }: DevChain, { network }: Contracts, epoch: bigint): Promise<void> {
  await time.increaseTo((await startOf(network, epoch)) + 1n);
}
