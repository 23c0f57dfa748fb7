import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { Step } from "../../src/chain/call.js";
import { throughOwner, type OwnerCallContext } from "../../src/chain/owner-call.js";
import { sendingAccount } from "../accounts.js";
import { laterStep } from "../deploy-step.js";
import type { OwnerArguments } from "../declare.js";
import { givenOrDeployed } from "../deployment.js";
import { openGovernor } from "../governance/open.js";
import { checkedAddress, parseNumber } from "../options.js";
import { openRegistry, type RegistryArguments } from "../passport/open.js";
import { buildRelease, RULES_SOURCES } from "../protocol/build.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { submit } from "../submit.js";

export interface GovernedArguments extends RegistryArguments, OwnerArguments {
  registryId: string;
}

interface GovernArguments extends GovernedArguments {
  operator: string | undefined;
  timelock: string | undefined;
}

/** How the administrator's call is made: see `throughOwner`. */
export function governorOf(
  hre: HardhatRuntimeEnvironment,
  connection: NetworkConnection,
  given: GovernedArguments,
  { owner, sender, step }: { owner: string; sender: string; step: Step },
): OwnerCallContext {
  const governor = () => openGovernor(hre, connection, { ...given, fromBlock: undefined });
  const description = given.description ?? ("call" in step ? step.call.summary : step.done);
  return { owner, sender, governor, propose: given.propose, description };
}

const govern: NewTaskActionFunction<GovernArguments> = async (given, hre) =>
  run(async () => {
    const scorerId = parseNumber(given.registryId, "The scorer");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const { kind, authority, manager } = await registry.scorer(scorerId);
    const governance = await givenOrDeployed(given.timelock, hre, connection, "Timelock", given.deploymentId);
    const operator = given.operator === undefined ? authority : checkedAddress(given.operator);
    const { deploymentId } = await laterStep(hre, connection, given.deploymentId);
    const facts = { scorerId, registry: registry.address, governance, operator };
    if ((await registry.rulesAuthority(scorerId)) !== undefined) {
      const done = { done: `the rules of scorer ${scorerId} are voted on already` };
      return submit(done, { connection, signer, ...given }, facts);
    }
    if (given.dryRun) {
      return printResult(given.json, { dryRun: true, account: signer.address, ...facts }, [
        `${signer.address} would deploy a RulesAuthority of ${governance}, with ${operator} as its operator,`,
        `and ${manager} would appoint it for scorer ${scorerId}. Dry run: nothing was sent.`,
      ]);
    }
    await buildRelease(hre, RULES_SOURCES);
    const { default: Module } = await import("../../deploy/modules/Rules.js");
    const { rules } = await connection.ignition.deploy(Module, {
      parameters: { Rules: { registry: registry.address, governance, operator } },
      defaultSender: signer.address,
      deploymentId,
      displayUi: !given.json && process.stdout.isTTY,
    });
    const deployed = await rules.getAddress();
    const step = await registry.appoint(scorerId, deployed, "contract");
    const owner = kind === "certificates" ? governance : manager;
    const context = governorOf(hre, connection, given, { owner, sender: signer.address, step });
    await submit(await throughOwner(step, context), { connection, signer, ...given }, { ...facts, rules: deployed });
  });

export default govern;
