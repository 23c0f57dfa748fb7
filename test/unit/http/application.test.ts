import { expect } from "chai";

import { createApplication, type ApplicationPorts } from "../../../src/http/application/create-application.js";
import { createRequestMetrics } from "../../../src/http/application/request-metrics.js";
import { requirePeers } from "../../../src/http/application/require-peers.js";
import { errorsRoute, healthRoute, metricsRoute, readyRoute } from "../../../src/http/application/self-routes.js";
import { parseRange } from "../../../src/http/peers.js";

describe("the application of all services", () => {
  const lines: { level: string; message: string; code?: string }[] = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push({ level, message, ...fields });
  const logger = { info: write("info"), warn: write("warn"), error: write("error") };
  beforeEach(() => lines.splice(0));

  function application(settings = {}, ports: Partial<ApplicationPorts> = {}) {
    const metrics = createRequestMetrics("test");
    const app = createApplication(settings, { logger, metrics, ...ports });
    app.post("/echo", (request) => ({ body: request.body }));
    app.get("/broken", () => {
      throw new Error("what only the log may say");
    });
    return { app, metrics };
  }
  const json = { "content-type": "application/json" };

  it("answers failures as problems, and keeps what is the service's to the log", async () => {
    const { app } = application({ bodyLimit: 100 });
    const broken = await app.inject("/broken");
    expect([broken.statusCode, broken.json<{ code: string }>().code]).to.deep.equal([500, "http/internal"]);
    expect(broken.headers["content-type"]).to.match(/^application\/problem\+json/);
    expect(broken.body).not.to.contain("only the log");
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: "error", code: "http/internal", message: "what only the log may say" });
    for (const payload of ['{"a":1.0}', `"${"x".repeat(100)}"`]) {
      const refused = await app.inject({ method: "POST", url: "/echo", payload, headers: json });
      expect([refused.statusCode, refused.json<{ code: string }>().code]).to.deep.equal([400, "http/invalid-request"]);
      expect(lines.at(-1)).to.include({ level: "info", code: "http/invalid-request" });
    }
    expect((await app.inject("/nothing")).json()).to.include({ status: 404, code: "http/not-found" });
  });

  it("takes bodies as told: none, strict JSON, or bytes", async () => {
    const post = async ({ app }: ReturnType<typeof application>, payload: string) =>
      (await app.inject({ method: "POST", url: "/echo", payload, headers: json })).json<object>();
    expect(await post(application(), '{"a":1}')).to.include({ code: "http/invalid-request" });
    expect(await post(application({ bodyLimit: 100 }), '{"a":1}')).to.deep.equal({ body: { a: 1 } });
    const bytes = await post(application({ bodyLimit: 100, bodies: "bytes" }), "no JSON");
    expect(bytes).to.deep.equal({ body: { type: "Buffer", data: [...Buffer.from("no JSON")] } });
  });

  it("lets a service judge an error by its request, and log an answer otherwise", async () => {
    const judge = () => Object.assign(new Error("unreadable"), { statusCode: 400 });
    const { app } = application({}, { judge, levelOf: () => "none" });
    expect((await app.inject("/broken")).json()).to.include({ code: "http/invalid-request" });
    expect(lines).to.deep.equal([]);
  });

  it("tells machines what they ask: alive, ready, counted, and that to allowed addresses alone", async () => {
    let answers = true;
    const { app, metrics } = application();
    const ask = async () => {
      if (!answers) throw new Error("nobody there");
    };
    app.addHook("onRequest", requirePeers([parseRange("127.0.0.1")!]));
    await app.register(healthRoute);
    await app.register(readyRoute("all answer", { database: async () => {}, chain: ask }));
    await app.register(metricsRoute(metrics.registry));
    await app.register(errorsRoute);
    expect((await app.inject("/health")).body).to.equal('{"status":"ok"}');
    expect((await app.inject("/ready")).body).to.equal('{"ready":true,"database":"ok","chain":"ok"}');
    answers = false;
    const away = await app.inject("/ready");
    expect([away.statusCode, away.body]).to.deep.equal([503, '{"ready":false,"database":"ok","chain":"unavailable"}']);
    const shown = (await app.inject("/metrics")).body;
    expect(shown).to.contain('touchstone_test_answers_total{route="/health",code="ok"} 1');
    expect(shown).to.match(/touchstone_test_request_seconds_count\{route="\/ready"\} 2/);
    const stranger = await app.inject({ url: "/metrics", remoteAddress: "10.0.0.1" });
    expect([stranger.statusCode, stranger.json<{ code: string }>().code]).to.deep.equal([
      403,
      "access/missing-permission",
    ]);
    expect((await app.inject("/errors")).json()).to.have.property("http/internal");
  });
});
