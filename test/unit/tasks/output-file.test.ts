import { link, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { DomainError } from "../../../src/shared/errors.js";
import { outputFile } from "../../../tasks/output-file.js";

describe("the file that a task writes", () => {
  let folder: string;
  const file = (name: string) => path.join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    await writeFile(file("donations.csv"), "donor,project,amount\na,p,1\n");
    await writeFile(file("other.csv"), "donor\na\n");
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function refusal(target: string, inputs: readonly (string | undefined)[]): Promise<string | undefined> {
    try {
      expect(await outputFile(target, inputs)).to.equal(target);
      return undefined;
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  }

  it("is none of those that it reads, by any path or link", async () => {
    await symlink(file("donations.csv"), file("soft.csv"));
    await link(file("donations.csv"), file("hard.csv"));
    await symlink(folder, file("again"));
    const inputs = [undefined, file("other.csv"), file("donations.csv")];
    const same = ["donations.csv", "soft.csv", "hard.csv", "again/donations.csv"].map(file);
    for (const target of [...same, path.relative(".", file("donations.csv")), `${folder}/./donations.csv`]) {
      expect(await refusal(target, inputs), target).to.equal("tasks/output-is-input");
    }
    expect(await refusal(file("donations.csv"), [file("soft.csv")])).to.equal("tasks/output-is-input");
  });

  it("may be a new file, or another one that is there", async () => {
    expect(await refusal(file("new.csv"), [file("donations.csv")])).to.equal(undefined);
    expect(await refusal(file("other.csv"), [file("donations.csv"), undefined])).to.equal(undefined);
    expect(await refusal(file("new.csv"), [file("missing.csv")])).to.equal(undefined);
  });
});
