import { expect } from "chai";

import { parseRules } from "../../../src/scoring/rules/parse-rules.js";
import { historyTime, refuseForRound, scoringTime } from "../../../src/scoring/rules/round.js";
import { rulesDocument, rulesHash } from "../../../src/scoring/rules/scorer-rules.js";
import { AT, codeOf, rulesOf } from "../../support/scoring.js";

const round = { closesAt: AT, graceEndsAt: AT + 100 };

describe("a round", () => {
  it("scoring/round-speaks-of-its-close: runs before the close speak of their own time, all others of the close", () => {
    const times = [AT - 1, AT, AT + 99, AT + 100, AT + 1e6];
    expect(times.map((now) => scoringTime(round, now))).to.deep.equal([AT - 1, AT, AT, AT, AT]);
    expect(scoringTime(null, AT + 5)).to.equal(AT + 5);
    expect([AT - 1, AT, AT + 99, AT + 100].map((at) => historyTime(round, at))).to.deep.equal([
      ...[AT - 1, AT + 99, AT + 99, AT + 100],
    ]);
  });

  it("scoring/grace-takes-what-was-there: issued by the close and brought before the grace ends, to the second", () => {
    const refusal = (issuedAt: number, now: number) => refuseForRound(round, issuedAt, now)?.detail;
    expect(refusal(AT + 50, AT - 1)).to.equal(undefined);
    expect(refusal(AT, AT)).to.equal(undefined);
    expect(refusal(AT, AT + 99)).to.equal(undefined);
    expect(refusal(AT + 1, AT + 99)).to.include("issued after the round closed");
    expect(refusal(AT - 1, AT + 100)).to.include("takes nothing");
    const strict = { closesAt: AT, graceEndsAt: AT };
    expect(refuseForRound(strict, AT - 1, AT - 1)).to.equal(null);
    expect(refuseForRound(strict, AT - 1, AT)?.detail).to.include("takes nothing");
  });

  it("is part of the hashed rules, and rules without one keep the hash that they had", () => {
    const { round: _, ...without } = rulesDocument(rulesOf());
    expect(rulesDocument(rulesOf())).to.deep.equal(without);
    const closing = rulesOf({ round });
    expect(rulesHash(closing)).to.not.equal(rulesHash(rulesOf()));
    expect(parseRules(rulesDocument(closing))).to.deep.equal(closing);
    expect(rulesOf({ round: { closesAt: AT } }).round).to.deep.equal({ closesAt: AT, graceEndsAt: AT });
    expect(codeOf(() => rulesOf({ round: { closesAt: AT, graceEndsAt: AT - 1 } }))).to.equal("scoring/rules-malformed");
    expect(codeOf(() => rulesOf({ round: { graceEndsAt: AT } }))).to.equal("scoring/rules-malformed");
  });
});
