import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { getAddress, sha256 } from "ethers";

import { startPassportService, type RunningPassportService } from "../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { PassportClient, type NewKey } from "../../src/http/passport/passport-client.js";
import { silentLogger } from "../../src/shared/logger.js";
import { Secret } from "../../src/shared/secret.js";
import { runTask, startNode, startTask, taskJson } from "../support/child-node.js";
import { REGISTRY, simpleRules, siweMessage, stampOf, walletOf } from "../support/passport/service.js";
import { ALICE as BOB, ISSUER_DID, NOW } from "../support/passport/stamps.js";

/** These tasks ask a service and no chain. */
const NO_NODE = { url: "http://127.0.0.1:1" };
const alice = walletOf("alice");

describe("scorer and passport tasks, as an operator and a holder run them", function () {
  this.timeout(120_000);
  let folder: string;
  let first: RunningPassportService;
  let second: RunningPassportService;
  let key: NewKey;
  let client: PassportClient;
  const settings = new Map<string, string | undefined>();
  const set = (name: string, value: string | undefined) => {
    if (!settings.has(name)) settings.set(name, process.env[name]);
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  const file = (name: string) => path.join(folder, name);
  const write = (name: string, value: unknown) => writeFile(file(name), JSON.stringify(value));

  const start = (data: string) => {
    const config = parsePassportServiceConfig({
      PASSPORT_DATA: file(data),
      PASSPORT_PORT: "0",
      PASSPORT_CHAIN_ID: "1",
      PASSPORT_ISSUERS: file("issuers.json"),
      PASSPORT_SESSION_SECRET: "ef".repeat(32),
    });
    return startPassportService(config, { logger: silentLogger, clock: { now: () => NOW * 1000 } });
  };
  const at = ({ url }: { url: string }) => ["--service", url] as const;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    await write("issuers.json", { format: "touchstone-issuers-v1", issuers: [{ did: ISSUER_DID }] });
    set("DATABASE_URL", undefined);
    set("PASSPORT_SESSION", undefined);
    set("PASSPORT_DATA", file("first"));
    const making = ["passport", "key", "create", "--name", "ops", "--scopes", "operator"] as const;
    key = await taskJson<NewKey & Record<string, unknown>>(NO_NODE, ...making);
    [first, second] = await Promise.all([start("first"), start("second")]);
    set("PASSPORT_API_KEY", key.key);
    client = new PassportClient({ url: first.url, access: { apiKey: new Secret(key.key) } });
  });

  after(async () => {
    for (const [name, value] of settings) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await first?.close();
    await second?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("create a scorer, change it with a reason, rescore it, and list it", async () => {
    await write("rules.json", simpleRules());
    await write("harder.json", simpleRules({ threshold: "2" }));
    const naming = ["--name", "round", "--reason", "first"];
    const made = await taskJson(NO_NODE, "scorer", "create", file("rules.json"), ...naming, ...at(first));
    expect(made).to.include({ id: 1, version: 1, name: "round", owner: `key:${key.id}` });
    const changing = ["scorer", "version", "1", file("harder.json"), "--reason", "harder"];
    expect(await taskJson(NO_NODE, ...changing, ...at(first))).to.include({ id: 1, version: 2 });
    const rescore = await taskJson(NO_NODE, "scorer", "rescore", "1", "--reason", "harder", "--wait", ...at(first));
    expect(rescore).to.include({ scorerId: 1, phase: "done", scored: 0 });
    const { scorers } = await taskJson<{ scorers: object[] }>(NO_NODE, "scorer", "list", ...at(first));
    expect(scorers).to.have.lengthOf(1);
    expect(scorers[0]).to.include({ id: 1, version: 2 });
  });

  it("say the problem's code, and in one sentence what is missing", async () => {
    await write("nonsense.json", { format: "touchstone-scorer-rules-v1" });
    const naming = ["--name", "round", "--reason", "first", ...at(first)];
    const nonsense = await runTask(NO_NODE, "scorer", "create", file("nonsense.json"), ...naming);
    expect(nonsense.code).to.equal(1);
    expect(nonsense.stderr).to.include("(scoring/rules-malformed)").and.not.include("    at ");
    const unknown = await runTask(NO_NODE, "passport", "score", "99", BOB, ...at(first));
    expect(unknown.stderr).to.include("(scoring/unknown-scorer)");
    const nobody = await runTask(NO_NODE, "scorer", "list", ...at(NO_NODE));
    expect(nobody.stderr).to.include("(passport/service-unreachable)").and.not.include(key.key);
    set("PASSPORT_API_KEY", undefined);
    const keyless = await runTask(NO_NODE, "scorer", "list", ...at(first));
    set("PASSPORT_API_KEY", key.key);
    expect(keyless.stderr).to.include("(tasks/missing-variable)").and.include("PASSPORT_API_KEY");
  });

  it("load a history of weights as versions, say whose verdict rules would turn, and link a scorer", async () => {
    const table = (n: number, date: string, weights: Record<string, unknown>, threshold: unknown) => {
      const sum = Object.values(weights).reduce((total: number, weight) => total + Number(weight), 0);
      return { commit: `c${n}`, date, subject: `table ${n}`, threshold, n: Object.keys(weights).length, sum, weights };
    };
    await write("history.json", [
      table(1, "2022-12-08", { Google: 0.2 }, null),
      table(2, "2023-07-11", { Google: "1", Discord: 0.123456 }, "1"),
    ]);
    const making = ["scorer", "create", "--history", file("history.json"), "--name", "history", ...at(first)];
    const made = await taskJson<{ id: number; version: number; notices: string[] }>(NO_NODE, ...making);
    expect(made.version).to.equal(2);
    expect(made.notices.join()).to.include("no threshold").and.to.include("were rounded");
    const [, second] = await first.service.versions(made.id);
    expect(second).to.include({ reason: "2023-07-11 c2: table 2" });
    expect(second?.rules).to.include('"Discord":"0.1235"');

    const scorer = String(made.id);
    await client.submit(made.id, BOB, [await stampOf(BOB)]);
    await write("stricter.json", simpleRules({ threshold: "2" }));
    const out = ["--out", file("flips.ndjson"), ...at(first)];
    const seen = await taskJson(NO_NODE, "scorer", "preview", scorer, file("stricter.json"), ...out);
    expect(seen).to.include({ accounts: 1, lost: 1, gained: 0, passingBefore: 1, passingAfter: 0, otherScope: false });
    expect(JSON.parse(await readFile(file("flips.ndjson"), "utf8"))).to.deep.equal({
      address: BOB.toLowerCase(),
      before: { sum: "1.00000", passing: true },
      after: { sum: "1.00000", passing: false },
    });
    expect((await client.score(made.id, BOB)).passing).to.equal(true);
    expect(await taskJson(NO_NODE, "scorer", "link", scorer, "7", ...at(first))).to.include({ registryId: "7" });
  });

  it("invent a round, tune its scorer, and take the proposed version with the reason that it carries", async () => {
    const round = file("round");
    const making = ["--donors", "500", "--farms", "names:40,copy:40", "--labels", "250", "--seed", "3"];
    const invented = await taskJson(NO_NODE, "sybil", "generate", round, ...making);
    expect(invented).to.include({ donors: 500, seed: 3 });
    const [out, curve, details] = [file("tuned.json"), file("curve.csv"), file("details.json")];
    const outputs = ["--out", out, "--curve", curve, "--details", details];
    const tuned = await taskJson<{ reason: string; report: string }>(NO_NODE, "sybil", "tune", round, ...outputs);
    expect(sha256(await readFile(details))).to.equal(tuned.report);
    // A report's hash as result.sha256 has it, or its file.
    for (const report of [tuned.report.slice(2), details]) {
      const named = ["--report", report, "--out", file("named.json")];
      expect(await taskJson(NO_NODE, "sybil", "tune", round, ...named)).to.include({ report: tuned.report });
    }
    expect((await readFile(curve, "utf8")).split("\n")[0]).to.match(/^threshold,people,/);
    const { id } = await client.createScorer({ name: "tuned", rules: simpleRules(), reason: "first" });
    expect(await taskJson(NO_NODE, "scorer", "version", String(id), out, ...at(first))).to.include({ id, version: 2 });
    const second = (await first.service.versions(id)).find(({ version }) => version === 2);
    expect(second?.reason).to.equal(tuned.reason).and.to.include(tuned.report);
    const proposed = JSON.parse(await readFile(out, "utf8")) as { rules: { weights: object } };
    expect(JSON.parse(second?.rules ?? "")).to.have.deep.property("weights", proposed.rules.weights);
    const again = await runTask(NO_NODE, "sybil", "generate", round);
    expect(again.stderr).to.include("(sybil/output-exists)").and.not.include("    at ");
  });

  it("ban, list and lift, and revoke a credential, with a reason each", async () => {
    const { id } = await client.createScorer({ name: "bans", reason: "first", rules: simpleRules() });
    const { results } = await client.submit(id, BOB, [await stampOf(BOB)]);
    const because = ["--reason", "sold", ...at(first)];
    const ban = await taskJson<{ id: number; rescored: number }>(
      NO_NODE,
      "passport",
      "ban",
      "account",
      BOB,
      ...because,
    );
    expect(ban.rescored).to.be.greaterThan(0);
    expect((await client.score(id, BOB)).passing).to.equal(false);
    const { stdout } = await runTask(NO_NODE, "passport", "bans", "--account", BOB, ...at(first));
    expect(stdout).to.include(`${ban.id}: account ${BOB.toLowerCase()}, for good, by key:${key.id}: sold`);
    await taskJson(NO_NODE, "passport", "unban", String(ban.id), "--reason", "a mistake", ...at(first));
    expect((await client.score(id, BOB)).passing).to.equal(true);
    const revoked = await taskJson(NO_NODE, "passport", "revoke", results[0]?.digest ?? "", ...because);
    expect(revoked).to.have.property("rescored").that.is.greaterThan(0);
    expect((await client.score(id, BOB)).passing).to.equal(false);
  });

  it("stamp a passport, show and explain its score, and move it to another service as its holder", async () => {
    const { id } = await client.createScorer({ name: "people", reason: "first", rules: simpleRules() });
    const scorer = String(id);
    const good = await stampOf(alice.address);
    const edited = { ...(await stampOf(alice.address, "Discord")), expirationDate: "2099-01-01T00:00:00.000Z" };
    await write("stamps.json", [good, edited]);

    const stamping = ["passport", "stamp", scorer, alice.address, file("stamps.json"), ...at(first)];
    const { results } = await taskJson<{ results: { status: string }[] }>(NO_NODE, ...stamping);
    expect(results.map(({ status }) => status)).to.deep.equal(["counted", "bad_proof"]);
    const score = await taskJson(NO_NODE, "passport", "score", scorer, alice.address, ...at(first));
    expect(score).to.include({ passing: true, sum: "1.00000" });
    const { stdout } = await runTask(NO_NODE, "passport", "explain", scorer, alice.address, ...at(first));
    expect(stdout)
      .to.include("passes")
      .and.match(/Google +counted/)
      .and.include("declined, bad_proof");

    const exporting = ["passport", "export", alice.address, "--out", file("alice.json"), ...at(first)];
    set("PASSPORT_API_KEY", undefined);
    set("PASSPORT_SESSION", await signIn());
    expect(await taskJson(NO_NODE, ...exporting)).to.include({ credentials: 1 });
    set("PASSPORT_SESSION", undefined);
    const exported = JSON.parse(await readFile(file("alice.json"), "utf8")) as { credentials: unknown[] };
    expect(exported.credentials).to.deep.equal([good]);

    const there = await second.keys.create("ops", ["operator"], null);
    set("PASSPORT_API_KEY", there.text);
    await second.service.createScorer({ name: "there", author: "tests", reason: "first", rules: simpleRules() });
    const stolen = await runTask(NO_NODE, "passport", "import", "1", BOB, file("alice.json"), ...at(second));
    expect(stolen.stderr).to.include("(passport/other-account)");
    const importing = ["passport", "import", "1", alice.address, file("alice.json"), ...at(second)];
    expect(await taskJson(NO_NODE, ...importing)).to.have.nested.property("score.passing", true);
    set("PASSPORT_API_KEY", key.key);
  });

  it("serve passports on the network's chain until they are told to stop", async () => {
    const node = await startNode("anvil");
    try {
      set("PASSPORT_DATA", file("served"));
      set("PASSPORT_PORT", "0");
      set("PASSPORT_SESSION_SECRET", "ef".repeat(32));
      set("PASSPORT_OPERATOR_KEY", `0x${"17".repeat(32)}`);
      const serving = ["serve", "passport", "--issuers", file("issuers.json"), "--registry", REGISTRY.toLowerCase()];
      const { child, result } = startTask(node, ...serving, "--json");
      const served = await new Promise<Record<string, string>>((resolve, reject) => {
        let text = "";
        child.stdout?.on("data", (chunk: string) => {
          text += chunk;
          if (text.trimEnd().endsWith("}")) resolve(JSON.parse(text) as Record<string, string>);
        });
        void result.then(({ stderr }) => reject(new Error(stderr)));
      });
      expect(served).to.include({ chainId: "31337", registry: getAddress(REGISTRY) });
      expect((await fetch(`${served["url"]}/ready`)).status).to.equal(200);
      const there = { url: served["url"] ?? "" };
      const { session, account } = await taskJson<Record<string, string>>(node, "passport", "sign-in", ...at(there));
      set("PASSPORT_API_KEY", undefined);
      set("PASSPORT_SESSION", session);
      const consenting = await runTask(node, "passport", "consent", account ?? "", "0".repeat(12), ...at(there));
      // Signed in, and there is no such key.
      expect(consenting.stderr).to.include("(scoring/invalid-request)");
      child.kill("SIGINT");
      expect((await result).code).to.equal(0);
    } finally {
      await node.stop();
    }
  });

  /** The token of a session of Alice's, as a site gets it. */
  async function signIn(): Promise<string> {
    const post = async (route: string, body: object) => {
      const answer = await fetch(first.url + route, { method: "POST", body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, string>;
    };
    const { nonce = "" } = await post("/v1/nonces", {});
    const message = siweMessage(alice.address, nonce, { domain: "localhost" });
    const { token = "" } = await post("/v1/sessions", { message, signature: await alice.signMessage(message) });
    return token;
  }
});
