// Writes the claim service's part of docs/errors.md from the table that the service itself uses; with --check it only says
// whether the file is up to date.
import { mkdir, readFile, writeFile } from "node:fs/promises";

import { format, resolveConfig } from "prettier";

import { PROBLEMS } from "../../src/http/problems.js";

const FILE = "docs/errors.md";
const BEGIN = "<!-- claim service: written by scripts/docs/errors.ts -->";
const END = "<!-- end of the claim service's errors -->";

const rows = Object.entries(PROBLEMS).map(
  ([code, { status, title, remedy }]) => `| \`${code}\` | ${status} | ${title} | ${remedy} |`,
);
const section = [
  BEGIN,
  "",
  "## Claim service",
  "",
  "Every failure is an RFC 9457 problem (`application/problem+json`) with one of these codes; the service answers the same",
  "table at `GET /errors`.",
  "",
  "| code | status | meaning | what to do |",
  "| --- | --- | --- | --- |",
  ...rows,
  "",
  END,
].join("\n");

const current = await readFile(FILE, "utf8").catch(() => "# Error codes\n");
const [start, end] = [current.indexOf(BEGIN), current.indexOf(END)];
const joined =
  start === -1 || end === -1
    ? `${current.trimEnd()}\n\n${section}\n`
    : current.slice(0, start) + section + current.slice(end + END.length);
const text = await format(joined, { ...(await resolveConfig(FILE)), parser: "markdown" });

if (!process.argv.includes("--check")) {
  await mkdir("docs", { recursive: true });
  await writeFile(FILE, text);
} else if (text !== current) {
  console.error(`${FILE} is not up to date: run npm run docs:errors`);
  process.exit(1);
}
