import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { encodeAction, parseActions, reservedFor, type ProposalAction } from "../../src/governance/proposal.js";
import { DomainError } from "../../src/shared/errors.js";
import { sendingAccount } from "../accounts.js";
import { readText } from "../files.js";
import { required } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openGovernor, type GovernorArguments } from "./open.js";

interface ProposeArguments extends GovernorArguments {
  description: string | undefined;
  target: string | undefined;
  value: string | undefined;
  calldata: string | undefined;
  signature: string | undefined;
  args: string | undefined;
  actions: string | undefined;
  reserve: boolean;
  from: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const propose: NewTaskActionFunction<ProposeArguments> = async (given, hre) =>
  run(async () => {
    const text = required(given.description, "--description");
    const actions = await readActions(given);
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const governor = await openGovernor(hre, connection, given);
    const description = given.reserve ? reservedFor(signer.address, text) : text;
    const step = await governor.propose({ actions, description });
    await submit(step, { connection, signer, ...given }, { proposalId: step.id, description });
  });

async function readActions(given: ProposeArguments): Promise<ProposalAction[]> {
  if (given.actions !== undefined) return parseActions(await readText(given.actions, "The file with actions"));
  const { target, value, calldata, signature } = given;
  return [encodeAction({ target: required(target, "--target"), value, calldata, signature, args: parseArgs(given) })];
}

function parseArgs({ args }: ProposeArguments): unknown {
  try {
    return args === undefined ? undefined : JSON.parse(args);
  } catch (cause) {
    throw new DomainError("governance/bad-action", "--args must be a JSON list.", { args }, { cause });
  }
}

export default propose;
