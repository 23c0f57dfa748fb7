import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { stakeStatus, type StakeStatus } from "../../src/chain/staking/stake-status.js";
import { formatUnits } from "../../src/shared/decimal.js";
import { sendingAccount } from "../accounts.js";
import { checkedAddress } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { openStaking, type StakingArguments } from "./open.js";

interface StatusArguments extends StakingArguments {
  account: string | undefined;
  json: boolean;
}

const status: NewTaskActionFunction<StatusArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const staking = await openStaking(hre, connection, given);
    const account =
      given.account === undefined
        ? (await sendingAccount(connection, undefined)).address
        : checkedAddress(given.account);
    const result = await stakeStatus(staking, account);
    printResult(given.json, { staking: staking.address, ...result }, describe(result));
  });

function describe({ account, token, now, self, given, received, slashes, ...rest }: StakeStatus): string[] {
  const amount = (units: bigint) => `${formatUnits(units, token.decimals)} ${token.symbol}`;
  const stake = ({ amount: staked, slashed, unlockTime }: (typeof given)[number]) => {
    const lock = unlockTime > now ? `locked until ${isoTime(unlockTime)}` : "unlocked";
    return `${amount(staked)}, ${lock}${slashed === 0n ? "" : `, ${amount(slashed)} slashed`}`;
  };
  return [
    `${account}: ${rest.tiers.join(", ") || "no tier"}`,
    ...(rest.tiersIfVouched.length === 0
      ? []
      : [`  with counterparties who have evidence of their own: ${rest.tiersIfVouched.join(", ")}`]),
    `  self      ${self === undefined ? "nothing" : stake(self)}`,
    ...given.map((one) => `  given     to ${one.stakee}: ${stake(one)}`),
    ...received.map((one) => `  received  from ${one.staker}: ${stake(one)}`),
    ...slashes.map((one) => {
      const burn = one.burnTime > now ? `burnable from ${isoTime(one.burnTime)}` : "burnable now";
      return `  slashed   ${amount(one.amount)} of the stake on ${one.stakee}, ${one.state}, ${burn}, evidence ${one.evidence}`;
    }),
  ];
}

export default status;
