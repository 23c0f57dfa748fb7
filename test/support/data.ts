import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The folder of public data: `TOUCHSTONE_DATA`, by default beside the repository. Its files are never committed. */
export const dataFolder = path.resolve(process.env.TOUCHSTONE_DATA ?? path.join("..", "shared", "data"));

/** A data file, or `undefined` where there is none; either way one printed line says which. */
export function readData(name: string): string | undefined {
  const file = path.join(dataFolder, name);
  if (existsSync(file)) return readFileSync(file, "utf8");
  console.log(`      no checks against ${name}: set TOUCHSTONE_DATA to the folder that holds it`);
  return undefined;
}
