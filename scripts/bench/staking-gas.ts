// What staking costs: receipts of real transactions on an in-process chain, calldata and 21,000 included, beside the
// predecessor's measured figures. `hardhat run scripts/bench/staking-gas.ts`; the default profile has the predecessor's 200
// optimizer runs, `--build-profile production` is what gets deployed.
import { mkdir, writeFile } from "node:fs/promises";

import { id, type ContractTransactionResponse } from "ethers";
import { network } from "hardhat";

import { GovernanceToken__factory, IdentityStaking__factory } from "../../typechain-types/index.js";

const WEEK = 7 * 86_400;
const APPEAL_WINDOW = 90 * 86_400;
const DEAD = "0x000000000000000000000000000000000000dEaD";
const UNIT = 10n ** 18n;
/** solc 0.8.23, 200 runs, behind a proxy, a plain ERC-20; passport.md 6.1. */
const PREDECESSOR: Record<string, number> = {
  "self stake, first": 114_251,
  "self stake, top-up": 62_927,
  "extend self stake": 36_320,
  "community stake, new pair": 81_258,
  "community stake, five new pairs": 230_158,
  "withdraw a part of a self stake": 59_366,
  "withdraw a part of a community stake": 60_478,
  "slash one": 72_855,
  "slash five": 104_530,
  "release one": 54_127,
  "burn one": 82_457,
  "read a self stake": 7_770,
};

const { ethers, networkHelpers } = await network.create();
const signers = await ethers.getSigners();
const [deployer, slasher, releaser, staker] = signers;
if (!deployer || !slasher || !releaser || !staker) throw new Error("the chain has too few accounts");
const stakees = signers.slice(5, 12).map(({ address }) => address);
const [first = "", second = "", ...five] = stakees;

const now = await networkHelpers.time.latest();
const token = await new GovernanceToken__factory(deployer).deploy("Touchstone", "TCH", deployer, now + WEEK, deployer, [
  { account: staker, amount: 1000n * UNIT },
]);
const configuration = { token, admin: deployer, slasher, releaser, pauser: deployer, burnRecipient: DEAD };
const staking = await new IdentityStaking__factory(staker).deploy({ ...configuration, appealWindow: APPEAL_WINDOW });
await token.connect(staker).approve(staking, 1000n * UNIT);

const figures = new Map<string, number>();
async function measure(name: string, sent: Promise<ContractTransactionResponse>) {
  const receipt = await (await sent).wait();
  figures.set(name, Number(receipt?.gasUsed ?? 0n));
}
const self = { staker: staker.address, stakee: staker.address };
const pairs = five.map((stakee) => ({ staker: staker.address, stakee }));
const [theft, fraud, error] = [id("theft"), id("fraud"), id("error")] as const;

await measure("self stake, first", staking.selfStake(10n * UNIT, 12 * WEEK));
await measure("self stake, top-up", staking.selfStake(10n * UNIT, 13 * WEEK));
await measure("extend self stake", staking.extendSelfStake(14 * WEEK));
await staking.communityStake(second, 10n * UNIT, 12 * WEEK);
await measure("community stake, new pair", staking.communityStake(first, 10n * UNIT, 12 * WEEK));
const batch = five.map((stakee) => ({ stakee, amount: 10n * UNIT, duration: 12 * WEEK }));
await measure("community stake, five new pairs", staking.multipleCommunityStakes(batch));
await measure("slash one", staking.connect(slasher).slash([self], 10, theft));
await measure("slash five", staking.connect(slasher).slash(pairs, 10, fraud));
await staking.connect(slasher).slash([self], 10, error);
await measure("appeal", staking.appeal(staker, theft, id("statement")));
const heldByError = (await staking.slashOf(staker, staker, error)).amount;
await measure(
  "release one",
  staking.connect(releaser).release([{ slash: { ...self, evidence: error }, amount: heldByError }]),
);
await networkHelpers.time.increase(15 * WEEK);
await measure("burn one", staking.burn([{ ...self, evidence: theft }]));
await measure("burn five", staking.burn(pairs.map((pair) => ({ ...pair, evidence: fraud }))));
await measure("withdraw a part of a self stake", staking.withdrawSelfStake(UNIT));
await measure("withdraw a part of a community stake", staking.withdrawCommunityStake(first, UNIT));
const withdrawals = five.map((stakee) => ({ stakee, amount: UNIT }));
await measure("withdraw parts of five community stakes", staking.withdrawMultipleCommunityStakes(withdrawals));
await measure("withdraw all of a community stake", staking.withdrawCommunityStake(first, 9n * UNIT));

// An estimate of a read is a transaction's: what the call itself costs is the rest.
const read = staking.interface.encodeFunctionData("selfStakes", [staker.address]);
const calldata = [...ethers.getBytes(read)].reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
const estimate = await ethers.provider.estimateGas({ to: await staking.getAddress(), data: read });
figures.set("read a self stake", Number(estimate) - 21_000 - calldata);

const lines = [...figures].map(([operation, gas]) => {
  const predecessor = PREDECESSOR[operation] ?? null;
  return { operation, gas, predecessor, difference: predecessor === null ? null : gas - predecessor };
});
console.log("Gas of whole transactions; the read is execution alone\n");
console.table(lines);
const output = "docs/benchmarks/staking-gas.json";
await mkdir("docs/benchmarks", { recursive: true });
await writeFile(output, `${JSON.stringify({ format: "touchstone-staking-gas-v1", lines }, null, 2)}\n`);
console.log(`Written to ${output}`);
