import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
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

  /** What a process left that was killed. */
  const leave = async (pid: number) => {
    await mkdir(`${folder}.owners`, { recursive: true });
    await writeFile(`${folder}.owners/${pid}-0`, "");
  };

  it("refuses a folder of another process that is alive", async () => {
    await leave(process.ppid);
    expect(await codeOf(lockFolder(folder))).to.equal("database/folder-in-use");
  });

  it("takes over what a killed process of our own id left, as containers give every process the same one", async () => {
    await leave(process.pid);
    const unlock = await lockFolder(folder);
    expect(await codeOf(lockFolder(folder))).to.equal("database/folder-in-use");
    await unlock();
    expect(await readdir(parent)).to.deep.equal([]);
  });

  it("lets one of many take over what a killed process left, never two", async function () {
    this.timeout(30_000);
    for (let round = 0; round < 10; round += 1) {
      await leave(0x3fff_fff0); // no process has this id
      const taken = await Promise.allSettled(Array.from({ length: 6 }, () => lockFolder(folder)));
      const unlocks = taken.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
      expect(unlocks.length).to.be.at.most(1);
      for (const unlock of unlocks) await unlock();
      await (
        await lockFolder(folder)
      )();
    }
  });
});
