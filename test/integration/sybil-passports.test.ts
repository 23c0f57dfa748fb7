import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { sql } from "kysely";

import { passportReader } from "../../src/bin/sybil/round-passports.js";
import { connectDatabase, openDatabase } from "../../src/database/open-database.js";
import { Secret } from "../../src/shared/secret.js";
import { parseFarms } from "../../src/sybil/generate/farms/parse-farms.js";
import { generateRound } from "../../src/sybil/generate/generate-round.js";
import { writeGeneratedRound } from "../../src/sybil/generate/write-round.js";
import { readNaming, runReport } from "../../src/sybil/report/run-report.js";
import type { PassportPlace } from "../../src/sybil/round/passports.js";
import { readRoundFolder } from "../../src/sybil/round/read-round.js";
import { noProgress } from "../../src/shared/progress.js";
import { taskJson } from "../support/child-node.js";
import { engines, type TestDatabase } from "../support/databases.js";
import {
  createPassportWorld,
  scorerOf,
  simpleRules,
  stampOf,
  type PassportWorld,
} from "../support/passport/service.js";
import { accountOf, NOW } from "../support/passport/stamps.js";

const DAY = 86_400;
const LIFETIME = 90 * DAY;
const CLOSE = NOW + 10 * DAY;
/** This task needs no chain. */
const NO_NODE = { url: "http://127.0.0.1:1" };
const donor = (number: number) => accountOf(`d${String(number).padStart(3, "0")}`);
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const author = { author: "tests", reason: "a test" };
/** In force when the round closed. */
const RULES = simpleRules({ threshold: "1.5", weights: { Google: "1", Discord: "0.5", Ens: "0.25" } });

/** What happens to the passports; gives the rows that a table of valid stamps has of them. */
async function live(world: PassportWorld): Promise<[donor: string, provider: string, issued: number][]> {
  const { service, time } = world;
  const { id } = await scorerOf(world);
  const held: [string, string, number][] = [];
  /** An account shows a stamp; `evidence` is its own unless it is named. */
  const show = async (who: number, provider: string, { valid = true, issued = NOW, evidence = donor(who) } = {}) => {
    const credential = await stampOf(donor(who), provider, evidence, issued);
    const { results } = await service.submit(id, donor(who).toLowerCase(), [credential]);
    if (valid) held.push([donor(who), provider, issued]);
    return results[0]?.digest as string;
  };
  for (let who = 1; who <= 12; who++) await show(who, "Google");
  for (let who = 3; who <= 9; who++) await show(who, "Discord");
  await show(10, "Elsewhere"); // no provider of the scorer's
  await show(11, "Discord", { issued: NOW - 85 * DAY }); // ends before the round: the table says so itself
  await show(12, "Discord", { evidence: donor(3), valid: false }); // shown by another account before
  const revoked = await show(13, "Google", { valid: false });
  const late = await show(14, "Google");
  await show(15, "Google", { valid: false }); // to be released
  await show(16, "Google", { valid: false }); // to be banned
  time.now = NOW + DAY;
  await service.addVersion(id, RULES, author);
  await service.revoke(revoked, author);
  await service.release(id, donor(15).toLowerCase(), "Google");
  const ban = { kind: "account", subject: donor(16).toLowerCase(), until: null, reason: "sold" } as const;
  await service.ban(ban, author);
  time.now = CLOSE + 1;
  await service.revoke(late, author);
  await show(17, "Google", { valid: false });
  await service.addVersion(id, simpleRules({ threshold: "0.1", weights: { Google: "9" } }), author);
  await world.rescorer.run(id, author);
  return held;
}

/** A generated round whose donors are addresses, without stamps and scorer, closed at {@link CLOSE}. */
async function writeRound(folder: string, members: object): Promise<void> {
  const settings = { seed: 3, donors: 250, projects: 16, labels: 120, farms: parseFarms("names:30,copy:30") };
  await writeGeneratedRound(folder, generateRound(settings));
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".csv"))) {
    const text = await readFile(path.join(folder, file), "utf8");
    await writeFile(
      path.join(folder, file),
      text.replace(/\bd\d{3}\b/g, (id) => accountOf(id)),
    );
  }
  await rewrite(folder, { closedAt: iso(CLOSE), stamps: undefined, scorer: undefined, ...members });
}

async function rewrite(folder: string, members: object): Promise<void> {
  const document = path.join(folder, "round.json");
  const round = JSON.parse(await readFile(document, "utf8")) as object;
  await writeFile(document, JSON.stringify({ ...round, ...members }));
}

const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

