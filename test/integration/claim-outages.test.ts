import { expect } from "chai";

import { findBrokenLink } from "../../src/database/audit-chain.js";
import type { ClaimEventsTable } from "../../src/database/schema.js";
import { ClaimServiceError } from "../../src/http/claim-client.js";
import { DomainError } from "../../src/shared/errors.js";
import { eventually, type TestService } from "../support/claim-service.js";
import { accountOf, createClaimWorld, type ClaimWorld } from "../support/claim-world.js";
import { administer, engines } from "../support/databases.js";
import { fail } from "../support/problems.js";
import { rawRequest } from "../support/raw-request.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";

const askOf = (service: TestService) => (userId: number) =>
  service.frontend.claim({ userId, account: accountOf(userId % 19) });

async function readiness(service: TestService) {
  const { status, text } = await rawRequest(service.url, { method: "GET", path: "/ready" });
  return { status, ...(JSON.parse(text) as { chain: string; database: string }) };
}

async function auditRows(service: TestService): Promise<ClaimEventsTable[]> {
  const text = await service.operator.audit();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ClaimEventsTable);
}

for (const engine of engines) {
  describe(`a claim service whose node is down, on ${engine.name}`, () => {
    let world: ClaimWorld;
    let proxy: TcpProxy;
    let service: TestService;

    before(async () => {
      world = await createClaimWorld(engine);
      const { hostname, port } = new URL(world.chain.url);
      proxy = await startTcpProxy(hostname, Number(port));
      service = await world.start({ CLAIMS_RPC_URL: `http://127.0.0.1:${proxy.port}`, CLAIMS_STALE_SECONDS: "1" });
    });
    after(async () => {
      await world?.close();
      await proxy?.close();
    });

    it("signs nothing, says so, keeps what users report, and recovers by itself", async () => {
      const ask = askOf(service);
      await ask(1);
      proxy.cut();
      await fail(ask(2), "claims/chain-unavailable");
      await eventually(async () => (await readiness(service)).status === 503);
      expect(await readiness(service)).to.include({ chain: "unavailable", database: "ok" });
      expect((await rawRequest(service.url, { method: "GET", path: "/health" })).status).to.equal(200);
      const hash = `0x${"11".repeat(32)}`;
      expect((await service.frontend.report(1, hash)).status).to.equal("broadcast");
      expect((await service.frontend.state(1)).transaction).to.equal(hash);
      await eventually(async () => service.alerts.some(({ pattern }) => pattern === "chain-unavailable"));
      proxy.mend();
      await eventually(async () => (await readiness(service)).status === 200);
      expect((await ask(2)).kind).to.equal("signed");
      expect((await auditRows(service)).filter(({ user_id }) => user_id === 2).map(({ type }) => type)).to.deep.equal([
        "bound",
        "issued",
      ]);
    });
  });
}

for (const engine of engines.slice(-1)) {
  describe("a claim service whose node answers and is stuck", () => {
    let world: ClaimWorld;
    before(async () => {
      world = await createClaimWorld(engine);
    });
    after(() => world?.close());

    it("claims/stuck-node-signs-nothing: says so, alerts once, and goes on with the next block", async () => {
      let ahead = 0;
      const clock = { now: () => Date.now() + ahead };
      await world.chain.mine();
      const service = await world.start({ CLAIMS_MAX_HEAD_AGE: "300" }, { clock });
      const ask = askOf(service);
      await ask(1);
      ahead = 3600_000;
      const told = await fail(ask(2), "claims/chain-unavailable");
      expect(told).to.include({ status: 503 });
      expect(told.detail).to.match(/newest block is \d+ seconds old/);
      expect(await readiness(service)).to.include({ status: 503, chain: "unavailable", database: "ok" });
      await service.follower.step();
      await service.follower.step();
      expect(service.alerts.filter(({ pattern }) => pattern === "chain-stalled")).to.have.length(1);
      await world.chain.increaseTime(3600);
      await service.follower.step();
      expect((await ask(2)).kind).to.equal("signed");
      expect(await readiness(service)).to.include({ status: 200 });
      // Chains that make blocks on demand have old ones.
      ahead = 7200_000;
      const patient = await world.start({ CLAIMS_MAX_HEAD_AGE: "0" }, { clock });
      expect(await readiness(patient)).to.include({ status: 200 });
    });
  });
}

