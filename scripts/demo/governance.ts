import { id, Wallet } from "ethers";

import { gas, tokens } from "./narrator.js";
import type { Round } from "./round.js";

const STATES = ["Pending", "Active", "Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed"];
const FOR = 1;

/** The stewards spend from the treasury: propose, vote, queue, execute. Returns what was spent and to whom. */
export async function spendFromTreasury(round: Round, amount: bigint): Promise<{ grantee: string; amount: bigint }> {
  const { narrator, chain, governor, token, timelock, stewards } = round;
  const grantee = Wallet.createRandom().address;
  const [proposer] = stewards;
  if (proposer === undefined) throw new Error("the walk-through has stewards");
  const description = `Grant ${tokens(amount)} tokens to ${grantee}#proposer=${proposer.address}`;
  const call = token.interface.encodeFunctionData("transfer", [grantee, amount]);
  const targets = [await token.getAddress()];
  const values = [0n];
  const calls = [call];
  const show = async (proposal: bigint) => STATES[Number(await governor.state(proposal))] ?? "?";

  const proposal = await governor.getProposalId(targets, values, calls, id(description));
  const proposed = await governor.connect(proposer.signer).propose(targets, values, calls, description);
  const receipt = await proposed.wait();
  narrator.step(proposer.name, `proposes a grant of ${tokens(amount)} tokens`, gas(receipt?.gasUsed ?? 0n));

  await chain.pass(Number(await governor.votingDelay()) + 1);
  for (const { name, signer, address } of stewards) {
    const vote = await (await governor.connect(signer).castVote(proposal, FOR)).wait();
    const votes = await governor.getVotes(address, await governor.proposalSnapshot(proposal));
    narrator.step(name, `votes for it with ${tokens(votes)} votes`, gas(vote?.gasUsed ?? 0n));
  }
  const [, inFavour] = await governor.proposalVotes(proposal);
  const quorum = await governor.quorum(await governor.proposalSnapshot(proposal));
  narrator.step("governor", `counts ${tokens(inFavour)} for, quorum ${tokens(quorum)}`, await show(proposal));

  await chain.pass(Number((await governor.proposalDeadline(proposal)) - BigInt(await chain.now())) + 1);
  const queued = await (await governor.queue(targets, values, calls, id(description))).wait();
  narrator.step("anyone", `queues it: ${await timelock.getMinDelay()} s in the Timelock`, gas(queued?.gasUsed ?? 0n));

  await chain.pass(Number(await timelock.getMinDelay()) + 1);
  const executed = await (await governor.execute(targets, values, calls, id(description))).wait();
  const received = await token.balanceOf(grantee);
  if (received !== amount) throw new Error(`the grantee holds ${received} wei instead of ${amount}`);
  narrator.step("anyone", `executes it: the grantee holds ${tokens(received)} tokens`, gas(executed?.gasUsed ?? 0n));
  narrator.step("governor", "proposal is", await show(proposal));
  return { grantee, amount };
}
