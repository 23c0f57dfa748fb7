// The walk-through: `npm start`, or `hardhat run scripts/demo.ts --network NAME` on any development chain.
import path from "node:path";

import { network } from "hardhat";

import { claimBound, claimSigned, claimSponsored, type ClaimDesk } from "./demo/claims.js";
import { tryCheats } from "./demo/cheats.js";
import { spendFromTreasury } from "./demo/governance.js";
import { Narrator, tokens } from "./demo/narrator.js";
import { buildExampleList, setStage } from "./demo/stage.js";
import { closeAndSweep } from "./demo/sweep.js";
import { CLAIM_TYPES } from "../src/claims/typed-data.js";

const BOUND = [2, 4, 6, 8, 10, 12, 14];
const SIGNED = [1, 3, 5, 7, 9, 11, 13];
const SPONSORED = [15, 16, 17, 18, 19, 20];
const GRANT = 25_000n * 10n ** 18n;

const stamp = new Date().toISOString().replace(/[:.]/g, "-");
const directory = path.resolve("data", `walk-through-${stamp}`);
const narrator = new Narrator(directory);
const connection = await network.create();

narrator.say("A distribution round, from a list to tokens in wallets.");
narrator.chapter("The list");
const list = await buildExampleList(narrator, directory);
narrator.chapter(`Deployment to ${connection.networkName}`);
const round = await setStage(narrator, connection, list);
const desk: ClaimDesk = {
  async request(userId, account, delegatee) {
    const claim = {
      userId,
      account,
      delegatee,
      submitter: account,
      amount: list.book.find(userId)!.amount,
      deadline: BigInt((await round.chain.now()) + 3600),
    };
    return {
      claim,
      proof: list.book.proof(userId),
      signature: await round.claimSigner.signTypedData({ ...round.domain }, CLAIM_TYPES, claim),
    };
  },
  async requestSponsored(claim) {
    return {
      claim,
      proof: list.book.proof(claim.userId),
      signature: await round.claimSigner.signTypedData({ ...round.domain }, CLAIM_TYPES, claim),
    };
  },
  async report() {},
  async status() {
    return { status: "", transaction: null };
  },
};
narrator.chapter("Twenty claims, three ways");
await round.chain.pass(3_600);
await claimBound(round, BOUND);
await claimSigned(round, desk, SIGNED);
await claimSponsored(round, desk, SPONSORED);
narrator.chapter("Cheats");
const cheater = await round.person(21);
const cheats = await tryCheats(round, { unbound: 23, bound: 24, claimed: 2, cheater });
narrator.chapter("Governance");
await round.chain.pass(60);
await spendFromTreasury(round, GRANT);
narrator.chapter("The window closes");
const swept = await closeAndSweep(round, 26);
narrator.say(`${cheats} ${tokens(swept)}`);
