import { connect } from "node:net";

import { expect } from "chai";
import fc from "fast-check";

import { PROBLEMS } from "../../src/http/problems.js";
import type { TestService } from "../support/claim-service.js";
import { accountOf, createClaimWorld, type ClaimWorld } from "../support/claim-world.js";
import { engines } from "../support/databases.js";
import { rawRequest, type RawAnswer } from "../support/raw-request.js";

const [engine] = engines;

/** Every answer that is no success is a problem whose code, status and title stand in the table. */
function expectProblem({ status, type, text }: RawAnswer, what: string): void {
  if (status < 400) return;
  expect(type, what).to.match(/^application\/problem\+json/);
  const body = JSON.parse(text) as { code: keyof typeof PROBLEMS; status: number; title: string; type: string };
  expect(PROBLEMS, `${what}: ${text}`).to.have.property(body.code);
  expect(body, what).to.include({ status, title: PROBLEMS[body.code].title });
  expect(PROBLEMS[body.code].status, what).to.equal(status);
  expect(status, `${what}: ${text}`).to.be.lessThan(500);
}

describe("the claim service's failures", () => {
  let world: ClaimWorld;
  let service: TestService;

  before(async () => {
    world = await createClaimWorld(engine as (typeof engines)[number]);
    service = await world.start({
      CLAIMS_LIMIT_USER: "100000/60",
      CLAIMS_LIMIT_ADDRESS: "100000/60",
      CLAIMS_LIMIT_GLOBAL: "100000/60",
    });
  });
  after(async () => {
    await world?.close();
  });

  it("esms/error-shape-fuzz: have one shape, whatever is sent", async function () {
    this.timeout(120_000);
    const token = fc.stringMatching(/^[!-~]{0,40}$/);
    const header = fc.stringMatching(/^[ -~]{0,60}$/);
    const path = fc.oneof(
      fc.constantFrom(
        "/v1/claims",
        "/v1/claims/1",
        "/v1/claims/1/transactions",
        "/v1/operator/suspend",
        "/",
        "/v2",
        "/v1",
      ),
      fc.constantFrom(
        "/v1/claims/%",
        "/v1/claims/%00",
        "/v1/claims/..%2f",
        "/v1/claims/-1",
        "/v1/operator/audit?after=x",
      ),
      token.map((text) => `/v1/claims/${text.replace(/[#?%\\]/g, "")}`),
    );
    const known = fc.record({
      userId: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null), fc.constant(1)),
      account: fc.oneof(fc.string(), fc.constant(accountOf(1)), fc.integer()),
      delegatee: fc.oneof(fc.string(), fc.constant(accountOf(2)), fc.constant(undefined)),
      extra: fc.anything({ maxDepth: 2 }),
    });
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      known.map((value) => JSON.stringify(value) ?? ""),
    );
    const request = fc.record({
      method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"),
      path,
      body,
      type: fc.oneof(fc.constantFrom("application/json", "text/plain", "", "multipart/form-data"), header),
      signed: fc.boolean(),
      role: fc.constantFrom("frontend" as const, "operator" as const),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, body, type, signed, role }) => {
        const sent = method === "GET" ? "" : body;
        const headers = signed ? service[role].headers(method, path, "192.0.2.1", sent) : {};
        const answer = await rawRequest(service.url, {
          method,
          path,
          body: sent,
          headers: { ...headers, ...(sent === "" ? {} : { "content-type": type.trim() }) },
        });
        expectProblem(answer, `${method} ${path} ${type} ${body}`);
      }),
      { numRuns: process.env["CI"] === "true" ? 1500 : 300 },
    );
  });

  it("have that shape for broken connections, too", async () => {
    const { hostname, port } = new URL(service.url);
    for (const text of [
      "nonsense\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      `GET /health HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(20_000)}\r\n\r\n`,
    ]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => socket.write(text));
        let received = "";
        socket.on("data", (chunk) => (received += chunk.toString()));
        socket.on("close", () => resolve(received));
        socket.on("error", reject);
      });
      const [head = "", content = ""] = answer.split("\r\n\r\n");
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
      expectProblem({ status, type: /content-type: (.*)/i.exec(head)?.[1] ?? "", text: content }, text.slice(0, 20));
      expect(status).to.equal(400);
    }
  });

  it("are told from success on the public routes", async () => {
    const get = (path: string) => rawRequest(service.url, { method: "GET", path });
    expect((await get("/health")).text).to.equal('{"status":"ok"}');
    expect(JSON.parse((await get("/ready")).text)).to.deep.equal({
      ready: true,
      chain: "ok",
      database: "ok",
      suspended: false,
    });
    expect((await get("/metrics")).text).to.include("touchstone_claims_authentication_failures_total");
    const openapi = JSON.parse((await get("/docs/json")).text) as { paths: object };
    expect(Object.keys(openapi.paths)).to.include.members([
      "/v1/claims",
      "/v1/claims/{userId}",
      "/v1/operator/suspend",
    ]);
    expect(JSON.parse((await get("/errors")).text)).to.have.property("claims/pending");
  });
});
