import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { startPassportService, type RunningPassportService } from "../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import type { PassportErrorCode } from "../../src/passport/errors.js";
import { proveHere } from "../../src/passport/prover.js";
import { DomainError } from "../../src/shared/errors.js";
import { silentLogger } from "../../src/shared/logger.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { createPassportWorld, keyOf, scorerOf, simpleRules, stampOf } from "../support/passport/service.js";
import { accountOf, ISSUER_DID } from "../support/passport/stamps.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";

const LIMIT = 30;
/** What one process gives of a limit while it cannot count with the others. */
const SHARE = LIMIT / 10;

for (const engine of engines.filter(({ name }) => name === "PostgreSQL")) {
  describe("a passport service whose database is down", function () {
    this.timeout(60_000);
    let folder: string;
    let database: TestDatabase;
    let proxy: TcpProxy;
    let running: RunningPassportService;

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
      const issuers = path.join(folder, "issuers.json");
      await writeFile(issuers, JSON.stringify({ format: "touchstone-issuers-v1", issuers: [{ did: ISSUER_DID }] }));
      database = await engine.create();
      const url = new URL(database.environment["DATABASE_URL"] as string);
      proxy = await startTcpProxy(url.hostname, Number(url.port || "5432"));
      [url.hostname, url.port] = ["127.0.0.1", String(proxy.port)];
      const config = parsePassportServiceConfig({
        DATABASE_URL: url.href,
        PASSPORT_PORT: "0",
        PASSPORT_CHAIN_ID: "1",
        PASSPORT_ISSUERS: issuers,
        PASSPORT_SESSION_SECRET: "ef".repeat(32),
        PASSPORT_LIMIT_ADDRESS: `${LIMIT}/3600`,
        PASSPORT_LIMIT_KEY: `${LIMIT}/3600`,
      });
      running = await startPassportService(config, { logger: silentLogger });
    });
    after(async () => {
      proxy?.mend();
      await running?.close();
      await proxy?.close();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    });

    const ask = async (route: string, headers: Record<string, string> = {}, body?: object) => {
      const method = route === "/v1/nonces" || body !== undefined ? "POST" : "GET";
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${running.url}${route}`, { method, headers, ...sent });
      const { code } = (await response.json()) as { code?: string };
      return { status: response.status, code, mode: response.headers.get("x-ratelimit-mode") };
    };

    it("passport/outage-closes: everybody gets a 503 problem, nobody comes through unlimited, and it recovers", async () => {
      const rules = simpleRules();
      await running.service.createScorer({ name: "round", author: "tests", reason: "first", rules });
      const { text } = await running.keys.create("app", ["scores", "submit"], null);
      const key = { "x-api-key": text };
      const alice = accountOf("alice");
      const stamps = { credentials: [await stampOf(alice, "Google", alice, Math.floor(Date.now() / 1000) - 60)] };
      const submit = `/v1/scorers/1/passports/${alice}/stamps`;
      expect(await ask("/v1/nonces")).to.include({ status: 201, mode: null });

      proxy.cut();
      const unavailable = { status: 503, code: "scoring/database-unavailable" };
      // Whether a key is one cannot be known, so none lets anybody in.
      expect(await ask("/v1/scorers", key)).to.include(unavailable);
      expect(await ask(submit, key, stamps)).to.include(unavailable);
      const strangers = [];
      for (let request = 0; request < SHARE + 4; request += 1) strangers.push(await ask("/v1/nonces"));
      expect(strangers.slice(0, SHARE)).to.deep.equal(Array(SHARE).fill({ ...unavailable, mode: "local" }));
      expect(strangers.slice(SHARE)).to.deep.equal(
        Array(4).fill({ status: 429, code: "http/rate-limited", mode: "local" }),
      );
      expect(await ask("/health")).to.include({ status: 200 });
      expect(await ask("/ready")).to.include({ status: 503 });

      proxy.mend();
      for (const end = Date.now() + 20_000; (await ask("/ready")).status !== 200;) {
        if (Date.now() > end) throw new Error("it does not recover");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(await ask("/v1/nonces")).to.include({ status: 201, mode: null });
      expect(await ask(submit, key, stamps)).to.include({ status: 200, mode: null });
    });
  });
}

for (const engine of engines.slice(-1)) {
  describe("a passport service whose threads fail", () => {
    it("passport/proofs-unavailable-stores-nothing: answers 503, and takes the same stamps later", async () => {
      let broken = true;
      const failure = new DomainError<PassportErrorCode>("passport/proofs-unavailable", "a thread failed");
      const world = await createPassportWorld(engine, {
        prove: (claims) => (broken ? Promise.reject(failure) : proveHere(claims)),
      });
      try {
        await scorerOf(world);
        const { headers } = await keyOf(world, "submit");
        const alice = accountOf("alice");
        const payload = { credentials: [await stampOf(alice)] };
        const submit = () =>
          world.app.inject({ method: "POST", url: `/v1/scorers/1/passports/${alice}/stamps`, headers, payload });
        const refused = await submit();
        expect(refused.json()).to.include({ status: 503, code: "passport/proofs-unavailable" });
        expect(await world.db.selectFrom("stamp_events").selectAll().execute()).to.deep.equal([]);
        broken = false;
        expect((await submit()).json()).to.have.nested.property("results[0].status", "counted");
      } finally {
        await world.close();
      }
    });
  });
}