describe("two claim services on one database", () => {
  for (const engine of engines.filter(({ name }) => name === "PostgreSQL")) {
    it("never give conflicting claims, count limits together, and obey one switch", async function () {
      this.timeout(120_000);
      const world = await createClaimWorld(engine);
      try {
        const limits = {
          CLAIMS_LIMIT_GLOBAL: "100000/60",
          CLAIMS_LIMIT_ADDRESS: "100000/60",
          CLAIMS_LIMIT_USER: "5/3600",
        };
        const services = [await world.start(limits), await world.start(limits)] as const;
        for (let userId = 1; userId <= 30; userId += 1) {
          // Four requests at once, two and two on each process, for two different accounts.
          const attempts = [0, 1, 0, 1].map((choice, index) =>
            (services[index < 2 ? 0 : 1] as TestService).frontend.claim({ userId, account: accountOf(choice + 1) }),
          );
          const outcomes = await Promise.allSettled(attempts);
          const given = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
          const refused = outcomes.flatMap((outcome) =>
            outcome.status === "rejected" ? [outcome.reason as unknown] : [],
          );
          expect(given, String(refused[0])).to.have.length(2);
          expect(new Set(given.map(({ signature }) => signature)).size).to.equal(1);
          expect(
            refused.every((error) => error instanceof ClaimServiceError && error.code === "claims/conflict"),
          ).to.equal(true);
        }
        const rows = await auditRows(services[0]);
        expect(findBrokenLink(rows)).to.equal(undefined);
        expect(rows.filter(({ type }) => type === "issued")).to.have.length(30);

        await services[0].frontend.state(31).catch(() => undefined);
        await services[0].operator.suspend("Olga", "drill");
        await fail(askOf(services[1])(32), "claims/suspended");
        await services[1].operator.resume("Olga", "over");
        for (const turn of [0, 1, 0, 1]) await askOf(services[turn] as TestService)(33);
        await askOf(services[0])(33);
        await fail(askOf(services[1])(33), "http/rate-limited");
        const body = JSON.stringify({ userId: 34, account: accountOf(3) });
        const headers = services[0].frontend.headers("POST", "/v1/claims", "", body);
        const both = await Promise.all(services.map(({ url }) => rawRequest(url, { headers, body })));
        expect(both.map(({ status }) => status).sort(), "one request, sent to both").to.deep.equal([201, 401]);
      } finally {
        await world.close();
      }
    });

    it("survive that the database is restarted", async function () {
      this.timeout(120_000);
      const world = await createClaimWorld(engine);
      const { hostname, port, pathname, username, password } = new URL(world.environment["DATABASE_URL"] as string);
      const proxy = await startTcpProxy(hostname, Number(port || "5432"));
      try {
        const login = password === "" ? username : `${username}:${password}`;
        const url = `postgres://${login}@127.0.0.1:${proxy.port}${pathname}`;
        const service = await world.start({ DATABASE_URL: url });
        const ask = askOf(service);
        const first = await ask(1);
        proxy.cut();
        await fail(ask(2), "claims/database-unavailable");
        expect(await readiness(service)).to.include({ status: 503, database: "unavailable" });
        proxy.mend();
        expect(await eventually(async () => ask(1).catch(() => undefined))).to.deep.equal(first);
        expect(await readiness(service)).to.include({ status: 200 });

        // Connections die in the middle of a burst: each request is answered, and no claim is given twice.
        const burst = Promise.allSettled(Array.from({ length: 20 }, (_, index) => ask(3 + index)));
        const killed = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        await administer(killed, [pathname.slice(1)]);
        const outcomes = await burst;
        for (const outcome of outcomes) {
          if (outcome.status === "fulfilled") continue;
          expect(outcome.reason).to.be.instanceOf(ClaimServiceError);
          expect((outcome.reason as ClaimServiceError).code).to.equal("claims/database-unavailable");
        }
        for (let userId = 3; userId < 23; userId += 1) {
          const given = await eventually(async () => ask(userId).catch(() => undefined));
          const before = outcomes[userId - 3];
          if (before?.status === "fulfilled") expect(given).to.deep.equal(before.value);
        }
        const rows = await auditRows(service);
        expect(findBrokenLink(rows)).to.equal(undefined);
        expect(rows.filter(({ type }) => type === "issued")).to.have.length(22 - 1);
      } finally {
        await world.close();
        await proxy.close();
      }
    });
  }

  for (const engine of engines.filter(({ name }) => name === "PGlite")) {
    it("are refused where the database is a folder, which only one process can own", async () => {
      const world = await createClaimWorld(engine);
      try {
        await world.start();
        const outcome = await world.start().catch((error: unknown) => error);
        expect(outcome).to.be.instanceOf(DomainError);
        expect((outcome as DomainError).code).to.equal("database/folder-in-use");
      } finally {
        await world.close();
      }
    });
  }
});
