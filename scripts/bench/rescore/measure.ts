// One process of the service on a filled database: rescore, tree, bulk read. Prints its figures as JSON.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { startPassportService } from "../../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../../src/config/passport-service.js";
import { DatabaseAnchorStore } from "../../../src/database/database-anchor-store.js";
import { DatabasePassportStore } from "../../../src/database/database-passport-store.js";
import { openDatabase } from "../../../src/database/open-database.js";
import { BanIndex } from "../../../src/passport/bans.js";
import { parseIssuers } from "../../../src/passport/issuers.js";
import { RevocationIndex } from "../../../src/passport/revocations.js";
import { memorySigner } from "../../../src/passport/signature.js";
import { rulesDocument } from "../../../src/scoring/rules/scorer-rules.js";
import { AnchorService } from "../../../src/scoring/service/anchor.js";
import { PassportService } from "../../../src/scoring/service/passport-service.js";
import { Rescorer } from "../../../src/scoring/service/rescore.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { Secret } from "../../../src/shared/secret.js";
import { FIRST, ISSUERS } from "./population.js";

const SCORER = 1;
const BULK = 10_000;
const db = await openDatabase({ kind: "server", url: new Secret(process.argv[2] ?? "") });
const store = new DatabasePassportStore(db);
// A day later: some stamps have expired, and some duplicates have become free.
const clock = { now: () => (FIRST + 86_400) * 1000 };
const issuers = parseIssuers(ISSUERS);
const verification = (now: number) => ({ now, issuers, bans: new BanIndex(), revocations: RevocationIndex.EMPTY });
const service = new PassportService({ store, verification, clock, logger: silentLogger });
const rescorer = new Rescorer({ store, service, clock });
const signer = memorySigner(new Uint8Array(32).fill(7));
const registry = "0x5AFE000000000000000000000000000000001234";
const anchors = new AnchorService(
  { chainId: 1n, registry, maxLifetime: 7_776_000, signatureLifetime: 3600, uri: "" },
  { store: new DatabaseAnchorStore(db), service, signer, clock },
);

async function seconds<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; processor: number }> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return { result, seconds: rounded((performance.now() - start) / 1000), processor: rounded((user + system) / 1e6) };
}

// What the service would have stored: an account scored at the same time under the same rules has nothing new.
const sample = await db.selectFrom("scores").select("account").limit(20).execute();
const atFirst = new PassportService({ store, verification, clock: { now: () => FIRST * 1000 }, logger: silentLogger });
const lines = async () => (await db.selectFrom("passport_head").select("seq").executeTakeFirstOrThrow()).seq;
const before = await lines();
for (const { account } of sample) await atFirst.rescoreAccount(SCORER, account);
if ((await lines()) !== before) throw new Error("the data are not what the service would have stored");

const { rules } = await service.version(SCORER);
await service.addVersion(
  SCORER,
  { ...rulesDocument(rules), threshold: "25.0000" },
  { author: "bench", reason: "second" },
);
const request = { author: "bench", reason: "second" };
const rescore = await seconds(() => rescorer.run(SCORER, request));
const anchor = await seconds(() => anchors.prepareAnchor(SCORER));
const peak = process.resourceUsage().maxRSS / 1024;

// Over HTTP, with a key, in the order that was asked for.
const folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
const issuersFile = path.join(folder, "issuers.json");
await writeFile(issuersFile, JSON.stringify(ISSUERS));
const config = parsePassportServiceConfig({
  ...{ DATABASE_URL: process.argv[2], PASSPORT_PORT: "0", PASSPORT_CHAIN_ID: "1", PASSPORT_ISSUERS: issuersFile },
  PASSPORT_SESSION_SECRET: "ef".repeat(32),
});
const running = await startPassportService(config, { logger: silentLogger, clock });
const { text: key } = await running.keys.create("bench", ["scores"], null);
const asked = await db.selectFrom("scores").select("account").orderBy("seq").limit(BULK).execute();
const body = JSON.stringify({ addresses: asked.map(({ account }) => account) });
const answers: number[] = [];
for (let turn = 0; turn < 5; turn++) {
  const { result, seconds: taken } = await seconds(async () => {
    const response = await fetch(`${running.url}/v1/scorers/${SCORER}/scores`, {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body,
    });
    return (await response.text()).trim().split("\n").length;
  });
  if (result !== asked.length) throw new Error(`${result} scores came back`);
  answers.push(taken);
}
await running.close();
await rm(folder, { recursive: true });

const { scored, changed, flipped } = rescore.result;
console.log(
  JSON.stringify({
    rescore: { seconds: rescore.seconds, processor: rescore.processor, scored, changed, flipped },
    tree: { seconds: anchor.seconds, processor: anchor.processor, leaves: Number(anchor.result.count) },
    toRoot: Math.round((rescore.seconds + anchor.seconds) * 100) / 100,
    peakMegabytes: Math.round(peak),
    bulk: { addresses: asked.length, seconds: answers },
  }),
);
await db.destroy();
