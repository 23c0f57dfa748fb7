import { toJson } from "../src/shared/json.js";

/** Prints a task's result on stdout: one JSON document with `--json`, else lines for people. */
export function printResult(json: boolean, result: unknown, lines: readonly string[]): void {
  console.log(json ? toJson(result) : lines.join("\n"));
}
