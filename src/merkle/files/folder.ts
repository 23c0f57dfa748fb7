import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";

import { MerkleError } from "../errors.js";

/**
 * Writes a folder whole or not at all: `fill` writes into a temporary neighbour, which is renamed at the end. A folder
 * that exists already is left alone: if it holds the very same files this is a success (`unchanged`), else it throws
 * `merkle/output-exists`. What the file system refuses is `merkle/unwritable`.
 */
export async function writeFolder(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<"written" | "unchanged"> {
  const target = path.resolve(folder);
  const temporary = `${target}.partial-${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(temporary, { recursive: true });
    await fill(temporary);
    const present = await listFiles(target);
    if (present === undefined || present.length === 0) {
      await rename(temporary, target);
      return "written";
    }
    if (await holdsTheSame(target, temporary, present)) return "unchanged";
    throw new MerkleError(
      "merkle/output-exists",
      `${folder} exists and holds something else; name another folder or remove it first`,
      { folder },
    );
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new MerkleError("merkle/unwritable", `cannot write ${folder}: ${code}`, { folder }, { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => {}); // nothing was made where nothing can be
  }
}

/** Refuses early, before long work, what {@link writeFolder} would certainly refuse. */
export async function refuseForeignFolder(folder: string): Promise<void> {
  const present = await listFiles(folder);
  if (present === undefined || present.length === 0 || present.includes("manifest.json")) return;
  throw new MerkleError("merkle/output-exists", `${folder} exists and is not a built list`, { folder });
}

async function listFiles(folder: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MerkleError("merkle/output-exists", `${folder} is not a folder that can be read`, {}, { cause: error });
  }
}

async function holdsTheSame(folder: string, other: string, files: readonly string[]): Promise<boolean> {
  const others = (await listFiles(other)) ?? [];
  if (others.length !== files.length || others.some((file, index) => file !== files[index])) return false;
  for (const file of files) {
    const [a, b] = [path.join(folder, file), path.join(other, file)];
    if ((await stat(a)).size !== (await stat(b)).size || (await digest(a)) !== (await digest(b))) return false;
  }
  return true;
}

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Writes text piece by piece, so that a large document never exists as one string. */
export async function writeText(file: string, pieces: Iterable<string>): Promise<void> {
  const handle = await open(file, "wx");
  try {
    let waiting: string[] = [];
    let size = 0;
    for (const piece of pieces) {
      waiting.push(piece);
      size += piece.length;
      if (size < 2 ** 20) continue;
      await handle.writeFile(waiting.join(""));
      [waiting, size] = [[], 0];
    }
    await handle.writeFile(waiting.join(""));
  } finally {
    await handle.close();
  }
}
