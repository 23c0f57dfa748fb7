import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readVerdicts } from "../../../src/sybil/verdicts.js";

describe("verdicts of a round", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), "touchstone-"))));
  after(() => rm(folder, { recursive: true }));

  const read = async (rows: string) => {
    const file = path.join(folder, "verdicts.csv");
    await writeFile(file, `donor,probability,flagged\n${rows}`);
    return readVerdicts(file);
  };
  const refusal = (rows: string) =>
    read(rows).then(
      () => "none",
      (error: unknown) => (error as Error).message,
    );

  it("are read by donor, unknown probabilities apart", async () => {
    const verdicts = await read("0xAB,0.25,0\ncd,NA,1\n");
    expect([...verdicts]).to.deep.equal([
      ["0xab", { probability: 0.25, flagged: false }],
      ["cd", { probability: undefined, flagged: true }],
    ]);
  });

  it("sybil/verdicts-name-the-line", async () => {
    expect(await refusal("a,1.5,0\n"))
      .to.include("line 2")
      .and.to.include("between 0 and 1");
    expect(await refusal("a,0.5,0\nb,0.5,yes\n"))
      .to.include("line 3")
      .and.to.include("flagged");
    expect(await refusal("a,0.5,0\nA,0.5,0\n"))
      .to.include("line 3")
      .and.to.include("twice");
  });
});
