import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import hre, { network } from "hardhat";

import type { RatifiedList } from "../../src/chain/deployment/manifest.js";
import { parseParameters } from "../../src/chain/deployment/parameters.js";
import type { DeploymentPlan } from "../../src/chain/deployment/plan.js";
import { inspectProtocol, type InspectionRequest } from "../../src/chain/inspection/inspect.js";
import { DomainError } from "../../src/shared/errors.js";
import { deployByHand, type Faults } from "../support/deploy-by-hand.js";
import { exampleList, localParameters, localPlan } from "../support/deployment-plan.js";

const { ethers, networkHelpers } = await network.create();
const [deployer, mallory] = await ethers.getSigners();
const evil = mallory!.address;

async function deploy(faults: Faults = {}, change: (plan: DeploymentPlan) => DeploymentPlan = (plan) => plan) {
  const plan = localPlan(await networkHelpers.time.latest(), deployer!.address);
  return await deployByHand(deployer!, change(plan), faults);
}

type Addresses = InspectionRequest["addresses"];

const inspect = (addresses: Addresses, more: Partial<InspectionRequest> = {}) =>
  inspectProtocol({ provider: ethers.provider, addresses, fromBlock: 0, list: exampleList, ...more });

/** The checks that failed. */
async function failures(addresses: Addresses, more: Partial<InspectionRequest> = {}): Promise<string[]> {
  const { findings, passed } = await inspect(addresses, more);
  const failed = findings.filter(({ ok }) => !ok).map((finding) => finding.id);
  expect(passed).to.equal(failed.length === 0);
  return failed;
}

async function codeOf(error: Promise<unknown>): Promise<string> {
  return await error.then(
    () => "none",
    (thrown: unknown) => (thrown instanceof DomainError ? thrown.code : String(thrown)),
  );
}

/** A deployment with a role that was there for a moment, long enough to schedule a theft. */
const scheduleAndResign: Faults["beforeHandover"] = async (timelock) => {
  await timelock.grantRole(id("PROPOSER_ROLE"), evil);
  await timelock.connect(mallory!).schedule(evil, 0, "0x", ZeroHash, ZeroHash, 300);
  await timelock.revokeRole(id("PROPOSER_ROLE"), evil);
};

