import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { expect } from "chai";

import { compileRules } from "../../../../src/scoring/rules/compile.js";
import { parseRules } from "../../../../src/scoring/rules/parse-rules.js";
import { canonicalPoints } from "../../../../src/scoring/rules/points.js";
import { PassportScorer } from "../../../../src/scoring/rules/score.js";
import { rulesDocument, type ScorerRules } from "../../../../src/scoring/rules/scorer-rules.js";
import { resultText } from "../../../../src/sybil/report/output/write-report.js";
import { parseResult, resultSchemaDocument } from "../../../../src/sybil/report/result.js";
import type { RoundReport } from "../../../../src/sybil/report/report-round.js";
import { reportOf, smallRound } from "../../../support/sybil-report.js";

const SCHEMA = path.resolve(import.meta.dirname, "../../../../docs/sybil-result.schema.json");

interface Ajv {
  compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown };
}
/** The validator that Fastify brings, an implementation apart from TypeBox's. */
function validator(): Ajv {
  const fastify = createRequire(import.meta.url).resolve("fastify");
  const compiler = createRequire(fastify).resolve("@fastify/ajv-compiler");
  const { default: Ajv2020 } = createRequire(compiler)("ajv/dist/2020") as { default: new (options: object) => Ajv };
  return new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
}

