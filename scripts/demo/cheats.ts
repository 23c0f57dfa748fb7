import { MaxUint256, randomBytes, hexlify, Wallet, type Signer, type TransactionRequest } from "ethers";

import { CLAIM_TYPES, claimDomain, type Claim, type ClaimDomain } from "../../src/claims/typed-data.js";
import { errorName, refusalOf } from "./attempt.js";
import type { Round } from "./round.js";

interface Cheat {
  readonly who: Signer;
  readonly what: string;
  /** The custom error that must answer it. */
  readonly expected: string;
  readonly transaction: TransactionRequest;
}

/** People who have not claimed when the cheats are tried: one of each kind, and one who claimed. */
export interface CheatCast {
  readonly unbound: number;
  readonly bound: number;
  readonly claimed: number;
  readonly cheater: Signer;
}

/** Everything that a cheat could change: if this is equal before and after, nothing moved. */
async function fingerprint(round: Round, cast: CheatCast): Promise<string> {
  const { token, distributor, timelock } = round;
  const accounts = [distributor, timelock, cast.cheater, ...[cast.unbound, cast.bound, cast.claimed].map(round.person)];
  const addresses = await Promise.all(accounts.map(async (account) => await (await account).getAddress()));
  const state = await Promise.all([
    token.totalSupply(),
    token.minter(),
    distributor.getFunction("signer")(),
    distributor.owner(),
    distributor.pausedUntil(),
    distributor.end(),
    ...addresses.flatMap((address) => [token.balanceOf(address), token.delegates(address), token.getVotes(address)]),
    ...round.stewards.map(({ address }) => token.getVotes(address)),
    ...[cast.unbound, cast.bound, cast.claimed].map((userId) => distributor.isClaimed(userId)),
  ]);
  return state.map(String).join(" ");
}

