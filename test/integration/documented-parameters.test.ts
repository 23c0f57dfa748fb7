import { readFileSync } from "node:fs";

import { expect } from "chai";

import { makeParametersPage } from "../../scripts/docs/make-parameters-page.js";

describe("the page about parameters", () => {
  it("docs/constants-match: it is what the parameter files and the contracts say", async () => {
    const written = readFileSync("docs/parameters.md", "utf8");
    expect(await makeParametersPage(process.cwd())).to.equal(written);
  });
});
