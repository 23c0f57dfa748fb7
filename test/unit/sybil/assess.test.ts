import { expect } from "chai";

import { donationsOf, collectRound } from "../../../src/funding/round.js";
import { assessRound, type RoundAssessment } from "../../../src/sybil/assess.js";
import { parseHeuristics } from "../../../src/sybil/heuristics/parse-heuristics.js";
import { seededRandom, shuffled } from "../../../src/sybil/model/seeded-random.js";
import type { HumanLabel, RoundTables } from "../../../src/sybil/round/round-tables.js";
import { plantedRound } from "../../support/sybil-round.js";

/** The same round with donors and projects in another order and under other ids. */
function relabelled(tables: RoundTables, seed: number): RoundTables {
  const random = seededRandom(seed);
  const donors = tables.donations.donorNames;
  const order = shuffled([...donors.keys()], random);
  const id = (donor: string) => `0${donors.indexOf(donor) * 7919}${donor.length}`;
  const gifts = shuffled([...donationsOf(tables.donations)], random);
  const place = new Map(order.map((row, at) => [donors[row]!, at]));
  gifts.sort((a, b) => place.get(a.donor)! - place.get(b.donor)!);
  return {
    ...tables,
    donations: collectRound(gifts.map((gift) => ({ ...gift, donor: id(gift.donor), project: `x${gift.project}` }))),
    accounts: order.map((row) => ({ ...tables.accounts[row]!, donor: id(donors[row]!) })),
    stamps: order.map((row) => new Set([...tables.stamps[row]!].reverse())),
    labels: shuffled(tables.labels, random).map((label) => ({ ...label, donor: id(label.donor) })),
    vouches: shuffled(tables.vouches, random).map((vouch) => ({
      ...vouch,
      staker: id(vouch.staker),
      donor: id(vouch.donor),
    })),
  };
}

/** What is said of each donor, by the name of its account: names stay when ids change. */
function sayings(tables: RoundTables, assessment: RoundAssessment) {
  return Object.fromEntries(
    tables.accounts.map(({ name }, row) => [
      name,
      [
        assessment.probability[row],
        assessment.modelProbability[row],
        assessment.flagged[row],
        assessment.settled[row],
        assessment.reasons[row],
      ],
    ]),
  );
}

const isFarm = (donor: string) => donor.startsWith("f");
const judge = (donors: readonly string[], wrong = 0): HumanLabel[] =>
  donors.map((donor, at) => ({ donor, rater: "r", verdict: isFarm(donor) !== at < wrong ? "sybil" : "human" }));

