import { readFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import { DomainError } from "../shared/errors.js";

/** The marks of this process. Its id alone says nothing: in a container the process that was killed had the same one. */
const held = new Set<string>();

/**
 * Claims a PGlite folder for this process, because two engines on one folder destroy it. The mark lies beside the
 * folder and names the process; the mark of a process that is gone (killed, power cut) is taken over.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const mark = `${folder.replace(/\/+$/, "")}.lock`;
  const key = resolve(mark);
  for (;;) {
    try {
      await writeFile(mark, String(process.pid), { flag: "wx" });
      held.add(key);
      return async () => {
        held.delete(key);
        await rm(mark, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(await readFile(mark, "utf8").catch(() => ""));
    if (Number.isInteger(owner) && owner > 0 && (owner === process.pid ? held.has(key) : isAlive(owner))) {
      throw new DomainError(
        "database/folder-in-use",
        `The database folder ${folder} is in use by process ${owner}; several processes need a server (DATABASE_URL)`,
        { folder, owner },
      );
    }
    await rm(mark, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
