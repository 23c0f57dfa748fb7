import type { Provider, Signer } from "ethers";

import { CertificateRegistryGateway, registryParameters } from "../../src/chain/certificate-registry.js";
import { registrationOf } from "../../src/chain/key-registration.js";
import { sendCall, type SentCall } from "../../src/chain/send-call.js";
import { encodeProof } from "../../src/chain/stm-calldata.js";
import { keccak } from "../../src/shared/keccak.js";
import { aggregate } from "../../src/stm/aggregate.js";
import { SigningKey, VerificationKey } from "../../src/stm/keys.js";
import type { StmParameters } from "../../src/stm/parameters.js";
import type { SingleSignature } from "../../src/stm/proof.js";
import { closeRegistration, type Registration } from "../../src/stm/registration.js";
import { sign } from "../../src/stm/sign.js";
import {
  CertificateRegistry__factory,
  GovernanceToken__factory,
  StmVerifier__factory,
  type GovernanceToken,
} from "../../typechain-types/index.js";

export const TOKEN = 10n ** 18n;
export const EPOCH = 10_000n;

export type Account = Signer & { readonly address: string };

/** A token whose holders are the stewards, and a registry over it whose epoch 1 has just begun. */
export interface StewardNetwork {
  readonly stewards: readonly Account[];
  readonly timelock: Account;
  readonly token: GovernanceToken;
  readonly gateway: CertificateRegistryGateway;
}

export interface NetworkOptions {
  readonly stm: StmParameters;
  readonly votes: (index: number) => bigint;
  readonly minimumStake: bigint;
  readonly minimumShare: number;
}

interface Clock {
  readonly latest: () => Promise<number>;
  readonly increaseTo: (time: number | bigint) => Promise<unknown>;
}

/** Deploys the network; the first account deploys, the second is the Timelock. */
export async function deployStewardNetwork(
  accounts: readonly Account[],
  stewards: readonly Account[],
  provider: Provider,
  time: Clock,
  { stm, votes, minimumStake, minimumShare }: NetworkOptions,
): Promise<StewardNetwork> {
  const [deployer, timelock] = accounts as [Account, Account];
  const holders = stewards.map(({ address }, index) => ({ account: address, amount: votes(index) }));
  const now = await time.latest();
  const nobody = "0x000000000000000000000000000000000000dEaD";
  const token = await new GovernanceToken__factory(deployer).deploy(
    ...(["Touchstone", "TST", timelock.address, now + 365 * 86_400, nobody, holders] as const),
  );
  for (const steward of stewards) await (await token.connect(steward).delegate(steward.address)).wait();
  const verifier = await new StmVerifier__factory(deployer).deploy();
  const genesis = BigInt(await time.latest()) + 100n;
  const registry = await new CertificateRegistry__factory(deployer).deploy({
    ...{ token, timelock, verifier, genesis, epochLength: EPOCH, firstAnchorUntil: 3 },
    parameters: registryParameters({ stm, minimumStake, minimumShare }),
  });
  await time.increaseTo(genesis + 1n);
  return {
    stewards,
    timelock,
    token,
    gateway: new CertificateRegistryGateway(await registry.getAddress(), provider, 0),
  };
}

/** The same key for the same steward and epoch, in every run. */
export const signingKeyOf = (steward: string, epoch: bigint): SigningKey =>
  SigningKey.fromKeyMaterial(keccak(`${steward} signs for ${epoch}`));

export async function register({ gateway }: StewardNetwork, steward: Account, epoch: bigint): Promise<SentCall> {
  const context = await gateway.bindingContext(epoch, steward.address);
  const step = await gateway.register(
    epoch,
    steward.address,
    registrationOf(signingKeyOf(steward.address, epoch), context),
  );
  if ("done" in step) throw new Error(step.done);
  return sendCall(steward, step.call);
}

/** The closed registration as any node computes it from the registry's events and the token's votes. */
export async function closedRegistration(
  { gateway }: StewardNetwork,
  epoch: bigint,
  minimumStake: bigint,
): Promise<Registration> {
  const registrants = await gateway.registrants(epoch);
  return closeRegistration(
    registrants
      .filter(({ stake }) => stake >= minimumStake)
      .map(({ verificationKey, stake }) => ({ verificationKey: VerificationKey.parse(verificationKey), stake })),
  );
}

/** A multisignature of these stewards, as the registry takes it. */
export function signTogether(
  stewards: readonly Account[],
  epoch: bigint,
  message: Uint8Array,
  registration: Registration,
  parameters: StmParameters,
): Uint8Array {
  const signatures = stewards
    .map(({ address }) => sign(signingKeyOf(address, epoch), message, registration, parameters))
    .filter((signature): signature is SingleSignature => signature !== undefined);
  return encodeProof(aggregate(signatures, message, registration, parameters, "gas"));
}

export const startOf = async ({ gateway }: StewardNetwork, epoch: bigint): Promise<bigint> => {
  const { genesis, epochLength } = await gateway.clock();
  return genesis + (epoch - 1n) * epochLength;
};
