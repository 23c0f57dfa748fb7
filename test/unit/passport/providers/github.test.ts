import { expect } from "chai";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { githubContributions } from "../../../../src/passport/providers/github/contributions.js";
import {
  beginDeviceFlow,
  beginWebFlow,
  finishWebFlow,
  pollDeviceFlow,
  type GithubApp,
} from "../../../../src/passport/providers/github/oauth.js";
import type { HttpClient } from "../../../../src/passport/providers/ports.js";
import { collectStamps, ProviderRegistry } from "../../../../src/passport/providers/registry.js";
import { ALICE, bytesOf, noBans, NOW, testIssuer } from "../../../support/passport/stamps.js";

const http: HttpClient = {
  async request({ method, url, headers, body }) {
    const response = await fetch(url, { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) });
    return { status: response.status, body: await response.text() };
  },
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** A GitHub of our own: says what it is told to, and remembers what it was asked. */
class LocalGithub {
  readonly asked: { path: string; body: URLSearchParams; authorization: string | undefined }[] = [];
  answers: Record<string, { status?: number; body: unknown }> = {};
  readonly #server: Server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = request.url ?? "";
      this.asked.push({ path, body: new URLSearchParams(body), authorization: request.headers.authorization });
      const answer = this.answers[path] ?? { status: 404, body: {} };
      response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    });
  });

  async start(): Promise<GithubApp> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return { baseUrl, apiUrl: `${baseUrl}/api`, clientId: "client", clientSecret: "keep" };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing thrown",
    (error: unknown) => (error as { code: string }).code,
  );
}

describe("GitHub", () => {
  let github: LocalGithub;
  let app: GithubApp;
  beforeEach(async () => {
    github = new LocalGithub();
    app = await github.start();
  });
  afterEach(() => github.stop());

  const viewer = (days: number) => ({
    data: {
      viewer: {
        databaseId: 4242,
        contributionsCollection: {
          contributionCalendar: {
            weeks: [
              { contributionDays: Array.from({ length: days }, () => ({ contributionCount: 2 })) },
              { contributionDays: [{ contributionCount: 0 }] },
            ],
          },
        },
      },
    },
  });

  it("gives a device code and polls until the holder has agreed", async () => {
    github.answers["/login/device/code"] = {
      body: {
        device_code: "dev",
        user_code: "ABCD-1234",
        verification_uri: "https://x/device",
        expires_in: 600,
        interval: 7,
      },
    };
    const device = await beginDeviceFlow(http, app);
    expect(device).to.deep.include({ userCode: "ABCD-1234", expiresIn: 600, interval: 7 });
    const poll = (body: object) => {
      github.answers["/login/oauth/access_token"] = { body };
      return pollDeviceFlow(http, app, device);
    };
    expect(await poll({ error: "authorization_pending" })).to.deep.equal({ status: "pending", interval: 7 });
    expect(await poll({ error: "slow_down", interval: 12 })).to.deep.equal({ status: "pending", interval: 12 });
    expect(await poll({ error: "slow_down" })).to.deep.equal({ status: "pending", interval: 12 });
    expect(await poll({ error: "access_denied" })).to.deep.equal({ status: "denied" });
    expect(await poll({ error: "expired_token" })).to.deep.equal({ status: "expired" });
    expect(await poll({ access_token: "gho_1" })).to.deep.equal({ status: "granted", token: "gho_1" });
    expect(await codeOf(poll({ error: "device_flow_disabled" }))).to.equal("passport/github-refused");
    expect(github.asked.at(-1)?.body.get("device_code")).to.equal("dev");
  });

  it("binds the web flow to its session by state and PKCE", async () => {
    let calls = 0;
    const flow = beginWebFlow(app, "https://passport.example/back", (size) =>
      bytesOf(`random ${calls++}`).subarray(0, size),
    );
    const query = new URL(flow.url).searchParams;
    expect(query.get("state")).to.equal(flow.state);
    expect(query.get("code_challenge_method")).to.equal("S256");
    expect(query.get("code_challenge")).to.not.equal(flow.verifier);
    expect(query.get("scope")).to.equal("");
    expect(flow.url).to.not.include("keep");
    github.answers["/login/oauth/access_token"] = { body: { access_token: "gho_2" } };
    expect(await finishWebFlow(http, app, flow, { code: "c", state: flow.state })).to.equal("gho_2");
    expect(github.asked.at(-1)?.body.get("code_verifier")).to.equal(flow.verifier);
    const asked = github.asked.length;
    expect(await codeOf(finishWebFlow(http, app, flow, { code: "c", state: "other" }))).to.equal(
      "passport/github-refused",
    );
    expect(github.asked.length).to.equal(asked);
    github.answers["/login/oauth/access_token"] = { body: { error: "bad_verification_code" } };
    expect(await codeOf(finishWebFlow(http, app, flow, { code: "c", state: flow.state }))).to.equal(
      "passport/github-refused",
    );
  });

  it("stamp/github-account-stays-in-memory: days are counted, and neither number nor token leaves", async () => {
    github.answers["/api/graphql"] = { body: viewer(30) };
    const cost = { label: "medium", cents: 0, needs: ["public-activity", "time"] } as const;
    const tiers = [30, 31].map((days) =>
      githubContributions(http, app, { name: `githubContributionActivityGte#${days}`, days, cost }),
    );
    const request = { account: ALICE, now: NOW, proofs: { token: "gho_3" } };
    const names = tiers.map(({ name }) => name);
    const results = await collectStamps(new ProviderRegistry(tiers), names, request, testIssuer(), noBans);
    expect(results.map(({ status }) => status)).to.deep.equal(["issued", "not_eligible"]);
    expect(github.asked[0]?.authorization).to.equal("Bearer gho_3");
    expect(JSON.stringify(results)).to.not.match(/4242|gho_3/);
    const bare = await tiers[0]?.check({ ...request, proofs: {} });
    expect(bare?.status).to.equal("not_eligible");
  });

  it("tells a refused token from a GitHub that is down, and repeats no body", async () => {
    const cost = { label: "medium", cents: 0, needs: [] } as const;
    const provider = githubContributions(http, app, { name: "g", days: 1, cost });
    const check = (status: number, body: unknown) => {
      github.answers["/api/graphql"] = { status, body };
      return provider.check({ account: ALICE, now: NOW, proofs: { token: "t" } });
    };
    expect(await codeOf(check(401, {}))).to.equal("passport/github-refused");
    for (const body of ["<html>secret</html>", {}, { data: { viewer: null } }, { data: null, errors: ["secret"] }]) {
      expect(await codeOf(check(200, body))).to.equal("passport/github-unavailable");
    }
    const failure = await check(502, "<html>secret</html>").catch((error: unknown) => error);
    expect(String(failure)).to.not.include("secret");
  });
});
