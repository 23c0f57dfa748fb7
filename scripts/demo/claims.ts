import { ZeroAddress, type ContractTransactionResponse } from "ethers";

import { CLAIM_TYPES, type Claim } from "../../src/claims/typed-data.js";
import { DomainError } from "../../src/shared/errors.js";
import { isBound, personOf } from "./people.js";
import { gas, tokens } from "./narrator.js";
import type { Round } from "./round.js";

/** What the service hands out, as far as the walk-through needs it. */
interface SignedClaim {
  readonly claim: Claim;
  readonly proof: readonly string[];
  readonly signature?: string;
}

/** The claim service, as the front end sees it: what it answers to a user's wish. */
export interface ClaimDesk {
  /** A claim that the account will send alone. */
  request(userId: number, account: string, delegatee: string): Promise<SignedClaim>;
  /** A claim that `submitter` will send; the account has signed it. */
  requestSponsored(claim: Claim, accountSignature: string): Promise<SignedClaim>;
  /** Tells the service which transaction carries the claim. */
  report(userId: number, transactionHash: string): Promise<void>;
  /** What the service says when the user comes back. */
  status(userId: number): Promise<{ readonly status: string; readonly detail: string }>;
}

/** Each claimant's delegate: one of the stewards in turn; user 5 votes alone and user 6 names nobody. */
function delegateeOf(round: Round, userId: number, account: string): string {
  if (userId === 5) return account;
  if (userId === 6) return ZeroAddress;
  return round.stewards[userId % round.stewards.length]?.address ?? ZeroAddress;
}

function describeDelegate(round: Round, delegatee: string, account: string): string {
  if (delegatee === ZeroAddress) return "no delegate";
  if (delegatee === account) return "votes alone";
  return `delegates to ${round.stewards.find(({ address }) => address === delegatee)?.name ?? delegatee}`;
}

async function checkClaimed(round: Round, userId: number, account: string, delegatee: string): Promise<void> {
  const amount = round.book.find(userId)?.amount;
  const [claimed, balance, delegate] = await Promise.all([
    round.distributor.isClaimed(userId),
    round.token.balanceOf(account),
    round.token.delegates(account),
  ]);
  if (!claimed || balance !== amount || delegate !== delegatee) {
    throw new Error(`user ${userId}: claimed ${claimed}, balance ${balance} of ${amount}, delegate ${delegate}`);
  }
}

/** The proof is enough: no service takes part. */
export async function claimBound(round: Round, userIds: readonly number[]): Promise<void> {
  for (const userId of userIds) {
    const person = await round.person(userId);
    const amount = round.book.find(userId)?.amount ?? 0n;
    const delegatee = delegateeOf(round, userId, person.address);
    const distributor = round.distributor.connect(person);
    const receipt = await (await distributor.claim(userId, amount, delegatee, round.book.proof(userId))).wait();
    await checkClaimed(round, userId, person.address, delegatee);
    const what = `bound: ${tokens(amount)}, ${describeDelegate(round, delegatee, person.address)}`;
    round.narrator.step(`user ${userId}`, what, gas(receipt?.gasUsed ?? 0n));
  }
}

/** The service binds the user to the account; the account sends the claim. */
export async function claimSigned(round: Round, desk: ClaimDesk, userIds: readonly number[]): Promise<void> {
  for (const userId of userIds) await finishSigned(round, userId, await sendSigned(round, desk, userId));
}

/** The accounts sign, a relayer pays the gas: bound and unbound leaves in one batch. */
export async function claimSponsored(round: Round, desk: ClaimDesk, userIds: readonly number[]): Promise<void> {
  const submitter = await round.relayer.getAddress();
  const deadline = BigInt((await round.chain.now()) + 1_800);
  const items = await Promise.all(
    userIds.map(async (userId) => {
      const person = personOf(userId);
      const amount = round.book.find(userId)?.amount ?? 0n;
      const delegatee = delegateeOf(round, userId, person.address);
      const claim: Claim = { userId, account: person.address, amount, delegatee, submitter, deadline };
      const accountSignature = await person.signTypedData({ ...round.domain }, CLAIM_TYPES, claim);
      const signerSignature = isBound(userId)
        ? "0x"
        : ((await desk.requestSponsored(claim, accountSignature)).signature ?? "0x");
      return { ...claim, accountSignature, signerSignature, proof: round.book.proof(userId) };
    }),
  );
  const receipt = await (await round.distributor.connect(round.relayer).claimBatch(submitter, items)).wait();
  for (const { userId, account, delegatee, amount } of items) {
    await checkClaimed(round, userId, account, delegatee);
    const what = `sponsored: ${tokens(amount)}, ${describeDelegate(round, delegatee, account)}`;
    const balance = await round.chain.provider.getBalance(account);
    round.narrator.step(`user ${userId}`, what, `${balance === 0n ? "holds no ether at all" : "holds ether"}`);
  }
  const used = receipt?.gasUsed ?? 0n;
  round.narrator.step("relayer", `sends the ${items.length} claims in one batch`, gas(used));
}

/** A user reloads the page while the claim waits to be mined: the service knows, and signs no second claim. */
export async function claimAndReload(round: Round, desk: ClaimDesk, userId: number): Promise<void> {
  const { narrator, chain } = round;
  const { address } = personOf(userId);
  await round.person(userId);
  await chain.send("evm_setAutomine", [false]);
  try {
    const sent = await sendSigned(round, desk, userId);
    const { detail } = await desk.status(userId);
    narrator.step(`user ${userId}`, "reloads the page before the claim is mined", `"${detail.slice(0, 52)}…"`);
    const again = await desk.request(userId, address, delegateeOf(round, userId, address)).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === "claims/pending") return undefined;
      throw error;
    });
    if (again !== undefined) throw new Error("a redundant claim was signed");
    narrator.step(`user ${userId}`, "asks for another signature", "refused: claims/pending");
    await chain.send("evm_mine", []);
    await finishSigned(round, userId, sent);
  } finally {
    await chain.send("evm_setAutomine", [true]);
  }
}

/** Asks the service, sends, and tells the service which transaction carries the claim. */
async function sendSigned(round: Round, desk: ClaimDesk, userId: number) {
  const person = await round.person(userId);
  const delegatee = delegateeOf(round, userId, person.address);
  const { claim, proof, signature = "0x" } = await desk.request(userId, person.address, delegatee);
  const sent = await round.distributor
    .connect(person)
    .claimSigned(userId, claim.amount, delegatee, claim.deadline, signature, [...proof]);
  await desk.report(userId, sent.hash);
  return sent;
}

async function finishSigned(round: Round, userId: number, sent: ContractTransactionResponse): Promise<void> {
  const { address } = personOf(userId);
  const delegatee = delegateeOf(round, userId, address);
  const receipt = await sent.wait();
  await checkClaimed(round, userId, address, delegatee);
  const amount = round.book.find(userId)?.amount ?? 0n;
  const what = `signed: ${tokens(amount)}, ${describeDelegate(round, delegatee, address)}`;
  round.narrator.step(`user ${userId}`, what, gas(receipt?.gasUsed ?? 0n));
}
