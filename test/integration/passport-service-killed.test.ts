import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import type { Kysely } from "kysely";
import pg from "pg";

import { startPassportService, type RunningPassportService } from "../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { openDatabase } from "../../src/database/open-database.js";
import { readPassportLog } from "../../src/database/passport-log.js";
import type { Database } from "../../src/database/schema.js";
import { replayPassports, type LogEntry } from "../../src/scoring/service/replay.js";
import { silentLogger } from "../../src/shared/logger.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { REGISTRY, simpleRules, stampOf } from "../support/passport/service.js";
import { accountOf, ISSUER_DID } from "../support/passport/stamps.js";

const DEADLINE = 30_000;
const SOON = { queueTiming: { pieceSeconds: 2, superviseSeconds: 1 } };
/** Where a process dies: in the write of what was submitted, of a rescore's page, of a root. */
const STEPS = {
  submit: { killAt: 'update "?passport_head"?', passes: 0 },
  // The first page lets stamps meet the links, the second scores.
  rescore: { killAt: 'update "rescores" set "phase"', passes: 1 },
  anchor: { killAt: 'insert into "anchors"', passes: 0 },
} as const;
type Moment = "before" | "after" | "committed";

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const asker =
  (url: string, headers: Record<string, string>) =>
  async (route: string, body?: object): Promise<Answer> => {
    const method = body === undefined ? "GET" : "POST";
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}${route}`, { method, headers, ...sent });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
type Ask = ReturnType<typeof asker>;

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + DEADLINE; Date.now() < end;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("no answer in time");
}

/** A scorer with people in a database, for services that come and go. */
class Desk {
  readonly database: TestDatabase;
  readonly environment: Record<string, string>;
  /** The scores that people were told, by account. */
  readonly told = new Map<string, unknown>();
  headers: Record<string, string> = {};
  #person = 0;
  #threshold = 1;

  constructor(database: TestDatabase, folder: string) {
    const { CLAIMS_DATA, ...environment } = database.environment;
    this.database = database;
    this.environment = {
      ...environment,
      ...(CLAIMS_DATA === undefined ? {} : { PASSPORT_DATA: CLAIMS_DATA }),
      PASSPORT_PORT: "0",
      PASSPORT_CHAIN_ID: "1",
      PASSPORT_ISSUERS: path.join(folder, "issuers.json"),
      PASSPORT_SESSION_SECRET: "ef".repeat(32),
      PASSPORT_REGISTRY: REGISTRY,
      PASSPORT_OPERATOR_KEY: `0x${"17".repeat(32)}`,
    };
  }

  start(): Promise<RunningPassportService> {
    return startPassportService(parsePassportServiceConfig(this.environment), { logger: silentLogger, ...SOON });
  }

  /** Makes the scorer and some passports. */
  async open(): Promise<void> {
    const running = await this.start();
    const { text } = await running.keys.create("ops", ["operator"], null);
    this.headers = { "x-api-key": text };
    const rules = simpleRules();
    const { id } = await running.service.createScorer({ name: "round", author: "tests", reason: "first", rules });
    await running.service.linkRegistry(id, 1n);
    await this.submitMany(asker(running.url, this.headers), 12);
    expect(this.told.size).to.equal(12);
    await running.close();
  }

  /** Four people at a time submit two stamps each; whoever gets no answer is not noted. */
  async submitMany(ask: Ask, people: number): Promise<void> {
    let left = people;
    const client = async () => {
      while (left-- > 0) {
        const account = accountOf(`person ${this.#person++}`);
        const at = Math.floor(Date.now() / 1000) - 60;
        const providers = ["Google", "Discord"];
        const credentials = await Promise.all(providers.map((name) => stampOf(account, name, account, at)));
        const answer = await ask(`/v1/scorers/1/passports/${account}/stamps`, { credentials }).catch(() => undefined);
        if (answer === undefined) return;
        expect(answer.status).to.equal(200);
        this.told.set(account, (answer.body.score as { score: string }).score);
      }
    };
    await Promise.all(Array.from({ length: 4 }, client));
  }

  /** New rules, which change every score's version. */
  async rescore(ask: Ask): Promise<number | undefined> {
    const threshold = String((this.#threshold = this.#threshold === 1 ? 2 : 1));
    await ask("/v1/scorers/1/versions", { reason: "other rules", rules: simpleRules({ threshold }) });
    const answer = await ask("/v1/scorers/1/rescores", { reason: "other rules" }).catch(() => undefined);
    return answer?.body.id as number | undefined;
  }
}

/** Starts a service as a process that kills itself at a statement. */
async function startChild(desk: Desk, { killAt, passes }: { killAt: string; passes: number }, killWhen: Moment) {
  const file = "test/support/passport/killed-service-process.ts";
  const child = spawn(process.execPath, ["--import", "tsx", file], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...desk.environment, KILL_AT: killAt, KILL_AFTER: String(passes), KILL_WHEN: killWhen },
  });
  const ended = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  const url = await Promise.race([
    once(child, "message").then(([message]) => String(message)),
    ended.then((signal) => Promise.reject(new Error(`the service ended (${signal}) before it listened`))),
  ]);
  return { child, ended, ask: asker(url, desk.headers) };
}

