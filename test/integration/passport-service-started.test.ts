import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { startPassportService, type RunningPassportService } from "../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { DatabasePassportStore } from "../../src/database/database-passport-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { openWorkQueue } from "../../src/database/work-queue.js";
import { REVOCATIONS_FORMAT, signRevocations } from "../../src/passport/revocations.js";
import { silentLogger } from "../../src/shared/logger.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { REGISTRY, simpleRules, stampOf } from "../support/passport/service.js";
import { accountOf, ISSUER_DID, issuerSigner, NOW } from "../support/passport/stamps.js";

const DEADLINE = 30_000;

/** Asks until an answer is there. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + DEADLINE; Date.now() < end;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("no answer in time");
}

for (const engine of engines) {
  describe(`the passport service as a process starts it, on ${engine.name}`, () => {
    let folder: string;
    let database: TestDatabase;
    let running: RunningPassportService | undefined;
    let operator: Record<string, string>;

    const start = async () => {
      const { CLAIMS_DATA, ...environment } = database.environment;
      const config = parsePassportServiceConfig({
        ...environment,
        ...(CLAIMS_DATA === undefined ? {} : { PASSPORT_DATA: CLAIMS_DATA }),
        PASSPORT_PORT: "0",
        PASSPORT_CHAIN_ID: "1",
        PASSPORT_ISSUERS: path.join(folder, "issuers.json"),
        PASSPORT_REVOCATIONS: path.join(folder, "revocations.json"),
        PASSPORT_REVOCATIONS_RELOAD: "1",
        PASSPORT_SESSION_SECRET: "ef".repeat(32),
        PASSPORT_REGISTRY: REGISTRY,
        PASSPORT_OPERATOR_KEY: `0x${"17".repeat(32)}`,
      });
      running = await startPassportService(config, { logger: silentLogger, clock: { now: () => NOW * 1000 } });
      return running;
    };
    const ask = async (route: string, body?: object, method = body === undefined ? "GET" : "POST") => {
      const response = await fetch(`${running?.url}${route}`, {
        method,
        headers: operator,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return (await response.json()) as Record<string, unknown>;
    };

    /** The issuer's list, as its site has it. */
    const publish = async (sequence: number, ...digests: string[]) => {
      const entries = digests.map((value) => ({ kind: "credential" as const, value, revokedAt: NOW, reason: "sold" }));
      const list = { format: REVOCATIONS_FORMAT, issuer: ISSUER_DID, sequence, issuedAt: NOW, entries } as const;
      await writeFile(path.join(folder, "revocations.json"), JSON.stringify(await signRevocations(list, issuerSigner)));
    };

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
      const issuers = { format: "touchstone-issuers-v1", issuers: [{ did: ISSUER_DID }] };
      await writeFile(path.join(folder, "issuers.json"), JSON.stringify(issuers));
      await publish(1);
      database = await engine.create();
    });
    after(async () => {
      await running?.close();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    });

    it("passport/queue-does-the-work: rescores and roots are made in the background, also after a restart", async () => {
      await start();
      operator = {
        "x-api-key": (await (running as RunningPassportService).keys.create("ops", ["operator"], null)).text,
      };
      await ask("/v1/scorers", { name: "round", reason: "first", rules: simpleRules() });
      await ask("/v1/scorers/1/registry", { registryId: "1" }, "PUT");
      const alice = accountOf("alice");
      const { results } = await ask(`/v1/scorers/1/passports/${alice}/stamps`, { credentials: [await stampOf(alice)] });
      expect(results).to.have.nested.property("[0].status", "counted");
      await ask("/v1/scorers/1/versions", { reason: "harder", rules: simpleRules({ threshold: "2" }) });
      await ask("/v1/scorers/1/rescores", { reason: "harder" });
      const versionOf = async () => {
        const { version } = await ask(`/v1/scorers/1/passports/${alice}`);
        return version === 2 ? true : undefined;
      };
      await until(versionOf);

      // The piece is added, and the process is gone before anybody can do it.
      await running?.close();
      running = undefined;
      const db = await openDatabase(database.location);
      const queue = await openWorkQueue(database.location, db, silentLogger);
      await queue.add("passport-anchors", { scorerId: 1, number: 1 });
      await queue.close();
      // And a rescore was noted that nobody could queue any more.
      const authorship = { author: "key:ops", reason: "interrupted" };
      const noted = await new DatabasePassportStore(db).beginRescore({ scorerId: 1, ...authorship, at: NOW });
      await db.destroy();
      await start();
      const anchor = await until(async () => {
        const found = await ask("/v1/scorers/1/anchors/1");
        return found["root"] === undefined ? undefined : found;
      });
      expect(anchor).to.deep.include({ number: 1, count: 1, version: 2 });
      await until(async () => {
        const { phase } = await (running as RunningPassportService).rescorer.state(noted as number);
        return phase === "done" ? true : undefined;
      });
    });

    it("passport/revocations-on-a-timer: a list that has changed is read by itself, and one that is wrong ends only a start", async () => {
      const { service } = running as RunningPassportService;
      const bob = accountOf("bob");
      const { id } = await service.createScorer({
        name: "two",
        author: "tests",
        reason: "first",
        rules: simpleRules(),
      });
      const { results } = await service.submit(id, bob.toLowerCase(), [await stampOf(bob)]);
      await publish(2, results[0]?.digest ?? "");
      await until(async () => ((await service.score(id, bob.toLowerCase()))?.passing === false ? true : undefined));
      await writeFile(path.join(folder, "revocations.json"), "torn");
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      expect((await ask("/health"))["status"]).to.equal("ok");
      await running?.close();
      running = undefined;
      const code = await start().then(
        () => "started",
        (error: { code: string }) => error.code,
      );
      expect(code).to.equal("passport/revocations-malformed");
    });
  });
}
