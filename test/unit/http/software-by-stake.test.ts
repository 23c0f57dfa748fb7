import { expect } from "chai";
import fc from "fast-check";

import { softwareByStake } from "../../../src/http/aggregator/wire.js";
import type { EpochKeys } from "../../../src/nodes/protocol/epoch-keys.js";

const VERSIONS = ["0.1.0", "0.2.0", "0.3.0-beta"];

/** Stewards with stakes; nothing else of an epoch's keys is asked for. */
const keysOf = (stakes: readonly bigint[]): EpochKeys =>
  ({
    registration: { totalStake: stakes.reduce((sum, stake) => sum + stake, 0n) },
    stewards: stakes.map((stake, n) => ({ steward: `0x${n}`, stake })),
  }) as unknown as EpochKeys;

describe("software by stake", () => {
  it("watcher/software-by-stake: each steward counts once, with all its stake, for what it said last", () => {
    const stake = fc.bigInt({ min: 1n, max: 10n ** 18n });
    const said = fc.array(fc.record({ who: fc.nat(9), version: fc.constantFrom(...VERSIONS) }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(stake, { minLength: 1, maxLength: 8 }), said, (stakes, rows) => {
        // The latest first, as the store gives them; some are of stewards who are not in the epoch.
        const participation = rows.map(({ who, version }, n) => {
          return { steward: `0x${who}`, software: version, messages: 1, lastAt: 1_000 - n };
        });
        const shown = softwareByStake(keysOf(stakes), participation);
        const total = stakes.reduce((sum, one) => sum + one, 0n);
        for (const version of [...VERSIONS, null]) {
          const of = stakes.filter((_, n) => (rows.find(({ who }) => who === n)?.version ?? null) === version);
          const row = shown.find(({ software }) => software === version);
          const sum = of.reduce((before, one) => before + one, 0n);
          expect([row?.stake ?? "0", row?.stewards ?? 0]).to.deep.equal([sum.toString(), of.length]);
          expect(row?.share ?? 0).to.be.closeTo(Number(sum) / Number(total), 2e-6);
        }
        const order = shown.map((row) => BigInt(row.stake));
        expect(order).to.deep.equal([...order].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0)));
      }),
    );
  });
});
