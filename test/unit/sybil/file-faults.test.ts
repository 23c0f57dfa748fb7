import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { SybilError } from "../../../src/sybil/errors.js";
import { readWeights } from "../../../src/sybil/cost/read-weights.js";
import { readStampCosts } from "../../../src/sybil/cost/stamp-costs.js";
import { readTable } from "../../../src/sybil/tables/read-table.js";
import { writeDocument } from "../../../src/sybil/tables/write-document.js";
import { writeTable } from "../../../src/sybil/tables/write-table.js";

describe("files of the analysis that are none", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    await mkdir(path.join(folder, "inner"));
  });
  after(() => rm(folder, { recursive: true }));

  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => "nothing thrown",
      (error: unknown) => (error instanceof SybilError ? `${error.code}: ${error.message}` : String(error)),
    );

  it("says that an input is a folder", async () => {
    const table = refusal(readTable(path.join(folder, "inner"), ["donor"]).next());
    expect(await table).to.equal("sybil/unreadable: inner cannot be read: it is a folder, and a file is needed");
    const costs = await refusal(readStampCosts(path.join(folder, "inner")));
    expect(costs).to.equal("sybil/unreadable: inner cannot be read: it is a folder, and a file is needed");
    const weights = await refusal(readWeights(path.join(folder, "inner")));
    expect(weights).to.equal("sybil/unreadable: inner cannot be read: it is a folder, and a file is needed");
  });

  it("names the folder that is not there, and leaves nothing", async () => {
    const missing = path.join(folder, "missing");
    const said = `sybil/unwritable: a.csv cannot be written: the folder ${missing} does not exist`;
    expect(await refusal(writeTable(path.join(missing, "a.csv"), ["donor"], []))).to.equal(said);
    expect(await refusal(writeDocument(path.join(missing, "a.csv"), ""))).to.equal(said);
    const over = await refusal(writeTable(path.join(folder, "inner"), ["donor"], []));
    expect(over).to.equal("sybil/unwritable: inner cannot be written: a folder of that name is there");
    expect(await readdir(folder)).to.deep.equal(["inner"]);
  });
});
