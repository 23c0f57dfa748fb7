import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import type { Alert } from "../../../src/claims/ports.js";
import { webhookAlerts } from "../../../src/http/alerts.js";
import { FailureWatch } from "../../../src/http/failure-watch.js";
import { silentLogger, type Logger } from "../../../src/shared/logger.js";
import { Secret } from "../../../src/shared/secret.js";

const alert: Alert = { pattern: "conflict", severity: "warning", message: "two claims", details: { userId: 7 } };

describe("webhookAlerts", () => {
  it("posts an alert, then counts its repetitions for a minute, and logs a webhook that fails", async () => {
    const posted: Record<string, unknown>[] = [];
    const errors: string[] = [];
    const logger: Logger = { info: () => {}, warn: () => {}, error: (_fields, message) => void errors.push(message) };
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        posted.push(JSON.parse(text) as Record<string, unknown>);
        response.writeHead(posted.length === 1 ? 204 : 500).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    let now = 1_700_000_000_000;
    const alerts = webhookAlerts(new Secret(`http://127.0.0.1:${port}/hook`), logger, { now: () => now });
    const until = async (condition: () => boolean) => {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    alerts.raise(alert);
    alerts.raise(alert);
    alerts.raise(alert);
    now += 60_000;
    await until(() => posted.length === 1);
    alerts.raise(alert);
    await until(() => errors.length === 1);
    expect(posted.map(({ pattern, repeated }) => [pattern, repeated])).to.deep.equal([
      ["conflict", 0],
      ["conflict", 2],
    ]);
    // No minute has passed, but the last one did not arrive.
    alerts.raise(alert);
    await until(() => errors.length === 2);
    expect(posted[2]?.repeated).to.equal(3);
    await new Promise((resolve) => server.close(resolve));
    alerts.raise(alert);
    await until(() => errors.length === 3);
  });

  it("sends something critical although a warning of its kind was just sent", async () => {
    const posted: unknown[] = [];
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        posted.push((JSON.parse(text) as Alert).severity);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const clock = { now: () => 1_700_000_000_000 };
    const alerts = webhookAlerts(new Secret(`http://127.0.0.1:${port}/hook`), silentLogger, clock);
    const until = async (count: number) => {
      while (posted.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    alerts.raise({ ...alert, pattern: "limit-crossed" });
    await until(1);
    alerts.raise({ ...alert, pattern: "limit-crossed", severity: "critical" });
    await until(2);
    expect(posted).to.deep.equal(["warning", "critical"]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("FailureWatch", () => {
  it("raises one alert per window, when the threshold is reached", () => {
    const raised: Alert[] = [];
    let now = 1_000_000;
    const watch = new FailureWatch({ raise: (one) => raised.push(one) }, { now: () => now }, 3, 1000);
    const fail = (times: number) => {
      for (let time = 0; time < times; time += 1) watch.count("signature", "192.0.2.1");
    };
    fail(2);
    expect(raised).to.have.length(0);
    fail(5);
    expect(raised).to.have.length(1);
    now += 1000;
    fail(3);
    expect(raised).to.have.length(2);
  });
});
