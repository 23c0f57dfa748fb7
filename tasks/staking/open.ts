import { readFile } from "node:fs/promises";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { OwnerCallContext } from "../../src/chain/owner-call.js";
import { evidenceHash, parseWeeks } from "../../src/chain/staking/arguments.js";
import { StakingGateway, type StakingRole } from "../../src/chain/staking/staking-gateway.js";
import { DomainError } from "../../src/shared/errors.js";
import { sendingAccount } from "../accounts.js";
import type { OwnerArguments, SendArguments } from "../declare.js";
import { givenOrDeployed, type ChainConnection } from "../deployment.js";
import { firstBlock, openGovernor } from "../governance/open.js";
import { checkedAddress, required } from "../options.js";

export interface StakingArguments {
  staking: string | undefined;
  deploymentId: string | undefined;
}

export type SendingArguments = StakingArguments & SendArguments;

/** The arguments of a task whose call needs a role. */
export type RoleArguments = StakingArguments & OwnerArguments;

/** The contract that was named, or the deployed one. */
export async function openStaking(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  { staking, deploymentId }: StakingArguments,
): Promise<StakingGateway> {
  const address = await givenOrDeployed(staking, hre, connection, "IdentityStaking", deploymentId);
  const first = await firstBlock(hre, connection, staking === undefined ? undefined : "0", deploymentId);
  return new StakingGateway(address, connection.ethers.provider, first);
}

/** The arguments of a task that locks a stake for some time. */
export interface StakeArguments extends SendingArguments {
  weeks: string | undefined;
  for: string | undefined;
}

/** Whose stake is locked, and for how long: the sender's own unless `--for` names another. */
export async function openStake(hre: HardhatRuntimeEnvironment, given: StakeArguments) {
  const duration = parseWeeks(required(given.weeks, "--weeks"));
  const connection = await hre.network.create();
  const signer = await sendingAccount(connection, given.from);
  const staking = await openStaking(hre, connection, given);
  const stakee = given.for === undefined ? signer.address : checkedAddress(given.for);
  return { duration, connection, signer, staking, stakee };
}

/** Who sends what needs a role: the sender who has it, or else the Timelock by a proposal. */
export async function roleContext(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  staking: StakingGateway,
  role: StakingRole,
  given: RoleArguments & { sender: string; summary: string },
): Promise<OwnerCallContext> {
  const governor = () => openGovernor(hre, connection, { ...given, fromBlock: undefined });
  const rest = { sender: given.sender, governor, propose: given.propose };
  const description = given.description ?? `${given.summary} at ${staking.address}`;
  const owner = (await staking.hasRole(role, given.sender)) ? given.sender : await (await governor()).timelock();
  if (owner !== given.sender && !(await staking.hasRole(role, owner))) {
    const message = `Neither ${given.sender} nor the Timelock ${owner} has the ${role} of ${staking.address}.`;
    throw new DomainError("chain/not-the-owner", message, { role });
  }
  return { owner, description, ...rest };
}

/** The hash of a document that an option names: 32 bytes of hex, or a file. */
export function documentHash(text: string | undefined, option: string): Promise<string> {
  return evidenceHash(required(text, option), async (file) => {
    try {
      return await readFile(file);
    } catch (cause) {
      throw new DomainError("tasks/unreadable-file", `${option} ${file} cannot be read.`, { file }, { cause });
    }
  });
}
