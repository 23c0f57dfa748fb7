import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Contract, JsonRpcProvider, parseUnits, Wallet } from "ethers";

import { readTokenDonations } from "../../src/chain/token-donations.js";
import { readDonations } from "../../src/funding/read-donations.js";
import { DomainError } from "../../src/shared/errors.js";
import { PlainVotesToken__factory, type PlainVotesToken } from "../../typechain-types/index.js";
import { type ChildNode, runTask, startNode, taskJson } from "../support/child-node.js";

const WELL = Wallet.createRandom().address;
const SCHOOL = Wallet.createRandom().address;
const GARDEN = Wallet.createRandom();

/** Passes everything on to a real chain, but refuses to read more than a few blocks at once, as providers do. */
class Grudging extends JsonRpcProvider {
  refused = 0;
  override async send(method: string, params: unknown[]): Promise<unknown> {
    if (method === "eth_getLogs") {
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
      if (Number(toBlock) - Number(fromBlock) > 2) {
        this.refused += 1;
        throw new Error("query returned more than 10000 results");
      }
    }
    return (await super.send(method, params as never)) as unknown;
  }
}

/** Answers as if the last block were another one after the logs were read. */
class Reorganising extends JsonRpcProvider {
  #read = false;
  override async send(method: string, params: unknown[]): Promise<unknown> {
    const answer = (await super.send(method, params as never)) as unknown;
    if (method === "eth_getLogs") this.#read = true;
    if (method !== "eth_getBlockByNumber" || !this.#read) return answer;
    return { ...(answer as object), hash: `0x${"ab".repeat(32)}` };
  }
}

describe("donations from the transfers of a token", function () {
  this.timeout(60_000);
  let node: ChildNode;
  let folder: string;
  let token: PlainVotesToken;
  let address: string;
  let donors: string[];
  let first: number;

  const projects = () =>
    new Map([WELL, SCHOOL, GARDEN.address].map((at, index) => [at, ["well", "school", "garden"][index]!]));
  const query = (more: object = {}) => ({
    ...{ token: address, projects: projects(), fromBlock: first, toBlock: undefined, confirmations: 0 },
    ...more,
  });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "none",
      (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
    );

  before(async () => {
    node = await startNode("hardhat");
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    const signers = await Promise.all([0, 1, 2].map((index) => node.provider.getSigner(index)));
    donors = signers.map((signer) => signer.address.toLowerCase());
    token = await new PlainVotesToken__factory(signers[0]!).deploy(signers[0]!.address, parseUnits("1000", 18));
    address = await token.getAddress();
    first = (await node.provider.getBlockNumber()) + 1;
    const give = async (from: number, to: string, amount: string) =>
      (await token.connect(signers[from]!).transfer(to, parseUnits(amount, 18))).wait();
    await give(0, donors[1]!, "100"); // to nobody's project
    await give(0, donors[2]!, "100");
    await give(0, WELL, "1.5");
    await give(1, WELL, "2");
    await give(0, WELL, "0.000000000000000001");
    await give(2, SCHOOL, "7");
    await give(2, SCHOOL, "0");
    await give(1, GARDEN.address, "4");
    await (await signers[0]!.sendTransaction({ to: GARDEN.address, value: parseUnits("1", 18) })).wait();
    const garden = new Contract(address, token.interface, GARDEN.connect(node.provider));
    await (await garden.getFunction("transfer")(WELL, parseUnits("4", 18))).wait();
  });
  after(async () => {
    await node.stop();
    await rm(folder, { recursive: true });
  });

  it("funding/donations-are-exact-sums: by sender and project, without what is no gift", async () => {
    const { donations, transfers, leftOut } = await readTokenDonations(node.provider, query());
    expect(donations).to.have.deep.members([
      { donor: donors[0], project: "well", amount: "1.500000000000000001" },
      { donor: donors[1], project: "well", amount: "2" },
      { donor: donors[1], project: "garden", amount: "4" },
      { donor: donors[2], project: "school", amount: "7" },
    ]);
    // Nothing, and what one project passes on to another.
    expect({ transfers, leftOut }).to.deep.equal({ transfers: 7, leftOut: 2 });
  });

  it("funding/donations-keep-to-their-blocks", async () => {
    const { donations } = await readTokenDonations(node.provider, query({ toBlock: first + 3 }));
    expect(donations.map(({ project, amount }) => [project, amount])).to.have.deep.members([
      ["well", "1.5"],
      ["well", "2"],
    ]);
    expect(await codeOf(readTokenDonations(node.provider, query({ confirmations: 12, toBlock: first + 3 })))).to.equal(
      "funding/bad-setting",
    );
    expect(await codeOf(readTokenDonations(node.provider, query({ fromBlock: 1_000 })))).to.equal(
      "funding/bad-setting",
    );
  });

  it("funding/donations-from-a-provider-with-limits: reads smaller ranges, and finds the same", async () => {
    const grudging = new Grudging(node.url, undefined, { staticNetwork: true, batchMaxCount: 1 });
    const found = await readTokenDonations(grudging, query());
    expect(grudging.refused).to.be.above(0);
    expect(found).to.deep.equal(await readTokenDonations(node.provider, query()));
    grudging.destroy();
  });

  it("funding/donations-of-a-chain-that-moved are refused", async () => {
    const moving = new Reorganising(node.url, undefined, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
    expect(await codeOf(readTokenDonations(moving, query()))).to.equal("funding/chain-moved");
    moving.destroy();
  });

  it("funding/donations-of-no-token are refused", async () => {
    expect(await codeOf(readTokenDonations(node.provider, query({ token: WELL })))).to.equal("funding/no-token");
  });

  it("write what qf match reads, and nothing when a row of the projects is bad", async () => {
    const list = path.join(folder, "projects.csv");
    const out = path.join(folder, "donations.csv");
    const options = ["--token", address, "--from-block", String(first), "--confirmations", "0", "--out", out];
    await writeFile(list, `project,address\nwell,${WELL}\nschool,${WELL}\n`);
    const refused = await runTask(node, "qf", "donations", list, ...options);
    expect(refused.code).to.not.equal(0);
    expect(refused.stderr).to.include("projects.csv, line 3");
    expect(existsSync(out)).to.equal(false);
    await writeFile(list, `project,address\nwell,${WELL}\nschool,${SCHOOL}\n`);
    const facts = await taskJson(node, "qf", "donations", list, ...options);
    expect(facts).to.include({ donations: 4, donors: 4 });
    const { projectNames } = await readDonations(out);
    expect(projectNames).to.have.members(["well", "school"]);
    expect((await readFile(out, "utf8")).split("\n")[0]).to.equal("donor,project,amount");
  });
});
