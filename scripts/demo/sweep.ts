import { errorName, refusalOf } from "./attempt.js";
import { gas, tokens } from "./narrator.js";
import type { Round } from "./round.js";

/** Lets the window end, shows that claims end with it, and returns the rest to the Timelock. Returns what came back. */
export async function closeAndSweep(round: Round, lateUser: number): Promise<bigint> {
  const { narrator, chain, distributor, token, timelock, book } = round;
  const end = Number(await distributor.end());
  await chain.pass(end - (await chain.now()));
  narrator.step("clock", "the claim window ends", new Date(end * 1_000).toISOString());

  const late = await round.person(lateUser);
  const amount = book.find(lateUser)?.amount ?? 0n;
  const claim = await distributor.claim.populateTransaction(lateUser, amount, late, book.proof(lateUser));
  const refusal = await refusalOf(chain.provider, { ...claim, from: late.address });
  if (refusal === undefined || errorName(refusal) !== "DistributorEnded") {
    throw new Error(`a late claim answered ${refusal ?? "success"}`);
  }
  narrator.step(`user ${lateUser}`, "comes as the window ends, with a bound leaf", refusal);

  const before = await token.balanceOf(timelock);
  const receipt = await (await distributor.connect(round.relayer).sweep()).wait();
  const swept = (await token.balanceOf(timelock)) - before;
  const left = await token.balanceOf(distributor);
  if (left !== 0n) throw new Error(`the sweep left ${left} wei in the distributor`);
  narrator.step(
    "anyone",
    `sweeps ${tokens(swept)} tokens to the Timelock; nothing is left`,
    gas(receipt?.gasUsed ?? 0n),
  );
  return swept;
}
