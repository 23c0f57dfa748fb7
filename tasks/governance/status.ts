import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { ProposalStatus } from "../../src/chain/governor.js";
import { formatUnits } from "../../src/shared/decimal.js";
import { parseNumber } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { openGovernor, type GovernorArguments } from "./open.js";

interface StatusArguments extends GovernorArguments {
  proposalId: string | undefined;
  json: boolean;
}

const status: NewTaskActionFunction<StatusArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const governor = await openGovernor(hre, connection, given);
    const wanted =
      given.proposalId === undefined
        ? await governor.proposals()
        : [await governor.find(parseNumber(given.proposalId, "--proposal-id"))];
    const proposals = await Promise.all(wanted.map((proposal) => governor.status(proposal)));
    const lines = proposals.length === 0 ? ["There is no proposal."] : proposals.flatMap(describe);
    printResult(given.json, { governor: governor.address, proposals }, lines);
  });

function describe(proposal: ProposalStatus): string[] {
  const { votes, quorum } = proposal;
  const tokens = (wei: bigint) => formatUnits(wei, 18);
  const needed = quorum === undefined ? "" : `, quorum ${tokens(quorum)}`;
  return [
    `${proposal.id} ${proposal.state}: ${proposal.description.split("\n")[0]}`,
    `  proposed by ${proposal.proposer}, ${proposal.actions.length} action(s)`,
    `  vote ${isoTime(proposal.voteStart)} to ${isoTime(proposal.voteEnd)}`,
    `  for ${tokens(votes.for)}, against ${tokens(votes.against)}, abstain ${tokens(votes.abstain)}${needed}`,
    ...(proposal.eta === 0n ? [] : [`  executable from ${isoTime(proposal.eta)}`]),
  ];
}

export default status;
