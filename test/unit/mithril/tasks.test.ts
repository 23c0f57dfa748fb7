import { bytesToHex } from "@noble/hashes/utils.js";
import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

import type { ChainReport } from "../../../src/mithril/report.js";
import { type WideJson, writeWideJson } from "../../../src/shared/wide-json.js";
import { GENESIS_KEY, hashOf, makeChain, rehash } from "../../support/mithril-chain.js";

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
  // On CI Hardhat shows stacks; this is about what a user sees.
  const { CI: _ci, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...words], { cwd: REPOSITORY, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("the task mithril verify", function () {
  this.timeout(60_000);
  const chain = makeChain();
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-mithril-"));
    await file("genesis.vkey", JSON.stringify([...GENESIS_KEY.bytes]));
    await file("chain.json", chain);
    await file("changed.json", [...chain.slice(0, 5), rehash({ ...chain[5], signed_message: "ab".repeat(32) })]);
    await file("torn.json", [{ ...chain[2], signed_message: undefined }]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const at = (name: string): string => path.join(folder, name);
  const file = (name: string, content: unknown): Promise<void> => {
    const text = typeof content === "string" ? content : writeWideJson(prune(content) as WideJson);
    return writeFile(at(name), text);
  };
  const prune = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(prune)
      : Object.fromEntries(Object.entries(value as object).filter(([, member]) => member !== undefined));

  it("mithril/task-prints-a-verdict: a line per certificate, then the chain's, and exit code 0", async () => {
    const { code, stdout } = await hardhat(
      "mithril",
      "verify",
      at("chain.json"),
      "--strict",
      "--genesis-key",
      at("genesis.vkey"),
    );
    const lines = stdout.trimEnd().split("\n");
    expect(code).to.equal(0);
    expect(lines).to.have.length(6 + 4);
    chain.forEach((raw, i) => expect(lines[i]).to.match(new RegExp(`^${hashOf(raw).slice(0, 8)}  epoch 1.  .*  ok$`)));
    expect(lines.at(-1)).to.equal("verdict: ok");
  });

  it("mithril/task-fails-when-a-check-fails, and says which, also as JSON", async () => {
    const key = bytesToHex(GENESIS_KEY.bytes);
    const { code, stdout } = await hardhat("mithril", "verify", at("changed.json"), "--genesis-key", key, "--json");
    expect(code).to.equal(1);
    const report = JSON.parse(stdout) as ChainReport;
    expect(report.ok).to.equal(false);
    expect([report.anchored, report.broken]).to.deep.equal([5, 1]);
    expect(report.certificates.at(-1)?.failed.map(({ name }) => name)).to.deep.equal(["message", "multisignature"]);
  });

  it("mithril/task-needs-a-key-to-be-strict, and names what it left unchecked otherwise", async () => {
    const strict = await hardhat("mithril", "verify", at("chain.json"), "--strict");
    expect(strict.code).to.equal(1);
    expect(strict.stderr).to.include("mithril/no-genesis-key");
    const historic = await hardhat("mithril", "verify", at("chain.json"));
    expect(historic.code).to.equal(0);
    expect(historic.stdout).to.include("the genesis signature is UNCHECKED");
    expect(historic.stdout).to.include("0 anchored, 6 unanchored");
  });

  it("mithril/task-refuses-a-malformed-file with one sentence and no stack", async () => {
    const { code, stdout, stderr } = await hardhat("mithril", "verify", at("torn.json"));
    expect(code).to.equal(1);
    expect(stdout).to.equal("");
    const complaints = stderr.split("\n").filter((line) => line.includes("signed_message"));
    expect(complaints).to.have.length(1);
    expect(complaints[0]).to.include(`torn.json: certificate ${hashOf(chain[2]).slice(0, 8)}`);
    expect(stderr).to.not.match(/^\s+at /m);
  });
});
