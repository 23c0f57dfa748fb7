import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";

import { expect } from "chai";

import { type ChildNode, FIRST_ACCOUNT, runTask, startNode, taskJson } from "../support/child-node.js";
import { exampleList } from "../support/deployment-plan.js";
import { writeList } from "../support/one-leaf-list.js";

/** The local parameters' guardian, and somebody without any power. */
const GUARDIAN = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const NOBODY = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";

const id = ["--deployment-id", `chain-31337-test-operator-${process.pid}`] as const;
const folder = `deploy/deployments/${id[1]}`;

describe("operator's tasks, as a deployer runs them", function () {
  this.timeout(180_000);
  let node: ChildNode;
  let list: Awaited<ReturnType<typeof writeList>>;

  before(async () => {
    node = await startNode("hardhat");
    list = await writeList(exampleList);
  });

  after(async () => {
    await node.stop();
    await list.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const nonce = (account: string) => node.provider.getTransactionCount(account);

  it("say that nothing is deployed yet", async () => {
    const { code, stderr } = await runTask(node, "distribution", "status", ...id);
    expect(code).to.equal(1);
    expect(stderr).to.contain("deployment/not-deployed");
  });

  it("plan a deployment without sending or keeping anything in a dry run", async () => {
    const { code, stdout } = await runTask(node, "protocol", "deploy", "--list", list.directory, "--dry-run", ...id);
    expect(code).to.equal(0);
    expect(stdout)
      .to.contain(FIRST_ACCOUNT)
      .and.to.contain("50000000 TOUCH for 1000 people")
      .and.to.contain("localhost");
    expect(await nonce(FIRST_ACCOUNT)).to.equal(0);
    expect(existsSync(folder)).to.equal(false);
  });

  it("refuse a deployment without a list, or with a signer who deploys", async () => {
    expect((await runTask(node, "protocol", "deploy", ...id)).stderr).to.contain("tasks/missing-option");
    const own = ["--from", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"];
    const { stderr } = await runTask(node, "protocol", "deploy", "--list", list.directory, ...own, ...id);
    expect(stderr).to.contain("deployment/deployer-keeps-power");
    expect(await nonce(FIRST_ACCOUNT)).to.equal(0);
  });

  it("pause as the guardian, first in a dry run, and only once", async () => {
    await taskJson(node, "protocol", "deploy", "--list", list.directory, ...id);
    const pause = ["distribution", "pause", "--duration", "3600", "--from", GUARDIAN, ...id];
    expect(await taskJson(node, ...pause, "--dry-run")).to.include({ sent: false, account: GUARDIAN });
    expect(await nonce(GUARDIAN)).to.equal(0);
    expect(await taskJson(node, ...pause)).to.include({ sent: true, account: GUARDIAN, network: "localhost" });
    expect(await taskJson(node, ...pause)).to.include({ sent: false, reason: "signed claims are paused already" });
    expect(await taskJson(node, "distribution", "status", ...id)).to.include({ guardianSpent: true });
  });

  it("write down the proposal for what only the Timelock may do", async () => {
    for (const task of [
      ["distribution", "rotate-signer", NOBODY],
      ["distribution", "pause", "--resume"],
      ["token", "mint", NOBODY, "2.5"],
    ]) {
      const result = await taskJson<{ sent: boolean; proposal: { actions: unknown[] } }>(node, ...task, ...id);
      expect(result.sent).to.equal(false);
      expect(result.proposal.actions).to.have.length(1);
    }
  });

  it("name the contract's error when it refuses", async () => {
    const { code, stderr } = await runTask(node, "token", "mint", NOBODY, "2.5", "--propose", ...id);
    expect(code).to.equal(1);
    expect(stderr).to.contain("GovernorInsufficientProposerVotes").and.to.contain("chain/refused");
    expect((await runTask(node, "distribution", "sweep", ...id)).stderr).to.contain("campaign/not-ended");
  });

  it("sweep after the window, and find nothing to do the second time", async () => {
    await node.provider.send("evm_increaseTime", [31 * 86400]);
    await node.provider.send("evm_mine", []);
    expect(await taskJson(node, "distribution", "sweep", ...id)).to.include({ sent: true });
    expect(await taskJson(node, "distribution", "sweep", ...id)).to.include({ sent: false });
    const { token } = await taskJson<{ token: object }>(node, "token", "info", "--account", NOBODY, ...id);
    expect(token).to.include({ symbol: "TOUCH" });
  });

  it("inspect with a non-zero exit code when a check fails, and say which", async () => {
    const { code, stdout } = await runTask(node, "protocol", "inspect", "--deployer", GUARDIAN, ...id);
    expect(code).to.equal(1);
    expect(stdout).to.contain("FAIL  deployer/guardian").and.to.contain("NOT sound");
  });

  it("list what an explorer would be asked to verify", async () => {
    const { requests } = await taskJson<{ requests: unknown[] }>(node, "protocol", "verify", "--dry-run", ...id);
    expect(requests).to.have.length(6);
  });
});
