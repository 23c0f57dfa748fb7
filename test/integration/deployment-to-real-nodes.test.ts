import { rm } from "node:fs/promises";

import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { GovernanceToken__factory, TokenDistributor__factory } from "../../typechain-types/index.js";
import { type ChildNode, FIRST_ACCOUNT, type NodeKind, runTask, startNode, taskJson } from "../support/child-node.js";
import { TOKEN } from "../support/deployment-plan.js";
import { oneLeafList, writeList } from "../support/one-leaf-list.js";

/** The fifth account of both nodes: it is on the list and votes. */
const STEWARD = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65";
const GRANTEE = "0x000000000000000000000000000000000000dEaD";

interface Deployed {
  addresses: Record<"timelock" | "vester" | "token" | "distributor" | "governor", string>;
}

async function passTime(node: ChildNode, seconds: number): Promise<void> {
  await node.provider.send("evm_increaseTime", [seconds]);
  await node.provider.send("evm_mine", []);
}

for (const kind of ["hardhat", "anvil"] satisfies NodeKind[]) {
  describe(`deployment to a ${kind} node of its own`, function () {
    this.timeout(240_000);
    const id = ["--deployment-id", `chain-31337-test-${kind}-${process.pid}`] as const;
    let node: ChildNode;
    let list: Awaited<ReturnType<typeof writeList>>;
    let deployed: Deployed;

    before(async () => {
      node = await startNode(kind);
      list = await writeList(oneLeafList(STEWARD));
    });

    after(async () => {
      await node.stop();
      await list.remove();
      await rm(`deploy/deployments/${id[1]}`, { recursive: true, force: true });
      await rm(`deploy/deployments/${id[1]}-second`, { recursive: true, force: true });
    });

    it("deploys with one command, and nothing twice with a second one", async () => {
      deployed = await taskJson<Deployed>(node, "protocol", "deploy", "--list", list.directory, ...id);
      const sent = await node.provider.getTransactionCount(FIRST_ACCOUNT);
      expect(sent).to.equal(7);
      const again = await taskJson<Deployed>(node, "protocol", "deploy", "--list", list.directory, ...id);
      expect(again.addresses).to.deep.equal(deployed.addresses);
      expect(await node.provider.getTransactionCount(FIRST_ACCOUNT)).to.equal(sent);
    });

    it("proves afterwards who owns what", async () => {
      const result = await taskJson<{ passed: boolean }>(
        node,
        ...["protocol", "inspect", "--code", "--list", list.directory, ...id],
      );
      expect(result.passed).to.equal(true);
    });

    it("spends from the treasury by a proposal made, voted, queued and executed with tasks", async () => {
      const steward = await node.provider.getSigner(STEWARD);
      const distributor = TokenDistributor__factory.connect(deployed.addresses.distributor, steward);
      await (await distributor.claim(7, 50_000_000n * TOKEN, ZeroAddress, [])).wait();
      const from = ["--from", STEWARD, ...id];
      await taskJson(node, "governance", "delegate", STEWARD, ...from);
      await passTime(node, 1);
      const spend = ["--target", deployed.addresses.token, "--signature", "transfer(address,uint256)"];
      const args = ["--args", JSON.stringify([GRANTEE, (5n * TOKEN).toString()]), "--description", "Pay a grant"];
      const propose = ["governance", "propose", ...spend, ...args, "--reserve", ...from];
      const { proposalId } = await taskJson<{ proposalId: string }>(node, ...propose);
      await passTime(node, 61);
      await taskJson(node, "governance", "vote", proposalId, "--support", "for", ...from);
      await passTime(node, 3601);
      await taskJson(node, "governance", "queue", proposalId, ...id);
      await passTime(node, 301);
      await taskJson(node, "governance", "execute", proposalId, ...id);
      const token = GovernanceToken__factory.connect(deployed.addresses.token, node.provider);
      expect(await token.balanceOf(GRANTEE)).to.equal(5n * TOKEN);
      const again = await taskJson<{ sent: boolean }>(node, "governance", "execute", proposalId, ...id);
      expect(again.sent).to.equal(false);
      const { proposals } = await taskJson<{ proposals: { state: string }[] }>(node, "governance", "status", ...id);
      expect(proposals.map(({ state }) => state)).to.deep.equal(["executed"]);
    });

    it("deploys a second campaign that the Timelock owns", async () => {
      const parameters = ["--parameters", "deploy/parameters/localhost.json", "--campaign", "second"];
      const deploy = ["distribution", "deploy", "--list", list.directory, ...parameters, ...id];
      const { distributor } = await taskJson<{ distributor: string }>(node, ...deploy);
      const status = await taskJson(node, "distribution", "status", "--campaign", "second", ...id);
      expect(status).to.include({ address: distributor, launch: false, owner: deployed.addresses.timelock });
    });

    it("refuses to deploy to it again with another list", async () => {
      const other = await writeList(oneLeafList(GRANTEE));
      const { code, stderr } = await runTask(node, "protocol", "deploy", "--list", other.directory, ...id);
      await other.remove();
      expect(code).to.equal(1);
      expect(stderr).to.contain("deployment/differs").and.to.contain("distribution.merkleRoot");
    });
  });
}
