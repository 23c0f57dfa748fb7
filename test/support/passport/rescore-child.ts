// `tsx rescore-child.ts URL SCORER NOW`: requests a rescore and runs it in pages of two, with a line for each, until it is killed.
import { openDatabase } from "../../../src/database/open-database.js";
import { Secret } from "../../../src/shared/secret.js";
import { passportProcess } from "./service.js";

const [url = "", scorer, now] = process.argv.slice(2);
const db = await openDatabase({ kind: "server", url: new Secret(url) });
const { rescorer } = await passportProcess(db, { now: Number(now) }, { page: 2 });
let state = await rescorer.request(Number(scorer), { author: "tests", reason: "again" });
while (state.phase !== "done") {
  state = await rescorer.step(state);
  process.stdout.write(`${state.phase}\n`);
}
