// `npm run rules`: what no compiler or linter checks about this repository.
import path from "node:path";

import { checkChecklist } from "./rules/checklist.js";
import { checkTree } from "./rules/tree.js";

const root = path.resolve(import.meta.dirname, "..");
const problems = [...checkChecklist(root), ...checkTree(root)];
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? "repository rules: all hold" : `repository rules: ${problems.length} broken`);
process.exitCode = problems.length === 0 ? 0 : 1;
