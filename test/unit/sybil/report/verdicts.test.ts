import { expect } from "chai";

import { featureAt, STAMP_PREFIX } from "../../../../src/sybil/features/feature-table.js";
import { suspicionOf } from "../../../../src/sybil/report/verdicts.js";
import { reportOf, smallRound } from "../../../support/sybil-report.js";

describe("what the model holds against an account", () => {
  const said = (name: string, sentence: string, ...terms: [kind: "value" | "missing", standardised: number][]) =>
    suspicionOf(
      { name, sentence },
      terms.map(([kind, standardised]) => ({ feature: name, kind, standardised })),
    ).replace("the model finds suspicious: ", "");

  it("sybil/reasons-of-the-model-have-a-direction", () => {
    expect(said("stamp:Google", "holds the stamp Google", ["value", -1])).to.equal("does not hold the stamp Google");
    expect(said("stamp:Google", "holds the stamp Google", ["value", 1])).to.equal("holds the stamp Google");
    expect(said("owner", "owns a project", ["value", -1])).to.equal("does not own a project");
    expect(said("grants", "grants donated to", ["value", -1])).to.equal("a low figure for: grants donated to");
    expect(said("grants", "grants donated to", ["value", 1])).to.equal("a high figure for: grants donated to");
    expect(said("stake", "tokens", ["value", 0], ["missing", 1])).to.equal("unknown: tokens");
    expect(said("stake", "tokens", ["value", -1], ["missing", -1])).to.equal(
      "a low figure for: tokens, or known at all: tokens",
    );
  });

  it("is true of every flagged account of a round", async () => {
    const { result, facts } = await reportOf(smallRound({ labels: 0 }));
    const { assessment, flagged, meanings } = facts;
    const checked = { yes: 0, no: 0 };
    assessment.reasons.forEach((reasons, row) => {
      if (flagged[row] === 0) return;
      for (const { by, kind, speaksFor, text } of reasons) {
        if (kind !== "model" || speaksFor !== "sybil" || !by.startsWith(STAMP_PREFIX)) continue;
        const held = featureAt(assessment.features, by, row) === 1;
        checked[held ? "yes" : "no"] += 1;
        expect(text).to.contain(held ? ": yes" : ": no");
        expect(meanings.get(by)).to.match(held ? /: holds the stamp / : /: does not hold the stamp /);
        expect(result.accounts.reasons[by]).to.equal(meanings.get(by));
      }
    });
    expect(checked.no).to.be.above(0);
  });
});