describe("protocol inspection", () => {
  it("passes a deployment that is right, and names the deployer", async () => {
    const { addresses } = await deploy();
    const result = await inspect(addresses);
    expect(result.findings.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(result).to.include({ passed: true, deployer: deployer!.address });
  });

  const planted: [string, Faults, string[]][] = [
    ["a deployer that is still admin", { keepAdmin: true }, ["timelock/admin", "deployer/roles"]],
    ["another proposer", { proposers: [evil] }, ["timelock/proposers", "timelock/cancellers"]],
    ["an executor of its own", { executors: [evil] }, ["timelock/executors"]],
    ["an executor beside anyone", { executors: [evil, `0x${"0".repeat(40)}`] }, ["timelock/executors"]],
    ["a governor that cannot cancel", { withoutCanceller: true }, ["timelock/cancellers"]],
    ["an operation left by a former proposer", { beforeHandover: scheduleAndResign }, ["timelock/pending-operations"]],
    [
      "a role that the deployer invented",
      { beforeHandover: (timelock) => timelock.grantRole(id("BACKDOOR"), evil) },
      ["timelock/other-roles"],
    ],
    ["another minter", { minter: evil }, ["token/minter"]],
    ["another treasury", { treasury: evil }, ["distributor/treasury"]],
    ["another owner of the distributor", { owner: evil }, ["distributor/owner"]],
    ["tokens kept by the deployer", { tokensTo: deployer!.address }, ["deployer/tokens"]],
  ];
  for (const [fault, faults, expected] of planted) {
    it(`finds ${fault}`, async () => {
      const { addresses } = await deploy(faults);
      expect(await failures(addresses)).to.deep.equal(expected);
    });
  }

  it("finds a vester and a governor that serve another Timelock", async () => {
    const { timelock } = (await deploy()).addresses;
    const { addresses } = await deploy({ beneficiary: timelock, governorTimelock: timelock });
    expect(await failures(addresses)).to.deep.equal(["governor/timelock", "vester/beneficiary"]);
  });

  it("finds a deployer that is signer and guardian", async () => {
    const { addresses } = await deploy({}, (plan) => {
      const power = deployer!.address;
      return { ...plan, distribution: { ...plan.distribution, signer: power, guardian: power } };
    });
    expect(await failures(addresses)).to.deep.equal(["deployer/signer", "deployer/guardian"]);
  });

  it("finds a transfer of the distributor that waits to be accepted", async () => {
    const { addresses, distributor } = await deploy();
    await networkHelpers.impersonateAccount(addresses.timelock);
    await networkHelpers.setBalance(addresses.timelock, 10n ** 18n);
    await distributor.connect(await ethers.getSigner(addresses.timelock)).transferOwnership(evil);
    expect(await failures(addresses)).to.deep.equal(["distributor/pending-owner"]);
  });

  it("finds another list, another root, and less money than the list asks for", async () => {
    const { addresses } = await deploy();
    const list: RatifiedList = { ...exampleList, listHash: ZeroHash, root: ZeroHash, total: exampleList.total + 1n };
    const expected = ["distributor/root", "distributor/list-hash", "distributor/funded"];
    expect(await failures(addresses, { list })).to.deep.equal(expected);
  });

  it("finds settings that are not the parameters'", async () => {
    const { addresses } = await deploy();
    const right = parseParameters(localParameters());
    expect(await failures(addresses, { parameters: right })).to.deep.equal([]);
    const { governor, timelock, vesting } = right;
    const parameters = {
      ...right,
      timelock: { delay: timelock.delay + 1 },
      governor: {
        ...governor,
        quorumPermille: 26,
        proposalThreshold: 1n,
        votingDelay: 1,
        votingPeriod: 61,
        voteExtension: 1,
      },
      vesting: { ...vesting, duration: 1, cliff: 1 },
    };
    expect(await failures(addresses, { parameters })).to.deep.equal([
      "timelock/delay",
      "governor/quorum",
      "governor/threshold",
      "governor/voting-delay",
      "governor/voting-period",
      "governor/vote-extension",
      "vester/duration",
      "vester/cliff",
    ]);
  });

  it("finds a deployer who is named and got tokens another way", async () => {
    const friend = (await ethers.getSigners())[9]!.address;
    const { addresses } = await deploy({ tokensTo: friend });
    expect(await failures(addresses)).to.deep.equal([]);
    expect(await failures(addresses, { deployer: friend })).to.deep.equal(["deployer/tokens"]);
  });

  it("finds contracts that are something else", async () => {
    const { addresses } = await deploy();
    const swapped = { ...addresses, vester: addresses.token };
    expect(await failures(swapped)).to.deep.equal(["vester/contract"]);
    const builds = {
      timelock: await hre.artifacts.readArtifact("Timelock"),
      token: await hre.artifacts.readArtifact("GovernanceToken"),
      distributor: await hre.artifacts.readArtifact("TokenDistributor"),
      governor: await hre.artifacts.readArtifact("TokenGovernor"),
      vester: await hre.artifacts.readArtifact("TreasuryVester"),
    };
    expect(await failures(addresses, { builds })).to.deep.equal([]);
    expect(await failures(addresses, { builds: { ...builds, vester: builds.token } })).to.deep.equal(["code/vester"]);
  });

  it("refuses to judge what it cannot see", async () => {
    const { addresses } = await deploy();
    const fromBlock = await ethers.provider.getBlockNumber();
    expect(await codeOf(inspect({ ...addresses, vester: evil }))).to.equal("inspection/no-contract");
    expect(await codeOf(inspect({ ...addresses, timelock: addresses.token }))).to.equal("inspection/no-events");
    // Only the renunciation is in the last block: what the events lack shows when the state is asked.
    expect(await failures(addresses, { fromBlock })).to.include("timelock/events-agree-with-state");
  });

  it("reads events in as many pieces as a node asks for", async () => {
    const { addresses } = await deploy();
    let calls = 0;
    const limited = new Proxy(ethers.provider, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (key !== "getLogs") return typeof value === "function" ? (value.bind(target) as unknown) : value;
        return async (filter: { fromBlock: number; toBlock: number }) => {
          calls++;
          if (filter.toBlock - filter.fromBlock > 5) throw new Error("query returned more than 10000 results");
          return target.getLogs(filter);
        };
      },
    });
    expect(await failures(addresses, { provider: limited })).to.deep.equal([]);
    expect(calls).to.be.greaterThan(5);
  });
});
