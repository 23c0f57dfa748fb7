// `npm run bench:passport [-- passports]`: the passport service's use cases, without HTTP: submit ten distinct stamps each, rescore
// everybody under a new version, anchor, read in bulk. Credentials are made beforehand and every signature is checked. PostgreSQL:
// TOUCHSTONE_TEST_DATABASE_URL, else postgres://postgres@127.0.0.1:5432/test; without a server PGlite.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";

import { getAddress } from "ethers";

import { DatabaseAnchorStore } from "../../src/database/database-anchor-store.js";
import { DatabasePassportStore } from "../../src/database/database-passport-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { BanIndex } from "../../src/passport/bans.js";
import { issueStamps } from "../../src/passport/issue.js";
import { parseIssuers } from "../../src/passport/issuers.js";
import { NullifierKeyRing } from "../../src/passport/nullifiers/key-ring.js";
import { RevocationIndex } from "../../src/passport/revocations.js";
import { memorySigner } from "../../src/passport/signature.js";
import { DEFAULT_RULES } from "../../src/scoring/rules/default-rules.js";
import { rulesDocument } from "../../src/scoring/rules/scorer-rules.js";
import { AnchorService } from "../../src/scoring/service/anchor.js";
import { PassportService } from "../../src/scoring/service/passport-service.js";
import { Rescorer } from "../../src/scoring/service/rescore.js";
import { systemClock, unixSeconds } from "../../src/shared/clock.js";
import { silentLogger } from "../../src/shared/logger.js";
import { engines } from "../../test/support/databases.js";

const STAMPS = 10;
const CLIENTS = 100;
const passports = Number(process.argv[2] ?? 2_000);
const engine = engines.at(-1) as (typeof engines)[number];
const database = await engine.create();

const hash = (text: string) => createHash("sha256").update(text).digest();
const signer = memorySigner(hash("bench issuer"));
const did = `did:ethr:${signer.address}`;
const issuer = {
  did,
  keyVersion: 0,
  signer,
  nullifierKeys: new NullifierKeyRing([{ version: 1, secret: hash("bench nullifiers"), from: 0 }]),
};
const issuers = parseIssuers({ format: "touchstone-issuers-v1", issuers: [{ did }] });
const providers = [...DEFAULT_RULES.weights.keys()];

const lines: { readonly what: string; readonly seconds: number; readonly perSecond: number }[] = [];

async function timed<T>(what: string, amount: number, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  lines.push({ what, seconds, perSecond: amount / seconds });
  console.log(`${what}: ${seconds.toFixed(2)} s, ${Math.round(amount / seconds).toLocaleString("en")} a second`);
  return result;
}

async function credentialsOf(index: number) {
  const account = getAddress(`0x${hash(`account ${index}`).toString("hex").slice(0, 40)}`);
  const requests = Array.from({ length: STAMPS }, (_, at) => {
    const provider = providers[(index + at * 5) % providers.length] as string;
    return { provider, account, evidence: { id: `${index}` } };
  });
  const issued = await issueStamps(
    requests,
    issuer,
    { find: () => Promise.resolve(undefined) },
    unixSeconds(systemClock),
  );
  return {
    account: account.toLowerCase(),
    credentials: issued.flatMap((stamp) => (stamp.status === "issued" ? [stamp.credential] : [])),
  };
}

const db = await openDatabase(database.location);
const store = new DatabasePassportStore(db);
const clock = systemClock;
const verification = (now: number) => ({ now, issuers, bans: new BanIndex(), revocations: RevocationIndex.EMPTY });
const service = new PassportService({ store, verification, clock, logger: silentLogger });
const rescorer = new Rescorer({ store, service, clock });
const registry = "0x5AFE000000000000000000000000000000001234";
const anchors = new AnchorService(
  { chainId: 1n, registry, maxLifetime: 7_776_000, signatureLifetime: 3600, uri: "" },
  { store: new DatabaseAnchorStore(db), service, signer, clock },
);
console.log(`${engine.name}, Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model}`);
const people = await timed(`issue ${STAMPS} stamps for ${passports} people`, passports * STAMPS, async () => {
  const made = [];
  for (let index = 0; index < passports; index++) made.push(await credentialsOf(index));
  return made;
});
const rules = rulesDocument(DEFAULT_RULES);
const { id } = await service.createScorer({ name: "bench", author: "bench", reason: "first", rules });
await service.linkRegistry(id, 1n);
await timed(`submit, check and score (${CLIENTS} clients; passports)`, passports, async () => {
  let next = 0;
  const client = async () => {
    for (let person = people[next++]; person !== undefined; person = people[next++]) {
      await service.submit(id, person.account, person.credentials);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
});
await service.addVersion(id, { ...rules, threshold: "25.0000" }, { author: "bench", reason: "second" });
const run = await timed("rescore under a new version (passports)", passports, () =>
  rescorer.run(id, { author: "bench", reason: "second" }),
);
console.log(`  ${run.scored} scored, ${run.changed} changed, ${run.flipped} verdicts turned`);
await timed("anchor (leaves)", passports, () => anchors.prepareAnchor(id));
const asked = Array.from({ length: 10_000 }, (_, at) => people[at % passports]?.account ?? "");
await timed("read 10,000 scores in pages of 1,000", asked.length, async () => {
  for (let from = 0; from < asked.length; from += 1_000) await service.scoresOf(id, asked.slice(from, from + 1_000));
});
const rssMegabytes = process.memoryUsage().rss / 1e6;
console.log(`memory: ${Math.round(rssMegabytes)} MB`);
const output = "docs/benchmarks/passport.json";
await mkdir("docs/benchmarks", { recursive: true });
const machine = { cores: os.cpus().length, cpu: os.cpus()[0]?.model, node: process.version };
const report = {
  format: "touchstone-passport-v1",
  engine: engine.name,
  passports,
  stamps: STAMPS,
  ...machine,
  lines,
  rssMegabytes,
};
await writeFile(output, `${JSON.stringify(report, null, 2)}\n`);
console.log(`written to ${output}`);
await db.destroy();
await database.drop();
