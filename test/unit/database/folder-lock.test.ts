import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { lockFolder } from "../../../src/database/folder-lock.js";

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "nothing thrown",
    (error: { code: string }) => error.code,
  );

describe("lockFolder", () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), "folder-lock-"));
    folder = path.join(parent, "claims");
  });
  afterEach(() => rm(parent, { recursive: true }));

  it("gives a folder to one owner at a time", async () => {
    const unlock = await lockFolder(folder);
    expect(await codeOf(lockFolder(`${folder}/`))).to.equal("database/folder-in-use");
    await unlock();
    await (
      await lockFolder(folder)
    )();
  });

  it("refuses a folder of another process that is alive", async () => {
    await writeFile(`${folder}.lock`, String(process.ppid));
    expect(await codeOf(lockFolder(folder))).to.equal("database/folder-in-use");
  });

  it("takes over what a killed process of our own id left, as containers give every process the same one", async () => {
    await writeFile(`${folder}.lock`, String(process.pid));
    const unlock = await lockFolder(folder);
    expect(await readFile(`${folder}.lock`, "utf8")).to.equal(String(process.pid));
    expect(await codeOf(lockFolder(folder))).to.equal("database/folder-in-use");
    await unlock();
  });
});
