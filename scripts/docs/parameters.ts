// `npm run docs:parameters` writes docs/parameters.md.
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { makeParametersPage } from "./make-parameters-page.js";

const root = path.resolve(import.meta.dirname, "../..");
await writeFile(path.join(root, "docs/parameters.md"), await makeParametersPage(root));
console.log("docs/parameters.md is written");
