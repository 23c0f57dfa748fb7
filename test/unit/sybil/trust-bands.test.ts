import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { publishedRows, trustBands } from "../../../src/sybil/trust-bands.js";
import { writeTable } from "../../../src/sybil/tables/write-table.js";
import { dataFolder, readData } from "../../support/data.js";

const folder = mkdtempSync(path.join(tmpdir(), "bands-"));
const file = (text: string) => {
  const made = path.join(folder, "scores.csv");
  writeFileSync(made, text);
  return made;
};

describe("table of trust against flags", () => {
  it("sybil/published-band-table-is-written-as-published", async () => {
    const wanted = readData("gr15/sad_vs_trust_expected.csv");
    if (wanted === undefined) return;
    const result = await trustBands(path.join(dataFolder, "gr15/sad_vs_trust.csv"));
    const out = path.join(folder, "bands.csv");
    await writeTable(out, ["b", "n", "sybil", "share"], publishedRows(result));
    expect(readFileSync(out, "utf8").trim()).to.equal(wanted.trim().replaceAll("\r\n", "\n"));
    expect([result.accounts, result.incomplete]).to.deep.equal([21_180, 1]);
  });

  it("leaves out missing scores, counts them, and marks empty bands", async () => {
    const text = "sad,donor,trust_bonus\n0.5,a,0\n0.49,b,0.1\nNA,c,0.1\n1,d,NA\n";
    const result = await trustBands(file(text), [0, 0.05, 0.1, 0.2]);
    expect([result.accounts, result.incomplete]).to.deep.equal([2, 2]);
    expect(publishedRows(result)).to.deep.equal([
      ["(-0.001, 0.05]", 1, 1, 1],
      ["(0.05, 0.1]", 1, 0, 0],
      ["(0.1, 0.2]", 0, 0, "NA"],
    ]);
  });

  it("sybil/band-faults-name-the-line", async () => {
    for (const [text, code, part] of [
      ["donor,trust_bonus,sad\na,0.1,1\na,0.2,1\n", "sybil/duplicate-row", "line 3: donor a stands in line 2"],
      ["donor,trust_bonus,sad\na,much,1\n", "sybil/bad-cell", "line 2"],
      ["donor,trust_bonus,sad\na,0.7,1\n", "sybil/bad-setting", "in none of the bands"],
      ["donor,trust_bonus,sad\na,NA,1\n", "sybil/bad-setting", "no row with both scores"],
      ["donor,trust_bonus\na,1\n", "sybil/missing-column", "sad"],
    ] as const) {
      const error = await trustBands(file(text)).catch((caught: unknown) => caught);
      expect(error, text).to.have.property("code", code);
      expect((error as Error).message).to.contain(part);
    }
  });
});
