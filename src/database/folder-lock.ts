import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { DomainError } from "../shared/errors.js";

/** The marks of this process. Its id alone says nothing: in a container the process that was killed had the same one. */
const held = new Set<string>();
const TRIES = 5;
const PAUSE_MILLISECONDS = 50;

/**
 * Claims a PGlite folder for this process, because two engines on one folder destroy it. Everybody who wants it first leaves a
 * mark of their own beside it, then looks for others': of two that come at once at least one sees the other, and whoever sees
 * one gives way. Marks are never shared, so removing one of a process that is gone (killed, power cut) takes nobody's away.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const marks = `${folder.replace(/\/+$/, "")}.owners`;
  for (let attempt = 1; ; attempt += 1) {
    const mark = await leaveMark(marks);
    const unlock = () => removeMark(marks, mark);
    const owner = await findOther(marks, mark);
    if (owner === undefined) return unlock;
    await unlock();
    if (attempt === TRIES) {
      throw new DomainError(
        "database/folder-in-use",
        `The database folder ${folder} is in use by process ${owner}; several processes need a server (DATABASE_URL)`,
        { folder, owner },
      );
    }
    // Two that give way to each other must not meet again.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MILLISECONDS * attempt));
  }
}

async function leaveMark(marks: string): Promise<string> {
  const mark = join(marks, `${process.pid}-${randomUUID()}`);
  held.add(basename(mark));
  for (;;) {
    await mkdir(marks, { recursive: true });
    try {
      await writeFile(mark, "", { flag: "wx" });
      return mark;
    } catch (error) {
      // Somebody who left has removed the empty folder.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

async function removeMark(marks: string, mark: string): Promise<void> {
  await rm(mark, { force: true });
  held.delete(basename(mark));
  await rmdir(marks).catch(() => {}); // others' marks are in it, or it is gone
}

/** The process of another mark that is in force; marks of processes that are gone are removed. */
async function findOther(marks: string, own: string): Promise<number | undefined> {
  for (const name of await readdir(marks)) {
    if (name === basename(own)) continue;
    const owner = Number(name.split("-", 1)[0]);
    const lives = owner === process.pid ? held.has(name) : isAlive(owner);
    if (lives) return owner;
    await rm(join(marks, name), { force: true });
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
