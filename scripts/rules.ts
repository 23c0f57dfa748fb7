// `npm run rules`: what no compiler or linter checks about this repository.
import { readFileSync } from "node:fs";
import path from "node:path";

import { errorsPage, unexplainedCodes } from "./docs/errors.js";
import { checkChecklist } from "./rules/checklist.js";
import { checkTree } from "./rules/tree.js";

const root = path.resolve(import.meta.dirname, "..");
const problems = [...checkChecklist(root), ...checkTree(root)];
for (const code of unexplainedCodes(root)) problems.push(`the code ${code} is not explained in scripts/docs/errors.ts`);
if ((await errorsPage(root)) !== readFileSync(path.join(root, "docs/errors.md"), "utf8")) {
  problems.push("docs/errors.md is stale: npm run docs:errors");
}
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? "repository rules: all hold" : `repository rules: ${problems.length} broken`);
process.exitCode = problems.length === 0 ? 0 : 1;