describe("assessment of a round", () => {
  const tables = plantedRound(3, 300, 4, 25);
  const { donorNames } = tables.donations;
  const every = (step: number) => donorNames.filter((_, at) => at % step === 0);

  it("sybil/order-and-ids-of-donors-change-nothing", () => {
    const vouches = [1, 2, 3, 4].map((at) => ({ staker: `f1-${at}`, donor: `f1-${(at % 4) + 1}`, amount: 1 }));
    for (const labels of [[], judge(every(3))]) {
      const round = { ...tables, labels, vouches };
      const wanted = assessRound(round);
      expect(wanted.model).to.not.equal(undefined);
      for (const seed of [1, 2]) {
        const moved = relabelled(round, seed);
        const found = assessRound(moved);
        expect(sayings(moved, found)).to.deep.equal(sayings(round, wanted));
        expect(found.model).to.deep.equal(wanted.model);
        expect(found.heuristics.rules).to.deep.equal(wanted.heuristics.rules);
        expect(found.labels).to.deep.equal(wanted.labels);
        expect(found.summary).to.deep.equal(wanted.summary);
      }
    }
  });

  it("sybil/planted-farms-are-found-and-explained", () => {
    const { flagged, reasons, labels, settled, model } = assessRound(tables);
    expect(labels.source).to.equal("rules");
    // Whoever no rule settled is taken for a person: else all who show little would look like Sybils.
    const unsettled = settled.filter((verdict) => verdict === undefined).length;
    expect(labels.takenForPeople).to.equal(unsettled);
    expect(model!.trainedOn).to.deep.include({ sybil: 100, human: 300 });
    donorNames.forEach((donor, row) => {
      if (!isFarm(donor)) return;
      expect(flagged[row], donor).to.equal(1);
      expect(settled[row]).to.equal("sybil");
      expect(reasons[row]!.find(({ by }) => by === "farm")!.text).to.contain("connect this account with 24 others");
    });
    const people = donorNames.filter((donor, row) => !isFarm(donor) && flagged[row] === 1);
    expect(people.length).to.be.below(15);
    expect(model!.quality.auc).to.be.above(0.7);
  });

  it("sybil/labels-of-rules-hide-what-the-rules-read", () => {
    const { labels, model } = assessRound(tables);
    const read = model!.terms.map(({ feature }) => feature);
    for (const hidden of [
      "clusterSize",
      "dnaDistance",
      "copies",
      "nameMatches",
      "sharedFunder",
      "stake",
      "passportScore",
    ]) {
      expect(labels.leftOut).to.include(hidden);
      expect(read).to.not.include(hidden);
    }
    // The stamps that a rule reads are hidden, others are not.
    expect(labels.leftOut).to.include("stamp:Biometrics");
    expect(read).to.include("stamp:Discord");
    // People did not judge by these rules: then the model reads everything.
    const judged = assessRound({ ...tables, labels: judge(every(2)) });
    expect(judged.labels).to.deep.include({ source: "people", leftOut: [] });
    expect(judged.model!.quality.auc).to.be.above(0.99);
    const clean = assessRound({ ...tables, labels: judge(every(2)) }, { withoutSources: ["name", "origins"] });
    expect(clean.labels.leftOut).to.include.members(["nameDistance", "originsRatio", "clusterSize"]);
  });

  it("sybil/people-are-heard-before-rules", () => {
    const labels: HumanLabel[] = [
      { donor: "f1-1", rater: "r", verdict: "human" },
      { donor: "h1", rater: "r", verdict: "sybil" },
      { donor: "f1-2", rater: "r", verdict: "unsure" },
    ];
    const { settled, flagged, probability, reasons, labels: source } = assessRound({ ...tables, labels });
    const of = (donor: string) => donorNames.indexOf(donor);
    expect([settled[of("f1-1")], flagged[of("f1-1")], probability[of("f1-1")]]).to.deep.equal(["human", 0, 0]);
    expect([settled[of("h1")], flagged[of("h1")], probability[of("h1")]]).to.deep.equal(["sybil", 1, 1]);
    expect(settled[of("f1-2")]).to.equal("sybil");
    expect(reasons[of("f1-1")]![0]).to.deep.include({ by: "people", speaksFor: "human" });
    // Two judgements are no training set; the rules' verdicts are, with what people corrected.
    expect(source.source).to.equal("rules");
  });

  it("sybil/without-labels-nothing-is-claimed", () => {
    const few = plantedRound(5, 60, 1, 6);
    const { model, modelRefused, modelProbability, probability, flagged, settled, labels } = assessRound(few);
    expect(labels).to.deep.include({ source: "none", sybil: 6 });
    expect(model).to.equal(undefined);
    expect(modelRefused).to.contain("a model needs 20 of each");
    expect([...modelProbability].every(Number.isNaN)).to.equal(true);
    settled.forEach((verdict, row) => {
      if (verdict === undefined) expect([probability[row], flagged[row]]).to.deep.equal([NaN, 0]);
      else expect(probability[row]).to.equal(Number(verdict === "sybil"));
    });
  });

  it("re-fits when people have judged more, and uses a community's rules", () => {
    const heuristics = parseHeuristics({
      format: "touchstone-heuristics-v1",
      rules: [
        {
          name: "many-copies",
          verdict: "sybil",
          strength: "strong",
          reason: "{copies} donors give alike",
          when: {
            all: [
              { feature: "copies", atLeast: 20 },
              { feature: "stake", atMost: 0 },
            ],
          },
        },
      ],
    });
    const first = assessRound(tables, { heuristics });
    expect(first.labels).to.deep.include({ source: "none", human: 0, sybil: 100 });
    expect(first.heuristics.rules[0]).to.deep.include({ name: "many-copies", hits: 100, precision: undefined });
    const second = assessRound({ ...tables, labels: judge(every(2), 3) }, { heuristics });
    expect(second.labels.source).to.equal("people");
    expect(second.model!.quality.auc).to.be.within(0.9, 0.999);
    expect(second.heuristics.rules[0]!.precision).to.deep.include({ hits: 50, of: 50 });
    expect(second.heuristicsHash).to.equal(first.heuristicsHash);
    expect(assessRound(tables).heuristicsHash).to.not.equal(first.heuristicsHash);
  });

  it("compares with the round before", () => {
    const before = assessRound(tables);
    expect(before.drift).to.equal(undefined);
    const again = assessRound(tables, { previous: before.summary }).drift!;
    expect(again.features.every(({ index }) => index === 0)).to.equal(true);
    const other = assessRound(plantedRound(4, 100, 8, 30), { previous: before.summary }).drift!;
    expect(other.features.find(({ feature }) => feature === "copies")!.band).to.equal("large");
    expect(other.flaggedShare.now).to.be.above(other.flaggedShare.before);
  });
});
