import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, keccak256, toUtf8Bytes } from "ethers";

import { anchorFile } from "../../src/passport/onchain/anchor-file.js";
import { ANCHOR_TYPES, anchorDomain, anchorMessage } from "../../src/passport/onchain/anchor-typed-data.js";
import { buildScoreTree, proveScore } from "../../src/passport/onchain/score-tree.js";
import { toJson } from "../../src/shared/json.js";
import { TokenDistributor__factory } from "../../typechain-types/index.js";
import { type ChildNode, FIRST_ACCOUNT, runTask, startNode, taskJson } from "../support/child-node.js";
import { oneLeafList, writeList } from "../support/one-leaf-list.js";

/** Accounts of a development node; the local parameters name the operator and the slasher. */
const HOLDER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OPERATOR = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const SLASHER = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65";
const FRIEND = "0x976EA74026E726554dB657fA54763abd0C3a0aa9";

const DAY = 86_400;
const deployment = ["--deployment-id", `chain-31337-test-passport-${process.pid}`] as const;
const folder = `deploy/deployments/${deployment[1]}`;

interface Deployed {
  readonly registry: string;
  readonly decoder: string;
  readonly scorerId: string;
}

describe("passport and staking tasks, as a deployer runs them", function () {
  this.timeout(300_000);
  let node: ChildNode;
  let files: string;
  let passport: Deployed;

  before(async () => {
    node = await startNode("hardhat");
    files = await mkdtemp(path.join(tmpdir(), "touchstone-passport-"));
    const list = await writeList(oneLeafList(HOLDER));
    await taskJson(node, "protocol", "deploy", "--list", list.directory, ...deployment);
    const { distributor } = await taskJson<{ addresses: { distributor: string } }>(
      ...([node, "protocol", "inspect", ...deployment] as const),
    ).then(({ addresses }) => addresses);
    const claims = TokenDistributor__factory.connect(distributor, await node.provider.getSigner(HOLDER));
    await (await claims.claim(7, oneLeafList(HOLDER).total, HOLDER, [])).wait();
    await list.remove();
  });

  after(async () => {
    await node.stop();
    await rm(files, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });

  async function file(name: string, text: string): Promise<string> {
    const target = path.join(files, name);
    await writeFile(target, text);
    return target;
  }

  it("deploy into the protocol's folder, first in a dry run, and a rerun does nothing", async () => {
    const nonce = await node.provider.getTransactionCount(FIRST_ACCOUNT);
    const plan = await taskJson(node, "passport", "deploy", "--dry-run", ...deployment);
    expect(plan).to.have.nested.property("plan.operator", OPERATOR);
    expect(await node.provider.getTransactionCount(FIRST_ACCOUNT)).to.equal(nonce);
    passport = await taskJson<Deployed>(node, "passport", "deploy", ...deployment);
    expect(passport.scorerId).to.equal("1");
    expect(await taskJson(node, "passport", "deploy", ...deployment)).to.include({ registry: passport.registry });
    await taskJson(node, "staking", "deploy", ...deployment);
    const own = await runTask(node, "staking", "deploy", "--from", SLASHER, ...deployment);
    expect(own.stderr).to.contain("deployment/deployer-keeps-power");
  });

  it("are seen by the inspection, which knows who must have which role", async () => {
    const { passed, findings } = await taskJson<{ passed: boolean; findings: { id: string; ok: boolean }[] }>(
      ...([
        node,
        "protocol",
        "inspect",
        "--parameters",
        "deploy/parameters/localhost.json",
        "--code",
        ...deployment,
      ] as const),
    );
    expect(findings.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(passed).to.equal(true);
    const ids = findings.map(({ id: name }) => name);
    expect(ids).to.include.members([
      "registry/timelock",
      "scorer/operator",
      "stakes/admin",
      "stakes/slasher",
      "code/registry",
      "code/staking",
    ]);
  });

  it("are described to explorers with the protocol", async () => {
    const { requests } = await taskJson<{ requests: { contract: string }[] }>(
      ...([node, "protocol", "verify", "--dry-run", ...deployment] as const),
    );
    const names = requests.map(({ contract }) => contract.split(":")[1]);
    expect(names.slice(-3)).to.deep.equal(["PassportRegistry", "PassportDecoder", "IdentityStaking"]);
    expect(names).to.have.length(9);
  });

  it("anchor a signed root, bring a score by its proof, and show it", async () => {
    const now = (await node.provider.getBlock("latest"))!.timestamp;
    const tree = buildScoreTree(1n, [
      { account: HOLDER, score: 250_000, expiresAt: now + 30 * DAY },
      { account: FRIEND, score: 41_000, expiresAt: now + 30 * DAY },
    ]);
    const issuedAt = BigInt(now);
    const anchor = {
      ...{ scorerId: 1n, number: 1, root: tree.root, issuedAt, threshold: 200_000, definition: id("rules") },
      ...{ count: 2n, uri: "ipfs://test", deadline: issuedAt + 86_400n },
    };
    const operator = await node.provider.getSigner(OPERATOR);
    const domain = anchorDomain(31337n, passport.registry);
    const signature = await operator.signTypedData({ ...domain }, ANCHOR_TYPES, anchorMessage(anchor));
    const signed = await file("anchor.json", anchorFile({ anchor, signature }));

    expect(await taskJson(node, "passport", "anchor", signed, "--dry-run", ...deployment)).to.include({ sent: false });
    expect(await taskJson(node, "passport", "anchor", signed, ...deployment)).to.include({
      sent: true,
      root: tree.root,
    });
    expect(await taskJson(node, "passport", "anchor", signed, ...deployment)).to.include({ sent: false });
    const altered = await file("altered.json", anchorFile({ anchor: { ...anchor, number: 2 }, signature }));
    const refused = await runTask(node, "passport", "anchor", altered, ...deployment);
    expect(refused.stderr).to.contain("RegistryInvalidSignature").and.to.contain("chain/refused");

    const leaf = { scorerId: 1n, rootNumber: 1, ...proveScore(tree, HOLDER)! };
    const proof = ["--proof", await file("proof.json", toJson(leaf))];
    const brought = await taskJson<{ sent: unknown[] }>(node, "passport", "submit", ...proof, ...deployment);
    expect(brought.sent).to.have.length(1);
    const again = await taskJson<{ sent: unknown[] }>(node, "passport", "submit", ...proof, ...deployment);
    expect(again.sent).to.deep.equal([]);
    const { score } = await taskJson<{ score: object }>(node, "passport", "show", "--account", HOLDER, ...deployment);
    expect(score).to.include({ score: "250000", human: true, standing: "counts" });
    const { stdout } = await runTask(node, "passport", "show", "--account", FRIEND, ...deployment);
    expect(stdout).to.contain("not human; nobody brought a leaf in");
  });

  it("stake, slash, contest, and burn what is due", async () => {
    const stake = ["staking", "stake", "20.5", "--weeks", "26", "--from", HOLDER, ...deployment];
    expect(await taskJson(node, ...stake, "--dry-run")).to.include({ sent: false });
    expect(await taskJson(node, ...stake)).to.include({ sent: true, account: HOLDER });
    await taskJson(node, "staking", "stake", "10", "--weeks", "26", "--for", FRIEND, "--from", HOLDER, ...deployment);
    await taskJson(node, "staking", "extend", "--weeks", "30", "--from", HOLDER, ...deployment);
    const early = await runTask(node, "staking", "withdraw", "--from", HOLDER, ...deployment);
    expect(early.stderr).to.contain("StakingLocked");

    const evidence = await file("evidence.txt", "two credentials, one nullifier");
    const stakes = ["--stakes", `${HOLDER},${HOLDER}:${FRIEND}`, "--evidence", evidence];
    const byVote = await taskJson<{ proposal: { actions: unknown[] } }>(
      ...([node, "staking", "release", HOLDER, "--evidence", id("none"), ...deployment] as const),
    ).catch((error: unknown) => String(error));
    expect(byVote).to.contain("staking/no-slash");
    expect((await runTask(node, "staking", "slash", "50", ...stakes, ...deployment)).stderr).to.contain(
      "chain/not-the-owner", // the Timelock is no slasher
    );
    await taskJson(node, "staking", "slash", "50", ...stakes, "--from", SLASHER, ...deployment);
    const status = await taskJson<{ slashes: { evidence: string }[]; tiers: string[] }>(
      ...([node, "staking", "status", "--account", HOLDER, ...deployment] as const),
    );
    expect(status.slashes.map((slash) => slash.evidence)).to.deep.equal(
      Array.from({ length: 2 }, () => keccak256(toUtf8Bytes("two credentials, one nullifier"))),
    );
    expect(status.tiers).to.deep.equal(["SelfStakingBronze"]);
    const statement = ["--evidence", evidence, "--statement", id("it was my sister")];
    await taskJson(node, "staking", "appeal", ...statement, "--from", HOLDER, ...deployment);
    const release = await taskJson<{ sent: boolean; proposal: { actions: unknown[] } }>(
      ...([node, "staking", "release", HOLDER, "--evidence", evidence, ...deployment] as const),
    );
    expect(release.sent).to.equal(false);
    expect(release.proposal.actions).to.have.length(1); // the Timelock releases

    expect(await taskJson(node, "staking", "burn", ...deployment)).to.include({ reason: "nothing is due yet" });
    await node.provider.send("evm_increaseTime", [31 * DAY]);
    await node.provider.send("evm_mine", []);
    expect(await taskJson(node, "staking", "burn", ...deployment)).to.include({ sent: true });
    const { stdout } = await runTask(node, "staking", "status", "--account", HOLDER, ...deployment);
    expect(stdout).to.contain("SelfStakingBronze").and.to.contain("10.25 TOUCH").and.to.contain(FRIEND);
  });

  it("put a scorer's rules to the vote: the Timelock is asked to appoint their authority, and then to approve rules", async () => {
    interface Asked {
      readonly rules: string;
      readonly proposal: { readonly actions: { readonly target: string; readonly calldata: string }[] };
    }
    const govern = ["scorer", "govern", passport.scorerId];
    const dry = await taskJson(node, ...govern, "--dry-run", ...deployment);
    expect(dry).to.include({ dryRun: true, operator: OPERATOR });
    const asked = await taskJson<Asked>(node, ...govern, ...deployment);
    expect(asked.proposal.actions.map(({ target }) => target)).to.deep.equal([passport.registry]);
    const document = { format: "touchstone-scorer-rules-v1", threshold: "1", weights: { Google: "1" } };
    const approve = ["scorer", "approve", passport.scorerId, await file("rules.json", JSON.stringify(document))];
    expect((await runTask(node, ...approve, ...deployment)).stderr).to.contain("scoring/not-governed");

    // The vote itself is another test's affair.
    const timelock = String(dry["governance"]);
    await node.provider.send("hardhat_impersonateAccount", [timelock]);
    await node.provider.send("hardhat_setBalance", [timelock, "0x56bc75e2d63100000"]);
    const call = { from: timelock, to: passport.registry, data: asked.proposal.actions[0]?.calldata };
    await node.provider.send("eth_sendTransaction", [call]);
    const proposed = await taskJson<Asked & { authority: string }>(node, ...approve, ...deployment);
    expect(proposed.authority).to.equal(asked.rules);
    expect(proposed.proposal.actions.map(({ target }) => target)).to.deep.equal([asked.rules]);
    const again = await taskJson(node, ...govern, ...deployment);
    expect(again).to.include({ sent: false, reason: "the rules of scorer 1 are voted on already" });
  });
});
