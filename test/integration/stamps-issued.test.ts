import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { startPassportService, type RunningPassportService } from "../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { silentLogger } from "../../src/shared/logger.js";
import { type ChildNode, FIRST_ACCOUNT, runTask, startNode, taskJson } from "../support/child-node.js";

const cost = { label: "low", cents: 100, needs: [] };
const TOKEN = "gho_thisIsNobodysBusiness";

/** GitHub's device flow and its calendar, as far as a stamp needs them: the code is typed before the second poll. */
function localGithub(): Server {
  let polls = 0;
  const answers: Record<string, () => object> = {
    "/login/device/code": () => ({
      ...{ device_code: "device", user_code: "ABCD-1234", verification_uri: "http://127.0.0.1/device" },
      ...{ expires_in: 60, interval: 0 },
    }),
    "/login/oauth/access_token": () => (++polls < 2 ? { error: "authorization_pending" } : { access_token: TOKEN }),
    "/api/graphql": () => {
      const weeks = [{ contributionDays: Array.from({ length: 40 }, () => ({ contributionCount: 1 })) }];
      const contributionsCollection = { contributionCalendar: { weeks } };
      return { data: { viewer: { databaseId: 42, contributionsCollection } } };
    },
  };
  return createServer((request, response) => {
    const allowed = request.url !== "/api/graphql" || request.headers.authorization === `Bearer ${TOKEN}`;
    response.writeHead(allowed ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(answers[request.url ?? ""]?.() ?? {}));
  });
}

describe("a community's issuer, from its document to scores", function () {
  this.timeout(120_000);
  const settings = new Map<string, string | undefined>();
  const set = (name: string, value: string) => {
    if (!settings.has(name)) settings.set(name, process.env[name]);
    process.env[name] = value;
  };
  const signing = new Wallet(`0x${randomBytes(32).toString("hex")}`);
  const human = Wallet.createRandom().address.toLowerCase();
  const flagged = Wallet.createRandom().address.toLowerCase();
  let folder: string;
  let node: ChildNode;
  let github: Server;
  let service: RunningPassportService;
  const file = (name: string) => path.join(folder, name);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    node = await startNode("hardhat");
    github = localGithub();
    await new Promise<void>((resolve) => github.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
    const did = `did:ethr:${signing.address.toLowerCase()}`;
    const nullifiers = [{ version: 1, from: "2020-01-01T00:00:00.000Z", variable: "TEST_NULLIFIER_KEY" }];
    const providers = [
      { kind: "native-balance", name: "Balance#1", minimum: "1", cost },
      { kind: "transactions", name: "Transactions#9", minimum: 9, cost },
      { kind: "github", name: "Github#30", clientId: "client", days: 30, baseUrl, apiUrl: `${baseUrl}/api`, cost },
      { kind: "sybil-analysis", round: "spring", verdicts: "verdicts.csv", cost },
    ];
    const issuer = { format: "touchstone-issuer-v1", key: { variable: "TEST_ISSUER_KEY" }, nullifierKeys: nullifiers };
    await writeFile(file("issuer.json"), JSON.stringify({ ...issuer, providers }));
    await writeFile(
      file("verdicts.csv"),
      `donor,probability,flagged\n${human},0.1,0\n${flagged},0.1,1\nsomebody,0.1,0\n`,
    );
    await writeFile(file("issuers.json"), JSON.stringify({ format: "touchstone-issuers-v1", issuers: [{ did }] }));
    set("TEST_ISSUER_KEY", signing.privateKey);
    set("TEST_NULLIFIER_KEY", `0x${randomBytes(32).toString("hex")}`);
    set("PASSPORT_DATA", file("database"));
    const making = ["passport", "key", "create", "--name", "ops", "--scopes", "operator"] as const;
    set("PASSPORT_API_KEY", (await taskJson<{ key: string }>(node, ...making)).key);
    const config = parsePassportServiceConfig({
      ...{ PASSPORT_DATA: file("database"), PASSPORT_PORT: "0", PASSPORT_CHAIN_ID: "31337" },
      ...{ PASSPORT_ISSUERS: file("issuers.json"), PASSPORT_SESSION_SECRET: "ef".repeat(32) },
    });
    service = await startPassportService(config, { logger: silentLogger });
    const weights = { "Github#30": "5", "Balance#1": "1", "SybilAnalysis#spring": "2.5" };
    const rules = { format: "touchstone-scorer-rules-v1", threshold: "2", weights };
    await service.service.createScorer({ name: "round", author: "tests", reason: "first", rules });
  });

  after(async () => {
    for (const [name, value] of settings) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await service.close();
    await node.stop();
    await new Promise((resolve) => github.close(resolve));
    await rm(folder, { recursive: true });
  });

  it("issues what the chain and GitHub grant, says why not else, and a scorer counts it", async () => {
    const out = file("mine.json");
    const { code, stdout, stderr } = await runTask(
      ...([node, "passport", "collect", file("issuer.json"), FIRST_ACCOUNT, "--out", out, "--json"] as const),
    );
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include("ABCD-1234").and.not.include(TOKEN);
    const { stamps } = JSON.parse(stdout) as { stamps: { provider: string; status: string; reason?: string }[] };
    expect(stamps.map(({ provider, status }) => [provider, status])).to.deep.equal([
      ["Balance#1", "issued"],
      ["Transactions#9", "not_eligible"],
      ["Github#30", "issued"],
      ["SybilAnalysis#spring", "not_eligible"],
    ]);
    expect(stamps[1]?.reason).to.equal("0 is less than 9");
    expect(await readFile(out, "utf8")).to.not.include(TOKEN);
    const submitted = ["passport", "stamp", "1", FIRST_ACCOUNT, out, "--service", service.url] as const;
    await taskJson(node, ...submitted);
    const score = await service.service.score(1, FIRST_ACCOUNT.toLowerCase());
    expect(score).to.include({ status: "DONE", score: 60_000, passing: true });
  });

  it("sybil/stamp-for-people-only: the analysis's stamp goes to whom it found to be people, and counts", async () => {
    const out = file("stamps");
    const issuing = ["sybil", "stamps", file("issuer.json"), "--round", "spring", "--out", out] as const;
    expect(await taskJson(node, ...issuing)).to.include({ issued: 1, refused: 1, noAccounts: 1 });
    expect(await readdir(out)).to.deep.equal([`${human}.json`]);
    const submitted = ["passport", "stamp", "1", human, path.join(out, `${human}.json`)] as const;
    await taskJson(node, ...submitted, "--service", service.url);
    expect(await service.service.score(1, human)).to.include({ status: "DONE", score: 25_000, passing: true });
    expect(existsSync(path.join(out, `${flagged}.json`))).to.equal(false);
    const wrong = await runTask(node, "sybil", "stamps", file("issuer.json"), "--round", "autumn", "--out", file("no"));
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr).to.include("of the round autumn");
    await writeFile(file("pseudonyms.csv"), "donor,probability,flagged\ndonor-1,0.1,0\n");
    const document = await readFile(file("issuer.json"), "utf8");
    await writeFile(file("other.json"), document.replace("verdicts.csv", "pseudonyms.csv"));
    const nobody = await runTask(node, "sybil", "stamps", file("other.json"), "--round", "spring", "--out", file("no"));
    expect(nobody.code).to.equal(1);
    expect(nobody.stderr).to.include("1 are no addresses; nothing is written");
    expect(existsSync(file("no"))).to.equal(false);
  });
});
