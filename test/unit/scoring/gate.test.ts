import { expect } from "chai";
import fc from "fast-check";

import { fungibility, gateWarnings, type EvidenceClasses } from "../../../src/scoring/rules/gate/fungibility.js";
import type { Gate } from "../../../src/scoring/rules/gate/gate.js";
import { parseGate, printGate } from "../../../src/scoring/rules/gate/parse.js";
import { AT, codeOf, scorerOf, stamp } from "../../support/scoring.js";

const leaf: fc.Arbitrary<Gate> = fc.oneof(
  fc
    .constantFrom("Google", "ETHDaysActive#50", "with space", "nft:1")
    .map((provider): Gate => ({ kind: "has", provider })),
  fc.record({ kind: fc.constant("sum" as const), group: fc.constantFrom("all", "g"), atLeast: fc.nat(10_000_000) }),
  fc.record({ kind: fc.constant("count" as const), group: fc.constantFrom("all", "g"), atLeast: fc.nat(9999) }),
);
const gate: fc.Arbitrary<Gate> = fc.letrec<{ gate: Gate }>((tie) => ({
  gate: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      branches: fc.array(tie("gate"), { minLength: 2, maxLength: 4 }),
    }) as fc.Arbitrary<Gate>,
  ),
})).gate;

describe("gates", () => {
  it("reads what it prints", () => {
    fc.assert(
      fc.property(gate, (any) => {
        expect(parseGate(printGate(any))).to.deep.equal(any);
      }),
    );
  });

  it("says where it stops understanding", () => {
    const bad = [
      "",
      "has",
      "has(",
      "has()",
      "has(a",
      "has(a))",
      "not has(a)",
      "has(a) and",
      "has(a) has(b)",
      "sum(g) > 1",
    ];
    bad.push("sum(g) >= 1.00005", "count(g) >= 1.5", "count(g) >= -1", "has(a) and has(b) or has(c)", "has(;)", "and");
    bad.push("(".repeat(40) + "has(a)" + ")".repeat(40), "has(a)" + " and has(a)".repeat(500), 'has("unclosed)');
    for (const source of bad)
      expect(
        codeOf(() => parseGate(source)),
        source,
      ).to.equal("scoring/gate-syntax");
  });

  it("is evaluated over the stamps that count", () => {
    const passes = (source: string, ...names: string[]) =>
      scorerOf({
        threshold: "0.0001",
        weights: { A: "1", B: "2", C: "3" },
        groups: { g: { providers: ["A", "B"], cap: "2.5" } },
        gate: source,
      }).score([stamp("C"), ...names.map((name) => stamp(name)), stamp("Gone", AT)], AT).passing;
    expect(passes("has(A)", "A")).to.equal(true);
    expect(passes("has(A)", "B")).to.equal(false);
    expect(passes("has(Gone)")).to.equal(false);
    expect(passes("sum(g) >= 2.5", "A", "B")).to.equal(true);
    expect(passes("sum(g) >= 2.5001", "A", "B")).to.equal(false);
    expect(passes("count(g) >= 2", "A", "B")).to.equal(true);
    expect(passes("count(all) >= 3", "A")).to.equal(false);
    expect(passes("(has(A) or has(B)) and sum(all) >= 5", "B")).to.equal(true);
    expect(passes("(has(A) or has(B)) and sum(all) >= 5", "A")).to.equal(false);
  });
});

describe("fungibility of gates", () => {
  const bought = new Set(["Token", "Nft", "Stake"]);
  const weights: Record<string, number> = {
    Token: 10_000,
    Nft: 20_000,
    Stake: 30_000,
    Person: 160_000,
    Friend: 10_000,
  };
  const evidence: EvidenceClasses = {
    isFungible: (name) => bought.has(name),
    members: () => Object.keys(weights),
    weight: (name) => weights[name] ?? 0,
  };
  const classOf = (source: string) => fungibility(parseGate(source), evidence);

  it("scoring/gate-algebra: OR is fungible if any branch is, AND is not if any branch is not", () => {
    expect(classOf("has(Token)")).to.equal("fungible");
    expect(classOf("has(Person)")).to.equal("non-fungible");
    expect(classOf("has(Token) or has(Person)")).to.equal("fungible");
    expect(classOf("has(Token) and has(Person)")).to.equal("non-fungible");
    expect(classOf("has(Friend) or has(Person)")).to.equal("non-fungible");
    expect(classOf("(has(Token) or has(Person)) and has(Friend)")).to.equal("non-fungible");
    expect(classOf("(has(Token) and has(Person)) or has(Nft)")).to.equal("fungible");
    expect(classOf("sum(all) >= 6")).to.equal("fungible");
    expect(classOf("sum(all) >= 6.0001")).to.equal("non-fungible");
    expect(classOf("count(all) >= 3")).to.equal("fungible");
    expect(classOf("count(all) >= 4")).to.equal("non-fungible");
  });

  it("means what it says: a gate is fungible exactly when some bought stamps open it", () => {
    const providers = ["Token", "Nft", "Person", "Friend"];
    const has = fc.constantFrom(...providers).map((provider): Gate => ({ kind: "has", provider }));
    const tree = fc.letrec<{ g: Gate }>((tie) => ({
      g: fc.oneof(
        { depthSize: "small" },
        has,
        fc.record({
          kind: fc.constantFrom("and" as const, "or" as const),
          branches: fc.array(tie("g"), { minLength: 2, maxLength: 3 }),
        }) as fc.Arbitrary<Gate>,
      ),
    })).g;
    fc.assert(
      fc.property(tree, (any) => {
        const holder = scorerOf({ threshold: "0.0001", weights: { Base: "1" }, gate: printGate(any) });
        const buyer = holder.score(
          ["Base", "Token", "Nft"].map((name) => stamp(name)),
          AT,
        );
        expect(fungibility(any, evidence)).to.equal(buyer.passing ? "fungible" : "non-fungible");
      }),
    );
  });

  it("warns whoever joins bought evidence by OR to evidence that money does not buy", () => {
    const warnings = gateWarnings(parseGate("has(Token) or has(Person)"), evidence);
    expect(warnings).to.have.length(2);
    expect(warnings[0])
      .to.include('"has(Token)" is evidence that money buys')
      .and.include('"has(Person)" adds no protection');
    expect(gateWarnings(parseGate("has(Token) and has(Person)"), evidence)).to.deep.equal([]);
    expect(gateWarnings(parseGate("(has(Token) or has(Person)) and has(Friend)"), evidence)).to.have.length(1);
    expect(gateWarnings(parseGate("has(Token)"), evidence)).to.have.length(1);
  });
});
