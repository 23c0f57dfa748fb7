import { expect } from "chai";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import type { Verification } from "../../../src/merkle/verify-allocations.js";
import { inFolder, listed } from "./support/folder.js";
import { tokensById, toCsv } from "./support/rows.js";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const require = createRequire(import.meta.url);
const manifest = require("hardhat/package.json") as { bin: { hardhat: string } };
const CLI = path.join(path.dirname(require.resolve("hardhat/package.json")), manifest.bin.hardhat);
const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

function hardhat(...words: string[]): Promise<Outcome> {
  // On CI Hardhat shows stacks; this is about what a deployer sees.
  const { CI: _ci, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...words], { cwd: REPOSITORY, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("the distribution tasks", () => {
  it("refuse a bad list with one sentence and exit code 1, and leave nothing behind", () =>
    inFolder(async (folder) => {
      const list = path.join(folder, "list.csv");
      await writeFile(list, "user_id,amount\n1,10\n1,20\n");
      const { code, stdout, stderr } = await hardhat("distribution", "build", list, "--out", path.join(folder, "out"));
      expect(code).to.equal(1);
      expect(stdout).to.equal("");
      const complaints = stderr.split("\n").filter((line) => line.includes("line 3"));
      expect(complaints).to.have.length(1);
      expect(complaints[0]).to.include("list/duplicate-user-id");
      expect(stderr).to.not.match(/^\s+at /m); // no stack
      expect(await listed(folder)).to.deep.equal(["list.csv"]);
    }));

  it("build, prove and verify a list, and fail when a file was changed", () =>
    inFolder(async (folder) => {
      const [list, out] = [path.join(folder, "list.csv"), path.join(folder, "out")];
      await writeFile(list, toCsv(tokensById(5)));
      const built = await hardhat("distribution", "build", list, "--out", out, "--json");
      expect(built.code, built.stderr).to.equal(0);
      const root = "0x0f83651191d9c2e31f3653a21da41e131e85621ccfbb17d45643e01a72de6f91";
      expect(JSON.parse(built.stdout)).to.include({ outcome: "written", root, count: 5 });
      const proven = await hardhat("distribution", "proof", out, "2", "--json");
      expect((JSON.parse(proven.stdout) as { proof: string[] }).proof).to.have.length(3);
      await writeFile(list, toCsv(tokensById(4)));
      const verified = await hardhat("distribution", "verify", out, "--list", list, "--json");
      expect(verified.code).to.equal(1);
      const { differences } = JSON.parse(verified.stdout) as Verification;
      expect(differences.map(({ problem }) => problem.split(" ")[0])).to.include.members(["listHash", "count", "root"]);
    }));
});