describe("the result of a report", () => {
  const tables = smallRound();
  let report: RoundReport;
  before(async () => {
    report = await reportOf(tables);
  });

  it("sybil/result-has-the-published-schema", async () => {
    const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as object;
    expect(schema, "npm run docs:result-schema").to.deep.equal(resultSchemaDocument());
    const valid = validator().compile(schema);
    const bare = {
      ...tables,
      rules: undefined,
      prices: new Map(),
      labels: [],
      stamps: tables.stamps.map(() => new Set<string>()),
    };
    const others = [
      await reportOf(tables, { naming: { kind: "names" }, previous: report.result }),
      await reportOf(bare),
    ];
    for (const { result } of [report, ...others]) {
      const written = JSON.parse(resultText({ result }).text) as unknown;
      expect(valid(written), JSON.stringify(valid.errors)).to.equal(true);
      expect(parseResult(written)).to.deep.equal(written);
    }
    expect(others[1]?.result).to.deep.include({ gate: null, costs: null, bands: null });
    const broken = { ...report.result, gate: { ...report.result.gate, threshold: "20" } };
    expect(valid(broken)).to.equal(false);
    expect(() => parseResult(broken))
      .to.throw(/touchstone-sybil-result-v1/)
      .with.property("code", "sybil/bad-round");
  });

  it("is the same from the same inputs, whatever the threads", async () => {
    const again = await reportOf(tables, { threads: 2 });
    expect(resultText(again).hash).to.equal(resultText(report).hash);
    const salted = await reportOf(tables, { naming: { kind: "names" } });
    expect(resultText(salted).hash).not.to.equal(resultText(report).hash);
  });

  it("sybil/gate-audit-counts-every-account", async () => {
    const scoreOf = (rules: ScorerRules) => {
      const scorer = new PassportScorer(compileRules(rules));
      return tables.stamps.map((held) => {
        const stamps = [...held].map((provider) => ({ provider, digest: provider, expiresAt: 2 ** 40 }));
        return scorer.score(stamps, tables.settings.closedAt);
      });
    };
    // A threshold that some flagged account reaches exactly, and a condition besides.
    const sums = scoreOf(tables.rules!).map(({ sum }) => sum);
    const exactly = sums.find((sum, row) => report.facts.flagged[row] === 1 && sum > 0)!;
    const rules = parseRules({
      ...rulesDocument(tables.rules!),
      threshold: canonicalPoints(exactly),
      gate: "has(Google)",
    });
    const judged = await reportOf({ ...tables, rules }, { naming: { kind: "names" } });
    const { flagged } = judged.facts;
    const gate = judged.result.gate!;
    const wanted = { flaggedAbove: 0, flaggedBelow: 0, othersAbove: 0, othersBelow: 0 };
    let cost = 0;
    scoreOf(rules).forEach(({ passing }, row) => {
      wanted[`${flagged[row] === 1 ? "flagged" : "others"}${passing ? "Above" : "Below"}`] += 1;
      if (flagged[row] === 1 && passing) for (const stamp of tables.stamps[row]!) cost += tables.prices.get(stamp) ?? 0;
    });
    const { flaggedAbove, flaggedBelow, othersAbove, othersBelow } = gate;
    const counted = { flaggedAbove, flaggedBelow, othersAbove, othersBelow };
    for (const [name, { accounts }] of Object.entries(counted)) expect(accounts, name).to.equal(wanted[name as never]);
    for (const count of Object.values(wanted)) expect(count).to.be.above(0);
    expect(gate.costPerFraud).to.be.closeTo(cost / wanted.flaggedAbove, 1e-9);
    const matched = Object.values(counted).reduce((sum, cell) => sum + cell.matched!, 0);
    expect(matched).to.be.closeTo(tables.settings.pool, 1e-6);
    const donated = Object.values(counted).reduce((sum, cell) => sum + cell.donated!, 0);
    expect(donated).to.be.closeTo(judged.result.round.donated, 1e-6);
  });

  it("lists each flagged account once, with its reasons", () => {
    const { accounts } = report.result;
    const listed = [...accounts.clusters.flatMap((cluster) => cluster.accounts), ...accounts.alone];
    expect(listed).to.have.length(accounts.flagged.hits);
    expect(new Set(listed.map(({ account }) => account)).size).to.equal(listed.length);
    for (const { account, reasons } of listed) {
      expect(reasons, account).not.to.deep.equal([]);
      for (const reason of reasons) expect(accounts.reasons[reason], reason).to.be.a("string");
    }
    const { people, rule, model, nothing } = accounts.settledBy;
    expect(people + rule + model + nothing).to.equal(accounts.flagged.count);
  });

  it("pays the pool under every rule, and what it takes as tax it pays to others", async () => {
    const { matching, round } = (await reportOf(tables, { naming: { kind: "names" } })).result;
    for (const rule of matching.rules) {
      const total = (of: "raw" | "weighted" | "squelched" | "taxed") =>
        matching.projects.reduce((sum, { payouts }) => sum + (payouts[rule.rule]?.[of] ?? 0), 0);
      expect(total("raw"), rule.rule).to.be.closeTo(round.pool, 1e-6);
      expect(total("squelched"), rule.rule).to.be.closeTo(round.pool, 1e-6);
      expect(total("weighted"), rule.rule).to.be.closeTo(round.pool, 1e-6);
      expect(total("taxed") + rule.toNextPool, rule.rule).to.be.closeTo(round.pool, 1e-6);
      for (const { payouts } of matching.projects) {
        expect(payouts[rule.rule]!.raw).to.be.at.most(round.pool * round.cap + 1e-6);
      }
    }
  });

  it("sybil/drift-against-the-last-result", async () => {
    const { result } = await reportOf(tables, { previous: report.result });
    expect(result.drift?.measures.filter(({ notable }) => notable)).to.deep.equal([]);
    const worse = smallRound({ farms: [], seed: 4 });
    const changed = await reportOf(worse, { previous: report.result });
    const flagged = changed.result.drift?.measures.find(({ measure }) => measure === "flagged accounts");
    expect(flagged).to.deep.include({ before: report.result.accounts.flagged.share, notable: true });
  });

  it("tells both sides of every caveat", () => {
    const said = report.result.caveats.join(" ");
    for (const word of ["ground truth", "Jaccard", "split", "twin", "little", "honest", "country", "appeal"]) {
      expect(said, word).to.contain(word);
    }
  });
});
