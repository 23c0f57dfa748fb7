import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { NonceManager, Wallet } from "ethers";

import { ClaimClient } from "../../src/http/claim-client.js";
import { CLAIM_TYPES, claimDomain } from "../../src/claims/typed-data.js";
import { buildAllocations } from "../../src/merkle/build-allocations.js";
import { parseBuildRequest } from "../../src/merkle/build-request.js";
import { openAllocations } from "../../src/merkle/open-allocations.js";
import { deployCampaign, type Campaign } from "../support/campaign.js";
import { type ChildNode, runTask, startNode, startTask, taskJson } from "../support/child-node.js";
import { serviceEnvironment } from "../support/claim-service.js";
import { signerAccount } from "../support/claim-world.js";
import { developmentWallet } from "../support/development-wallet.js";
import { frontendSecret, SIGNER_KEY } from "../support/secrets.js";

const GOLDEN = "test/vectors/gtc-first-claim.json";

describe("claim tasks, as an operator runs them", function () {
  this.timeout(180_000);
  let node: ChildNode;
  let folder: string;
  let campaign: Campaign;
  let offline: string[];
  const settings = new Map<string, string | undefined>();
  const set = (name: string, value: string) => {
    if (!settings.has(name)) settings.set(name, process.env[name]);
    process.env[name] = value;
  };
  const [alice, bob, sponsor] = [3, 4, 5].map((index) => developmentWallet(index).address) as [string, string, string];
  const list = () => path.join(folder, "list");
  const file = (name: string) => path.join(folder, name);

  before(async () => {
    node = await startNode("hardhat");
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    await writeFile(file("list.csv"), `user_id,amount,address\n1,1000,\n2,2000,${bob}\n3,3000,\n4,4000,\n`);
    const none = { funding: "", columns: "", exclude: "", dump: false, shards: "", shardBy: "user" };
    const how = { unit: "wei", ids: "column", format: "standard-v1" };
    await buildAllocations(parseBuildRequest({ list: file("list.csv"), out: list(), ...how, ...none }));
    const deployer = new NonceManager(developmentWallet(0, node.provider));
    campaign = await deployCampaign(deployer, await openAllocations(list()), { signer: signerAccount });
    offline = ["--list", list(), "--chain-id", "31337", "--distributor", campaign.address, "--lifetime", "86400"];
    set("CLAIMS_SIGNER_KEY", SIGNER_KEY);
  });

  after(async () => {
    for (const [name, value] of settings) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("verify the original distribution's first claim, and refuse it when anything differs", async () => {
    const { code, stdout } = await runTask(node, "claim", "verify", GOLDEN);
    const golden = JSON.parse(await readFile(GOLDEN, "utf8")) as {
      digest: string;
      signer: string;
      claim: { leaf: string };
    };
    expect(code).to.equal(0);
    for (const text of [golden.claim.leaf, golden.digest, golden.signer]) expect(stdout).to.include(text);
    await writeFile(file("tampered.json"), (await readFile(GOLDEN, "utf8")).replace("49909", "49908"));
    const tampered = await runTask(node, "claim", "verify", file("tampered.json"), "--json");
    expect(tampered.code).to.equal(1);
    expect(tampered.stderr).to.include("claims/signature-mismatch");
  });

  it("sign a claim, verify it, send it, and find it claimed", async () => {
    const out = ["--out", file("signed.json"), "--delegatee", bob, ...offline];
    await taskJson(node, "claim", "sign", "1", alice, ...out);
    expect(await taskJson(node, "claim", "verify", file("signed.json"))).to.include({ kind: "signed", amount: "1000" });
    expect(await taskJson(node, "claim", "send", file("signed.json"), "--dry-run")).to.include({ sent: false });
    const status = ["claim", "status", "1", "--distributor", campaign.address];
    expect(await taskJson(node, ...status)).to.include({ claimed: false });
    expect(await taskJson(node, "claim", "send", file("signed.json"))).to.include({ sent: true, account: alice });
    expect(await taskJson(node, ...status)).to.include({ claimed: true });
    expect(await campaign.token.getVotes(bob)).to.equal(1000n);
    const again = await runTask(node, "claim", "send", file("signed.json"));
    expect(again.code).to.equal(1);
    expect(again.stderr).to.include("DistributorAlreadyClaimed");
  });

  it("need no key for a bound user, and send a sponsored claim as its sponsor", async () => {
    await taskJson(node, "claim", "sign", "2", bob, "--out", file("bound.json"), ...offline);
    expect(await taskJson(node, "claim", "send", file("bound.json"))).to.include({ sent: true, account: bob });

    const deadline = String(((await node.provider.getBlock("latest"))?.timestamp ?? 0) + 86_400);
    const { domain, types, value } = sponsoredStruct(deadline);
    const accountSignature = await developmentWallet(3).signTypedData(domain, types, value);
    const consent = ["--submitter", sponsor, "--account-signature", accountSignature, "--deadline", deadline];
    await taskJson(node, "claim", "sign", "3", alice, "--out", file("sponsored.json"), ...offline, ...consent);
    expect(await taskJson(node, "claim", "verify", file("sponsored.json"))).to.include({ accountSignature: "valid" });
    expect(await taskJson(node, "claim", "send", file("sponsored.json"))).to.include({ sent: true, account: sponsor });
    expect(await campaign.token.balanceOf(alice)).to.equal(4000n);
  });

  it("sign with an encrypted keystore, and refuse users who are not listed", async () => {
    await writeFile(file("key.json"), await new Wallet(SIGNER_KEY).encrypt("correct horse"));
    set("CLAIMS_SIGNER_PASSWORD", "correct horse");
    const { code, stdout } = await runTask(
      node,
      "claim",
      "sign",
      "4",
      alice,
      "--keystore",
      file("key.json"),
      ...offline,
    );
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ signer: signerAccount });
    expect((await runTask(node, "claim", "sign", "9", alice, ...offline)).stderr).to.include("claims/user-not-listed");
    delete process.env["CLAIMS_SIGNER_PASSWORD"];
  });

  it("serve claims until they are told to stop, and say in one sentence why they cannot", async () => {
    const refused = await runTask(node, "serve", "claims", "--list", list(), "--distributor", campaign.address);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.include("CLAIMS_SECRET is not set").and.not.include("    at ");

    const {
      CLAIMS_RPC_URL: _url,
      CLAIMS_CHAIN_ID: _id,
      CLAIMS_DISTRIBUTOR: _address,
      ...others
    } = serviceEnvironment(node.url, campaign, { CLAIMS_DATA: file("database") });
    for (const [name, value] of Object.entries(others)) set(name, value);
    const serving = ["serve", "claims", "--list", list(), "--distributor", campaign.address, "--json"];
    const { child, result } = startTask(node, ...serving);
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout?.on("data", (chunk: string) => {
        text += chunk;
        if (text.trimEnd().endsWith("}")) resolve((JSON.parse(text) as { url: string }).url);
      });
      void result.then(({ stderr }) => reject(new Error(stderr)));
    });
    const given = await new ClaimClient({ url, secret: frontendSecret }).claim({ userId: 4, account: alice });
    expect(given.claim.amount).to.equal("4000");
    const state = await taskJson(node, "claim", "status", "4", "--service", url);
    expect(state).to.include({ status: "issued", amount: "4000" });
    child.kill("SIGINT");
    expect((await result).code).to.equal(0);
  });

  function sponsoredStruct(deadline: string) {
    const value = { userId: 3, account: alice, amount: 3000n, submitter: sponsor, deadline: BigInt(deadline) };
    const delegatee = `0x${"00".repeat(20)}`;
    return { domain: { ...claimDomain(31337n, campaign.address) }, types: CLAIM_TYPES, value: { ...value, delegatee } };
  }
});
