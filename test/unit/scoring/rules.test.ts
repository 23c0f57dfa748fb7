import { expect } from "chai";

import { parseRules } from "../../../src/scoring/rules/parse-rules.js";
import { rulesDocument, rulesHash } from "../../../src/scoring/rules/scorer-rules.js";
import { codeOf, rulesOf } from "../../support/scoring.js";

const FULL = {
  mode: "binary",
  weights: { A: "1.5", B: "2", C: "0" },
  groups: { social: { providers: ["B", "A"], maxStamps: 1, diminishing: [10_000, 0], cap: "1.5" } },
  total: { cap: "3" },
  gate: "has(A)  or   count(social)>=2",
  required: ["C"],
  allowLists: ["guild"],
  providers: ["C", "A", "B"],
  nonFungible: ["A"],
  dedupe: { scope: "group", group: "rounds", cooling: 60 },
  scale: [
    ["15", 5000],
    ["25.5", 10_000],
  ],
};

describe("scorer rules", () => {
  it("scoring/rules-are-hashed: the document reads back to itself, and its hash does not depend on how it was written", () => {
    const rules = rulesOf(FULL);
    const document = rulesDocument(rules);
    expect(rulesDocument(parseRules(JSON.parse(JSON.stringify(document))))).to.deep.equal(document);
    expect(document.gate).to.equal("has(A) or count(social) >= 2");
    const reordered = { ...FULL, weights: { C: "0.0000", B: "2.0", A: "1.50000" }, providers: ["A", "B", "C"] };
    expect(rulesHash(rulesOf(reordered))).to.equal(rulesHash(rules));
    // Frozen: a change of the hash makes every stored score's rules unknown.
    expect(rulesHash(rulesOf())).to.equal("0x8d842baaa4955e292caab06be8a0d970dc2fe773d817350940caa6d01cd128b4");
  });

  it("changes its hash with every rule", () => {
    const hashes = [
      {},
      { mode: "weighted" },
      { threshold: "20.0001" },
      { weights: { ...FULL.weights, A: "1.5001" } },
      { groups: { social: { ...FULL.groups.social, maxStamps: 2 } } },
      { groups: { social: { ...FULL.groups.social, diminishing: [10_000] } } },
      { total: {} },
      { gate: null },
      { required: [] },
      { allowLists: [] },
      { providers: null },
      { nonFungible: [] },
      { dedupe: { scope: "global", cooling: 60 } },
      { dedupe: { ...FULL.dedupe, cooling: 61 } },
      { scale: null },
    ].map((change) => rulesHash(rulesOf({ ...FULL, ...change })));
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it("refuses what it does not know and what contradicts itself", () => {
    const bad: [object, string?][] = [
      [{ format: "touchstone-scorer-rules-v2" }],
      [{ colour: "red" }],
      [{ threshold: 20 }],
      [{ threshold: "0" }],
      [{ threshold: "-1" }],
      [{ threshold: "20.00005" }, "scoring/off-grid"],
      [{ weights: { A: 1 } }],
      [{ weights: { A: "1000.0001" } }],
      [{ weights: { 'A"': "1" } }],
      [{ weights: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, "1000"])) }],
      [{ mode: "both" }],
      [{ groups: { all: { providers: [] } } }],
      [{ groups: { g: { providers: ["A", "A"] } } }],
      [{ groups: { g: { providers: ["A"], diminishing: [5000, 6000] } } }],
      [{ groups: { g: { providers: ["A"], diminishing: [] } } }],
      [{ groups: { g: { providers: ["A"], maxStamps: 0 } } }],
      [{ groups: { g: { providers: ["A"], cap: "1" }, h: { providers: ["A"], cap: "1" } } }],
      [{ gate: "count(nowhere) >= 1" }],
      [{ gate: "has(" }, "scoring/gate-syntax"],
      [{ required: ["A", "A"] }],
      [{ dedupe: { scope: "group" } }],
      [{ dedupe: { scope: "scorer", group: "x" } }],
      [{ dedupe: { scope: "galaxy" } }],
      [{ scale: [] }],
      [
        {
          scale: [
            ["2", 1],
            ["1", 2],
          ],
        },
      ],
      [{ scale: [["2", 10_001]] }],
    ];
    for (const [change, code = "scoring/rules-malformed"] of bad) {
      expect(
        codeOf(() => rulesOf(change)),
        JSON.stringify(change),
      ).to.equal(code);
    }
    expect(codeOf(() => rulesOf({ groups: { g: { providers: ["A"], cap: "1" }, h: { providers: ["A"] } } }))).to.equal(
      "nothing thrown",
    );
  });
});
