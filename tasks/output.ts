import { toJson } from "../src/shared/json.js";

/** Prints a task's result on stdout: one JSON document with `--json`, else lines for people. */
export function printResult(json: boolean, result: unknown, lines: readonly string[]): void {
  console.log(json ? toJson(result) : lines.join("\n"));
}

/** A time of the chain, in seconds, as people read it. */
export const isoTime = (seconds: bigint | number): string => new Date(Number(seconds) * 1000).toISOString();