for (const engine of engines) {
  describe(`a round's passports out of ${engine.name}`, function () {
    this.timeout(60_000);
    let folder: string;
    let database: TestDatabase;
    let held: [string, string, number][];
    let place: object;
    const tables = () => path.join(folder, "tables");
    const round = () => path.join(folder, "round");
    const reader = passportReader(() => Promise.resolve(new Secret(database.environment["DATABASE_URL"] ?? "")));

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
      database = await engine.create();
      const { location } = database;
      const kept = { ...database, drop: () => Promise.resolve() };
      const world = await createPassportWorld({ ...engine, create: () => Promise.resolve(kept) });
      try {
        held = await live(world);
      } finally {
        await world.close();
      }
      // Relative to the document, as all that it names.
      place = location.kind === "folder" ? { folder: path.relative(round(), location.folder) } : { server: true };
      await writeRound(tables(), { stamps: "stamps.csv", scorer: "scorer.json" });
      const rows = held.map(([who, provider, at]) => [who, provider, iso(at), iso(at + LIFETIME)].join(","));
      await writeFile(path.join(tables(), "stamps.csv"), ["donor,provider,issued,expires", ...rows, ""].join("\n"));
      await writeFile(path.join(tables(), "scorer.json"), JSON.stringify(RULES));
      await cp(tables(), round(), { recursive: true });
      await rewrite(round(), { stamps: undefined, scorer: undefined, passports: { scorer: 1, ...place } });
    });
    after(async () => {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    });

    it("sybil/passports-of-a-database-are-those-at-the-close", async () => {
      const read = await readRoundFolder(round(), reader);
      const wanted = await readRoundFolder(tables());
      expect(read.tables.rules?.threshold).to.equal(15_000);
      expect(read).to.deep.equal(wanted);
      const sizes = [1, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((who) => {
        const stamps = read.tables.stamps[read.tables.donations.donorNames.indexOf(donor(who))];
        return [who, [...(stamps ?? [])].sort().join(" ")];
      });
      expect(Object.fromEntries(sizes)).to.deep.equal({
        ...{ 1: "Google", 9: "Discord Google", 10: "Elsewhere Google", 11: "Google", 12: "Google" },
        ...{ 13: "", 14: "Google", 15: "", 16: "", 17: "" },
      });
    });

    it("sybil/report-of-a-database-equals-that-of-tables", async () => {
      const salt = path.join(folder, "salt");
      await writeFile(salt, "a salt of a test, long enough");
      const options = { force: false, seed: undefined, priceFactor: undefined, progress: noProgress };
      const naming = await readNaming(false, salt);
      const { hash } = await runReport({ place: tables(), out: path.join(folder, "a"), naming, ...options });
      if (database.location.kind === "folder") {
        const run = { place: round(), out: path.join(folder, "b"), naming, passports: reader, ...options };
        expect((await runReport(run)).hash).to.equal(hash);
        return;
      }
      // The task finds the server by itself.
      const before = process.env["DATABASE_URL"];
      process.env["DATABASE_URL"] = database.environment["DATABASE_URL"] ?? "";
      try {
        const out = ["--out", path.join(folder, "b"), "--salt-file", salt];
        expect(await taskJson(NO_NODE, "sybil", "report", round(), ...out)).to.include({ hash });
      } finally {
        if (before === undefined) delete process.env["DATABASE_URL"];
        else process.env["DATABASE_URL"] = before;
      }
    });

    it("sybil/passports-that-cannot-be-read-are-refused", async () => {
      const { location } = database;
      const at = {
        ...(location.kind === "folder" ? { folder: location.folder } : { server: true as const }),
        scorer: 1,
      };
      const ask = (changes: Partial<PassportPlace>, time = CLOSE) =>
        reader({ ...at, ...changes } as PassportPlace, time, [donor(1).toLowerCase()]);
      expect(await ask({ scorer: 2 }), "no such scorer").to.equal(undefined);
      expect(await ask({}, NOW - 1), "before its first version").to.equal(undefined);
      await rewrite(round(), { passports: { scorer: 2, ...place } });
      expect(await codeOf(readRoundFolder(round(), reader))).to.equal("sybil/bad-round");
      await rewrite(round(), { passports: { scorer: 1, ...place } });
      if (location.kind === "folder") {
        const nowhere = path.join(folder, "nowhere");
        expect(await codeOf(reader({ scorer: 1, folder: nowhere }, CLOSE, []))).to.equal("sybil/unreadable");
        expect(await readdir(folder)).to.not.include("nowhere");
        const service = await openDatabase(location);
        expect(await codeOf(readRoundFolder(round(), reader))).to.equal("database/folder-in-use");
        await service.destroy();
        return;
      }
      const gone = passportReader(() => Promise.resolve(new Secret("postgres://postgres@127.0.0.1:1/x")));
      expect(await codeOf(gone({ scorer: 1, server: true }, CLOSE, []))).to.equal("sybil/database-unavailable");
      // A database of something else stays as it is.
      const db = await connectDatabase(location);
      await sql`alter table score_events rename to other`.execute(db);
      expect(await codeOf(readRoundFolder(round(), reader))).to.equal("sybil/unreadable");
      await sql`alter table other rename to score_events`.execute(db);
      await db.destroy();
    });
  });
}
