// `tsx scripts/bench/passport-service.ts [passports]`: the passport service's use cases on a PostgreSQL server (DATABASE_URL) or on
// PGlite in memory: submit ten distinct stamps each, rescore everybody under a new version, anchor, read in bulk. Credentials are
// made beforehand and every signature is checked. It creates what it needs in the database it is given: use an empty one.
import { createHash } from "node:crypto";
import os from "node:os";

import { getAddress } from "ethers";

import { DatabaseAnchorStore } from "../../src/database/database-anchor-store.js";
import { DatabasePassportStore } from "../../src/database/database-passport-store.js";
import { openDatabase, type DatabaseLocation } from "../../src/database/open-database.js";
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
import { Secret } from "../../src/shared/secret.js";

const STAMPS = 10;
const CLIENTS = 100;
const passports = Number(process.argv[2] ?? 2_000);
const url = process.env["DATABASE_URL"];
const location: DatabaseLocation = url === undefined ? { kind: "memory" } : { kind: "server", url: new Secret(url) };

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

async function timed<T>(what: string, amount: number, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
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

const db = await openDatabase(location);
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
console.log(`${location.kind}, Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model}`);
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
console.log(`memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
await db.destroy();
