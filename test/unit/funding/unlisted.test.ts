import { expect } from "chai";
import fc from "fast-check";

import { clusterRound } from "../../../src/funding/clusters.js";
import { FundingError } from "../../../src/funding/errors.js";
import { collectRound } from "../../../src/funding/round.js";
import { cocmMatching } from "../../../src/funding/rules/cocm.js";
import { cocmWithUnlisted, requireDonors, unlistedDonors } from "../../../src/funding/unlisted.js";

const DONORS = ["a", "b", "c", "d", "e", "f"];
const donations = fc.array(
  fc.record({
    donor: fc.constantFrom(...DONORS),
    project: fc.constantFrom("p", "q", "r"),
    amount: fc.integer({ min: 1, max: 1_000 }).map((cents) => cents / 10),
  }),
  { minLength: 1, maxLength: 30 },
);
/** Of each donor its cluster, or none. */
const lists = fc
  .array(fc.option(fc.constantFrom("x", "y"), { nil: undefined }), {
    minLength: DONORS.length,
    maxLength: DONORS.length,
  })
  .map(
    (clusters) => new Map(clusters.flatMap((one, at) => (one === undefined ? [] : [[DONORS[at] as string, [one]]]))),
  );

describe("donors without a cluster", () => {
  it("are clusters of their own in the cluster match, whatever its settings", () => {
    const settings = fc.record({
      closeness: fc.constantFrom("markov" as const, "pct_friends" as const, "og" as const),
      discount: fc.constantFrom("harsh" as const, "soft" as const),
    });
    fc.assert(
      fc.property(donations, lists, settings, (given, listed, { closeness, discount }) => {
        const round = collectRound(given);
        const everybody = new Map(DONORS.map((donor) => [donor, listed.get(donor) ?? [`alone ${donor}`]]));
        const general = cocmMatching(clusterRound(round, everybody), closeness, discount);
        const found = cocmWithUnlisted(round, listed) as Float64Array;
        expect(found.length).to.equal(general.length);
        found.forEach((figure, p) => {
          expect(figure).to.be.closeTo(general[p] as number, 1e-9 * (1 + (general[p] as number)));
          if (general[p] === 0) expect(figure).to.equal(0);
        });
      }),
    );
  });

  it("are counted with what they gave", () => {
    fc.assert(
      fc.property(donations, lists, (given, listed) => {
        const left = given.filter(({ donor }) => !listed.has(donor));
        const { donors, amount } = unlistedDonors(collectRound(given), listed);
        expect(donors).to.equal(new Set(left.map(({ donor }) => donor)).size);
        expect(amount).to.be.closeTo(
          left.reduce((sum, one) => sum + one.amount, 0),
          1e-6,
        );
      }),
    );
  });

  it("have no closed form where a donor is in two clusters", () => {
    const round = collectRound([{ donor: "a", project: "p", amount: 1 }]);
    expect(cocmWithUnlisted(round, new Map([["a", ["x", "y"]]]))).to.equal(undefined);
  });

  it("are not all of them: a list of other names is refused", () => {
    const round = collectRound([
      { donor: "a", project: "p", amount: 1 },
      { donor: "b", project: "p", amount: 1 },
    ]);
    requireDonors(round, new Set(["b", "z"]), "--flagged");
    requireDonors(round, new Map([["a", ["x"]]]), "--clusters");
    for (const listed of [new Set(["z"]), new Set<string>(), new Map([["z", ["x"]]])]) {
      expect(() => requireDonors(round, listed, "--flagged")).to.throw(FundingError, "--flagged names no donor");
    }
  });
});