/** What was told is there, the sequence has neither gap nor double, and the log gives every score, line and link. */
async function expectWhole(desk: Desk): Promise<void> {
  const db: Kysely<Database> = await openDatabase(desk.database.location);
  try {
    const log: LogEntry[] = [];
    for await (const entry of readPassportLog(db)) log.push(entry);
    const head = await db.selectFrom("passport_head").selectAll().executeTakeFirstOrThrow();
    const sequences = log.map(({ sequence }) => sequence).sort((a, b) => a - b);
    expect(sequences).to.deep.equal(Array.from({ length: head.seq }, (_, index) => index + 1));
    const replayed = replayPassports(log);
    expect(replayed.scoreEvents).to.deep.equal(log.flatMap((entry) => (entry.kind === "score" ? [entry.event] : [])));
    const stored = await db.selectFrom("scores").select(["account", "score", "version", "passing"]).execute();
    const summary = replayed
      .scores()
      .map(({ account, score, version, passing }) => ({ account, score, version, passing }));
    expect(stored.sort(byAccount)).to.deep.equal(summary.sort(byAccount));
    const links = await db.selectFrom("links").select(["scope", "key", "account"]).execute();
    const expected = replayed.links().map(({ scope, key, account }) => ({ scope, key, account }));
    expect(links.map(text).sort()).to.deep.equal(expected.map(text).sort());
    const scores = new Map(stored.map(({ account, score }) => [account, score]));
    for (const [account, score] of desk.told) {
      expect(Number(scores.get(account.toLowerCase())) / 10_000, account).to.equal(Number(score));
    }
  } finally {
    await db.destroy();
  }
}
const byAccount = (a: { account: string }, b: { account: string }) => (a.account < b.account ? -1 : 1);
const text = (row: object) => JSON.stringify(row);