/** Every cheat that must be refused while the window is open. */
async function cheats(round: Round, cast: CheatCast): Promise<Cheat[]> {
  const { book, chain, claimSigner, distributor, domain, token } = round;
  const cheater = await cast.cheater.getAddress();
  const deadline = BigInt((await chain.now()) + 3_600);
  const steward = round.stewards[0]?.address ?? cheater;
  const sign = (claim: Claim, by: Signer = claimSigner, where: ClaimDomain = domain) =>
    by.signTypedData({ ...where }, CLAIM_TYPES, claim);
  const amountOf = (userId: number) => book.find(userId)?.amount ?? 0n;
  const unbound = cast.unbound;
  const amount = amountOf(unbound);
  const honest: Claim = { userId: unbound, account: cheater, amount, delegatee: steward, submitter: cheater, deadline };
  const victim = (await round.person(cast.bound)).address;
  const onVictim: Claim = { ...honest, userId: cast.bound, account: victim, amount: amountOf(cast.bound) };
  const signed = async (claim: Claim, signature: Promise<string>, proof = book.proof(claim.userId)) =>
    distributor.claimSigned.populateTransaction(
      claim.userId,
      claim.amount,
      claim.delegatee,
      claim.deadline,
      await signature,
      proof,
    );
  const item = (claim: Claim, accountSignature: string, signerSignature: string) => ({
    ...claim,
    accountSignature,
    signerSignature,
    proof: book.proof(claim.userId),
  });
  const batch = (submitter: string, ...items: ReturnType<typeof item>[]) =>
    distributor.claimBatch.populateTransaction(submitter, items);
  const past: Claim = { ...honest, deadline: BigInt((await chain.now()) - 1) };
  const doubled: Claim = { ...honest, amount: amount * 2n };
  const elsewhere = claimDomain(domain.chainId + 1n, domain.verifyingContract);
  const claimant = await round.person(cast.claimed);
  const kept = amountOf(cast.claimed);

  return [
    {
      who: cast.cheater,
      what: "claims a leaf that is bound to somebody else",
      expected: "DistributorInvalidProof",
      transaction: await distributor.claim.populateTransaction(
        cast.bound,
        onVictim.amount,
        steward,
        book.proof(cast.bound),
      ),
    },
    {
      who: cast.cheater,
      what: "claims an unbound leaf without the claim signer",
      expected: "DistributorInvalidProof",
      transaction: await distributor.claim.populateTransaction(unbound, amount, steward, book.proof(unbound)),
    },
    {
      who: cast.cheater,
      what: "signs the claim with a key of their own",
      expected: "DistributorInvalidSignerSignature",
      transaction: await signed(honest, sign(honest, Wallet.createRandom())),
    },
    {
      who: cast.cheater,
      what: "brings a claim signed for another chain",
      expected: "DistributorInvalidSignerSignature",
      transaction: await signed(honest, sign(honest, claimSigner, elsewhere)),
    },
    {
      who: cast.cheater,
      what: "takes the claim that was signed for somebody else",
      expected: "DistributorInvalidSignerSignature",
      transaction: await signed(honest, sign({ ...honest, account: victim, submitter: victim })),
    },
    {
      who: cast.cheater,
      what: "uses a claim after its deadline",
      expected: "DistributorClaimExpired",
      transaction: await signed(past, sign(past)),
    },
    {
      who: cast.cheater,
      what: "got a signature for twice the amount",
      expected: "DistributorInvalidProof",
      transaction: await signed(doubled, sign(doubled)),
    },
    {
      who: cast.cheater,
      what: "has the signature but invents the proof",
      expected: "DistributorInvalidProof",
      transaction: await signed(honest, sign(honest), [hexlify(randomBytes(32))]),
    },
    {
      who: cast.cheater,
      what: "changes the delegate after the signature",
      expected: "DistributorInvalidSignerSignature",
      transaction: await signed({ ...honest, delegatee: cheater }, sign(honest)),
    },
    {
      who: claimant,
      what: "claims a second time",
      expected: "DistributorAlreadyClaimed",
      transaction: await distributor.claim.populateTransaction(cast.claimed, kept, steward, book.proof(cast.claimed)),
    },
    {
      who: cast.cheater,
      what: "sponsors somebody who did not sign, to take their votes",
      expected: "DistributorInvalidAccountSignature",
      transaction: await batch(cheater, item({ ...onVictim, delegatee: cheater }, await sign(onVictim), "0x")),
    },
    {
      who: cast.cheater,
      what: "sends a batch that another sponsor was trusted with",
      expected: "DistributorNotSubmitter",
      transaction: await batch(
        await round.relayer.getAddress(),
        item(onVictim, await sign(onVictim, await round.person(cast.bound)), "0x"),
      ),
    },
    {
      who: cast.cheater,
      what: "appoints a claim signer of their own",
      expected: "OwnableUnauthorizedAccount",
      transaction: await distributor.rotateSigner.populateTransaction(cheater, 0),
    },
    {
      who: cast.cheater,
      what: "pauses signed claims",
      expected: "DistributorNotGuardian",
      transaction: await distributor.guardianPause.populateTransaction(3_600),
    },
    {
      who: cast.cheater,
      what: "sweeps before the window has ended",
      expected: "DistributorNotEnded",
      transaction: await distributor.sweep.populateTransaction(),
    },
    {
      who: cast.cheater,
      what: "calls the token's distribution hook directly",
      expected: "TokenNotDistributor",
      transaction: await token.distribute.populateTransaction(cheater, 1n, cheater),
    },
    {
      who: cast.cheater,
      what: "mints",
      expected: "TokenNotMinter",
      transaction: await token.mint.populateTransaction(cheater, MaxUint256),
    },
  ];
}

/** Tries each cheat for real; throws if one is not refused as it must be, or if anything moved. Returns how many. */
export async function tryCheats(round: Round, cast: CheatCast): Promise<number> {
  const attempts = await cheats(round, cast);
  for (const cheat of attempts) await tryCheat(round, cast, cheat);
  return attempts.length;
}

async function tryCheat(round: Round, cast: CheatCast, { who, what, expected, transaction }: Cheat): Promise<void> {
  const { chain, narrator } = round;
  const from = await who.getAddress();
  const refusal = await refusalOf(chain.provider, { ...transaction, from });
  if (refusal === undefined || errorName(refusal) !== expected) {
    throw new Error(`"${what}" must be refused with ${expected}, but the answer was ${refusal ?? "success"}`);
  }
  const before = await fingerprint(round, cast);
  // With a gas limit of its own the transaction is mined and reverts, instead of failing while gas is estimated.
  const sent = await who.sendTransaction({ ...transaction, gasLimit: 500_000 }).catch(() => undefined);
  const receipt = await sent?.wait().catch(() => undefined);
  if (receipt?.status === 1) throw new Error(`"${what}" went through`);
  if ((await fingerprint(round, cast)) !== before) throw new Error(`"${what}" was refused but changed state`);
  narrator.step("cheater", what, `${refusal.length > 60 ? `${refusal.slice(0, 59)}…` : refusal}; nothing moved`);
}
