// Writes examples/round/list.csv: `tsx scripts/demo/example-list.ts`.
import { writeFileSync } from "node:fs";
import path from "node:path";

import { amountOf, isBound, PEOPLE, personOf } from "./people.js";

const rows = Array.from({ length: PEOPLE }, (_unused, index) => {
  const userId = index + 1;
  return `${userId},${amountOf(userId)},${isBound(userId) ? personOf(userId).address : ""}`;
});
const file = path.resolve(import.meta.dirname, "../../examples/round/list.csv");
writeFileSync(file, `user_id,amount,address\n${rows.join("\n")}\n`);
