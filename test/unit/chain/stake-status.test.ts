import { expect } from "chai";

import { positionOf } from "../../../src/chain/staking/stake-reader.js";
import { stakeStatus } from "../../../src/chain/staking/stake-status.js";
import type { HeldStake, OpenSlash } from "../../../src/chain/staking/staking-gateway.js";

const [OWN, FRIEND, OTHER] = [1, 2, 3].map((n) => `0x${n.toString(16).padStart(40, "A")}`) as [string, string, string];
const NOW = 1_800_000_000;
const TOKEN = 10n ** 18n;
const stake = (staker: string, stakee: string, amount: bigint, changes: Partial<HeldStake> = {}): HeldStake => ({
  ...{ staker, stakee, amount: amount * TOKEN, slashed: 0n, unlockTime: NOW + 1, ...changes },
});

function chainOf(stakes: HeldStake[], slashes: OpenSlash[] = []) {
  return {
    token: () => Promise.resolve({ address: OTHER, decimals: 18, symbol: "TST" }),
    now: () => Promise.resolve(NOW),
    stakesAround: () => Promise.resolve(stakes),
    openSlashes: () => Promise.resolve(slashes),
  };
}

describe("an account's stakes", () => {
  it("are seen from the account, without what is gone", () => {
    const position = positionOf(OWN.toLowerCase(), [
      stake(OWN, OWN, 5n),
      stake(OWN, FRIEND, 6n),
      stake(OTHER, OWN, 7n),
      stake(FRIEND, OTHER, 8n), // somebody else's altogether
      stake(OTHER, OWN, 0n, { slashed: 9n }),
    ]);
    expect(position).to.deep.equal({
      self: [{ amount: 5n * TOKEN, unlockTime: NOW + 1 }],
      given: [{ counterparty: FRIEND.toLowerCase(), amount: 6n * TOKEN, unlockTime: NOW + 1 }],
      received: [{ counterparty: OTHER.toLowerCase(), amount: 7n * TOKEN, unlockTime: NOW + 1 }],
    });
  });

  it("tell tiers that hold anyway from those that need people of evidence", async () => {
    const all = [stake(OWN, OWN, 20n), stake(OWN, FRIEND, 10n), stake(OTHER, OWN, 10n)];
    const status = await stakeStatus(chainOf(all), OWN);
    expect(status.tiers).to.deep.equal(["SelfStakingBronze", "SelfStakingSilver"]);
    expect(status.tiersIfVouched).to.deep.equal(["BeginnerCommunityStaker", "ExperiencedCommunityStaker"]);
    expect([status.given.length, status.received.length]).to.deep.equal([1, 1]);
  });

  it("show a stake that is slashed whole, and count no lock that ends now", async () => {
    const all = [stake(OWN, OWN, 0n, { slashed: 9n }), stake(OTHER, OWN, 50n, { unlockTime: NOW })];
    const status = await stakeStatus(chainOf(all), OWN);
    expect(status.self).to.include({ amount: 0n, slashed: 9n });
    expect([...status.tiers, ...status.tiersIfVouched]).to.deep.equal([]);
  });
});