for (const engine of engines) {
  describe(`a passport service that is killed, on ${engine.name}`, function () {
    this.timeout(120_000);
    // On PGlite a start takes seconds; the moment that matters most is the one inside a transaction.
    const moments: Moment[] = engine.name === "PGlite" ? ["after"] : ["before", "after", "committed"];
    let folder: string;
    let desk: Desk;

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
      const issuers = { format: "touchstone-issuers-v1", issuers: [{ did: ISSUER_DID }] };
      await writeFile(path.join(folder, "issuers.json"), JSON.stringify(issuers));
      desk = new Desk(await engine.create(), folder);
      await desk.open();
    });
    after(async () => {
      await desk?.database.drop();
      await rm(folder, { recursive: true, force: true });
    });

    async function dieAt<T>(step: keyof typeof STEPS, moment: Moment, act: (ask: Ask) => Promise<T>): Promise<T> {
      const dying = await startChild(desk, STEPS[step], moment);
      try {
        const result = await act(dying.ask);
        const late = new Promise<string>((resolve) => setTimeout(resolve, DEADLINE, "alive").unref());
        expect(await Promise.race([dying.ended, late]), "the step was not reached").to.equal("SIGKILL");
        return result;
      } finally {
        dying.child.kill("SIGKILL");
      }
    }

    for (const moment of moments) {
      it(`passport/killed-in-submits: ${moment} the write, nothing that was told is lost and nothing is there by half`, async () => {
        await dieAt("submit", moment, (ask) => desk.submitMany(ask, 40));
        await expectWhole(desk);
        // Whoever got no answer sends the same again.
        const running = await desk.start();
        await desk.submitMany(asker(running.url, desk.headers), 4);
        await running.close();
        await expectWhole(desk);
      });

      it(`passport/killed-in-a-rescore: ${moment} a page is written, the next process ends it`, async () => {
        const known = await dieAt("rescore", moment, (ask) => desk.rescore(ask));
        const running = await desk.start();
        try {
          const ask = asker(running.url, desk.headers);
          const { body } = await ask("/v1/scorers/1");
          await until(async () => ((await running.rescorer.open()) === undefined ? true : undefined));
          if (known !== undefined) {
            // Who was not told may be there all the same.
            expect((await running.rescorer.state(known)).scored).to.be.at.least(desk.told.size);
          }
          for (const account of desk.told.keys()) {
            expect((await ask(`/v1/scorers/1/passports/${account}`)).body.version).to.equal(body.version);
          }
        } finally {
          await running.close();
        }
        await expectWhole(desk);
      });

      // A root is one statement: it is committed when it is answered.
      if (moment === "committed") continue;
      it(`passport/killed-in-an-anchoring: ${moment} a root is written, the next process makes it, once`, async () => {
        const number = await dieAt("anchor", moment, async (ask) => {
          const { body } = await ask("/v1/scorers/1/anchors", { background: true });
          return body.number as number;
        });
        const running = await desk.start();
        try {
          const ask = asker(running.url, desk.headers);
          const anchor = await until(async () => {
            const answer = await ask(`/v1/scorers/1/anchors/${number}`);
            return answer.status === 200 ? answer.body : undefined;
          });
          expect(anchor.number).to.equal(number);
          expect(anchor.count).to.be.at.least(desk.told.size);
          // The tree that was stored beside it is the root's.
          const [account] = desk.told.keys();
          const proof = await ask(`/v1/scorers/1/passports/${account}/proof?number=${number}`);
          expect(proof.status, JSON.stringify(proof.body)).to.equal(200);
          const newest = await ask("/v1/scorers/1/anchors/latest");
          expect(newest.body.number).to.equal(number);
        } finally {
          await running.close();
        }
        await expectWhole(desk);
      });
    }

    if (engine.name === "PostgreSQL") {
      it("passport/sigterm-drains: whoever has asked is answered, then the process ends by itself", async () => {
        const port = await freePort();
        const environment: Record<string, string> = { ...desk.environment, PASSPORT_PORT: String(port) };
        const child = spawn(process.execPath, ["--import", "tsx", "src/bin/passport-service.ts"], {
          stdio: ["ignore", "ignore", "inherit"],
          env: { ...process.env, ...environment },
        });
        const holder = new pg.Client({ connectionString: environment["DATABASE_URL"] });
        try {
          const url = `http://127.0.0.1:${port}`;
          await until(() =>
            fetch(`${url}/ready`)
              .then(({ ok }) => ok || undefined)
              .catch(() => undefined),
          );
          await holder.connect();
          await holder.query("begin");
          await holder.query("select * from passport_head for update");
          const before = desk.told.size;
          const submitting = desk.submitMany(asker(url, desk.headers), 4);
          const waits = "select 1 from pg_locks where not granted";
          await until(async () => ((await holder.query(waits)).rowCount ? true : undefined));
          await new Promise((resolve) => setTimeout(resolve, 500)); // the others have sent theirs, too
          child.kill("SIGTERM");
          await new Promise((resolve) => setTimeout(resolve, 300));
          expect(child.exitCode, "it waits for the requests under way").to.equal(null);
          expect(await fetch(`${url}/health`).catch(() => "refused")).to.equal("refused");
          const begun = performance.now();
          await holder.query("commit");
          await submitting;
          expect(desk.told.size).to.equal(before + 4);
          expect(await exitOf(child)).to.equal(0);
          expect(performance.now() - begun, "kept connections do not hold it up").to.be.below(10_000);
        } finally {
          await holder.end();
          child.kill("SIGKILL");
        }
        await expectWhole(desk);
      });
    }
  });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, "exit");
  return child.exitCode;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
