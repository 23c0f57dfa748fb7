import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { throughOwner } from "../../../src/chain/owner-call.js";
import { DomainError } from "../../../src/shared/errors.js";
import { sendingAccount } from "../../accounts.js";
import type { OwnerArguments } from "../../declare.js";
import { openGovernor } from "../../governance/open.js";
import { parseNumber, required } from "../../options.js";
import { run } from "../../run.js";
import { submit } from "../../submit.js";
import { decisionSeconds, openEraMarkers } from "./open.js";

interface EraArguments extends OwnerArguments {
  name: string | undefined;
  protocolVersion: string | undefined;
  epoch: string | undefined;
  eras: string | undefined;
}

const MAX_VERSION = 2n ** 32n - 1n;

const era: NewTaskActionFunction<EraArguments> = async (given, hre) =>
  run(async () => {
    const name = required(given.name, "--name");
    const decision = typed(given);
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const { markers, registry } = await openEraMarkers(hre, connection, given);
    const timelock = await registry.timelock();
    const seconds = await decisionSeconds(hre, connection, given, { sender: signer.address, timelock });
    const step =
      "version" in decision
        ? await markers.announce(name, decision.version)
        : await markers.activate(name, decision.epoch, await registry.clock(), seconds);
    const context = {
      owner: timelock,
      sender: signer.address,
      governor: () => openGovernor(hre, connection, { ...given, fromBlock: undefined }),
      propose: given.propose,
      description: given.description ?? ("call" in step ? `${step.call.summary} at ${markers.address}` : step.done),
    };
    const facts = { eras: markers.address, name, ...decision };
    await submit(await throughOwner(step, context), { connection, signer, ...given }, facts);
  });

/** Two decisions on purpose: between announcement and activation operators upgrade. */
function typed({ protocolVersion, epoch }: EraArguments): { version: number } | { epoch: bigint } {
  if ((protocolVersion === undefined) === (epoch === undefined)) {
    const message =
      "Give --protocol-version to announce an era, or --epoch to let an announced one begin: first the one, after the upgrades the other.";
    throw new DomainError("tasks/bad-choice", message, { options: ["--protocol-version", "--epoch"] });
  }
  if (epoch !== undefined) return { epoch: parseNumber(epoch, "--epoch") };
  const version = parseNumber(protocolVersion ?? "", "--protocol-version");
  if (version <= MAX_VERSION) return { version: Number(version) };
  throw new DomainError("tasks/bad-number", `--protocol-version must be ${MAX_VERSION} at most.`, {
    option: "--protocol-version",
  });
}

export default era;
