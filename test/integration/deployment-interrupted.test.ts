import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";

import { expect } from "chai";

import { type ChildNode, FIRST_ACCOUNT, runTask, startNode, startTask, taskJson } from "../support/child-node.js";
import { exampleList, localParameters } from "../support/deployment-plan.js";
import { writeList } from "../support/one-leaf-list.js";

const id = `chain-31337-test-interrupted-${process.pid}`;
const folder = `deploy/deployments/${id}`;

async function until(condition: () => Promise<boolean>, work: () => Promise<unknown> = async () => {}) {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await condition()) return;
    await work();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never happened");
}

const journal = async () =>
  existsSync(`${folder}/journal.jsonl`) ? await readFile(`${folder}/journal.jsonl`, "utf8") : "";

describe("an interrupted deployment", function () {
  this.timeout(180_000);
  let node: ChildNode;
  let list: Awaited<ReturnType<typeof writeList>>;

  before(async () => {
    node = await startNode("anvil");
    list = await writeList(exampleList);
  });

  after(async () => {
    await node.stop();
    await list.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const command = () => ["protocol", "deploy", "--list", list.directory, "--deployment-id", id];
  const confirmed = () => node.provider.getTransactionCount(FIRST_ACCOUNT, "latest");
  const sent = () => node.provider.getTransactionCount(FIRST_ACCOUNT, "pending");

  it("is killed with the launch sent but not mined", async () => {
    await node.provider.send("evm_setAutomine", [false]);
    const { child, result } = startTask(node, ...command());
    await until(
      async () => (await confirmed()) === 2,
      () => node.provider.send("evm_mine", []),
    );
    // The five confirmations that Ignition waits for come at once; no block follows, so the launch stays unmined.
    await node.provider.send("anvil_mine", ["0x5"]);
    await until(async () => /"futureId":"Launch#TokenLaunch".*TRANSACTION_SEND/.test(await journal()));
    child.kill("SIGKILL");
    await result;
    expect(await confirmed()).to.equal(2);
    expect(await sent()).to.equal(3);
  });

  it("cannot be resumed with other parameters, nor by another account", async () => {
    const other = `${list.directory}/parameters.json`;
    await writeFile(other, localParameters().replace('"votingDelay": 60', '"votingDelay": 61'));
    const changed = await runTask(node, ...command(), "--parameters", other);
    expect(changed.code).to.equal(1);
    expect(changed.stderr).to.contain("deployment/differs").and.to.contain("governor.votingDelay");
    const stranger = await runTask(node, ...command(), "--from", "0x90F79bf6EB2c4f870365E785982E1f101E93b906");
    expect(stranger.code).to.equal(1);
    expect(stranger.stderr).to.contain("deployment/differs");
    expect(await sent()).to.equal(3);
  });

  it("is finished by the same command, with nothing done twice", async () => {
    await node.provider.send("evm_setAutomine", [true]);
    await node.provider.send("evm_mine", []);
    await taskJson(node, ...command());
    expect(await confirmed()).to.equal(7);
    const inspection = await taskJson(node, "protocol", "inspect", "--list", list.directory, "--deployment-id", id);
    expect(inspection).to.include({ passed: true, deployer: FIRST_ACCOUNT });
  });
});
