// Writes docs/sybil-result.schema.json: `npm run docs:result-schema`. A test compares it with the code.
import { writeFileSync } from "node:fs";
import path from "node:path";

import { format, resolveConfig } from "prettier";

import { resultSchemaDocument } from "../../src/sybil/report/result.js";

const file = path.resolve(import.meta.dirname, "../../docs/sybil-result.schema.json");
const style = await resolveConfig(file);
writeFileSync(file, await format(JSON.stringify(resultSchemaDocument()), { ...style, filepath: file }));
