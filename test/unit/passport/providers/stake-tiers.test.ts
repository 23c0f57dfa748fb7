import { expect } from "chai";
import fc from "fast-check";

import {
  stakeTier,
  stakeTiers,
  type CommunityStake,
  type StakePosition,
} from "../../../../src/passport/providers/stake-tiers.js";
import { accountOf, ALICE, NOW } from "../../../support/passport/stamps.js";

const tokens = (amount: number) => BigInt(amount) * 10n ** 18n;
const people = Array.from({ length: 8 }, (_, index) => accountOf(`staker ${index}`).toLowerCase());
const everybody = new Set(people);
const lock = (who: number, amount: number, unlockTime = NOW + 1): CommunityStake => ({
  counterparty: people[who] as string,
  amount: tokens(amount),
  unlockTime,
});
const position = (changes: Partial<StakePosition>): StakePosition => ({
  self: [],
  given: [],
  received: [],
  ...changes,
});
const tiers = (changes: Partial<StakePosition>, vouching: ReadonlySet<string> = everybody) => [
  ...stakeTiers(ALICE, position(changes), vouching, NOW),
];
const locks = (count: number, amount: number) => Array.from({ length: count }, (_, who) => lock(who, amount));

describe("stakeTiers", () => {
  it("reaches the tiers of an own stake at 5, 20 and 125 tokens", () => {
    const own = (amount: number, unlockTime = NOW + 1) => tiers({ self: [{ amount: tokens(amount), unlockTime }] });
    expect([4, 5, 19, 20, 124, 125].map((amount) => own(amount).length)).to.deep.equal([0, 1, 1, 2, 2, 3]);
    expect(own(125, NOW)).to.deep.equal([]);
    expect(tiers({ self: [{ amount: tokens(5) - 1n, unlockTime: NOW + 1 }] })).to.deep.equal([]);
  });

  it("staking/mutual-pair-counts-once: two accounts staking on each other are one relation", () => {
    const pair = { given: [lock(0, 10)], received: [lock(0, 10)] };
    expect(tiers(pair)).to.deep.equal(["BeginnerCommunityStaker"]);
    expect(tiers({ given: [lock(0, 10)], received: [lock(1, 10)] })).to.include("ExperiencedCommunityStaker");
    expect(tiers({ given: [lock(0, 10), lock(0, 10)] })).to.not.include("ExperiencedCommunityStaker");
  });

  it("staking/counterparty-needs-own-evidence: who has none vouches for nobody", () => {
    expect(tiers({ received: locks(5, 20) }, new Set())).to.deep.equal([]);
    expect(tiers({ received: locks(5, 20) }, new Set(people.slice(0, 4)))).to.not.include("TrustedCitizen");
    expect(tiers({ received: locks(5, 20) })).to.include("TrustedCitizen");
  });

  it("asks for five who staked 20 on the account; given stakes do not make a trusted citizen", () => {
    expect(tiers({ received: locks(4, 20) })).to.not.include("TrustedCitizen");
    expect(tiers({ given: locks(5, 20) })).to.not.include("TrustedCitizen");
    expect(tiers({ received: [...locks(4, 20), lock(4, 19)] })).to.not.include("TrustedCitizen");
    expect(tiers({ received: [...locks(4, 20), lock(4, 20, NOW)] })).to.not.include("TrustedCitizen");
  });

  it("counts nothing that an account stakes on itself by the community's way", () => {
    const self = { ...lock(0, 100), counterparty: ALICE.toLowerCase() };
    expect(tiers({ given: [self], received: [self] }, new Set([ALICE.toLowerCase()]))).to.deep.equal([]);
  });

  it("only falls when a lock ends or a counterparty loses its evidence", () => {
    const stakes = fc
      .array(
        fc.record({ who: fc.nat(7), amount: fc.constantFrom(4, 5, 10, 20), life: fc.integer({ min: -1, max: 2 }) }),
        { maxLength: 12 },
      )
      .map((list) => list.map(({ who, amount, life }) => lock(who, amount, NOW + life)));
    fc.assert(
      fc.property(stakes, stakes, fc.nat(7), (given, received, gone) => {
        const fewer = new Set(people.filter((_, who) => who !== gone));
        const all = stakeTiers(ALICE, position({ given, received }), everybody, NOW);
        const later = stakeTiers(ALICE, position({ given, received }), everybody, NOW + 1);
        const less = stakeTiers(ALICE, position({ given, received }), fewer, NOW);
        expect([...later, ...less].every((tier) => all.has(tier))).to.equal(true);
      }),
    );
  });

  it("is offered as one provider per tier", async () => {
    const gateway = {
      stakesOf: () => Promise.resolve(position({ given: locks(2, 10) })),
      withIndependentEvidence: (accounts: readonly string[]) => Promise.resolve(new Set(accounts)),
    };
    const cost = { label: "medium", cents: 500, needs: ["money"] } as const;
    const check = async (tier: "ExperiencedCommunityStaker" | "TrustedCitizen") =>
      (await stakeTier(gateway, tier, cost).check({ account: ALICE, now: NOW, proofs: {} })).status;
    expect(await check("ExperiencedCommunityStaker")).to.equal("eligible");
    expect(await check("TrustedCitizen")).to.equal("not_eligible");
  });
});
