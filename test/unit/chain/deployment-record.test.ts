import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { keepRecord, readRecord, RECORD_FORMAT, startingPoint } from "../../../src/chain/deployment/record.js";
import { DomainError } from "../../../src/shared/errors.js";
import { localPlan } from "../../support/deployment-plan.js";

const DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const here = { chainId: 1, genesis: "0xaa", deployer: DEPLOYER, fromBlock: 100, now: 1_800_000_000 };
const later = { ...here, fromBlock: 200, now: 1_800_000_500 };
const record = { format: RECORD_FORMAT, ...here, plan: localPlan(here.now, DEPLOYER) } as const;

async function refusal(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "accepted",
    (error: unknown) =>
      error instanceof DomainError ? `${error.code}: ${String(error.details.field ?? "")}` : String(error),
  );
}

describe("a deployment's record", () => {
  let directory: string;

  beforeEach(async () => {
    directory = path.join(await mkdtemp(path.join(tmpdir(), "touchstone-record-")), "chain-1");
  });

  afterEach(() => rm(path.dirname(directory), { recursive: true, force: true }));

  it("is not there before the first deployment", async () => {
    expect(await readRecord(directory)).to.equal(undefined);
    expect(await startingPoint(directory, here)).to.deep.equal(here);
    expect(existsSync(directory)).to.equal(false);
  });

  it("makes a resumed deployment start where the first one did", async () => {
    await keepRecord(directory, record);
    expect(await startingPoint(directory, later)).to.include({ fromBlock: 100, now: 1_800_000_000 });
    await keepRecord(directory, { ...record, ...later });
    expect(await readRecord(directory)).to.include({ fromBlock: 100 });
  });

  it("refuses another plan and names the field", async () => {
    await keepRecord(directory, record);
    const plan = { ...record.plan, governor: { ...record.plan.governor, votingDelay: 61 } };
    expect(await refusal(keepRecord(directory, { ...record, plan }))).to.equal(
      "deployment/differs: governor.votingDelay",
    );
  });

  it("refuses another account", async () => {
    await keepRecord(directory, record);
    const work = startingPoint(directory, { ...later, deployer: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" });
    expect(await refusal(work)).to.equal("deployment/differs: deployer");
  });

  it("refuses another chain with the same id, and keeps the folder", async () => {
    await keepRecord(directory, record);
    expect(await refusal(startingPoint(directory, { ...later, genesis: "0xbb" }))).to.equal("deployment/other-chain: ");
    expect(await readRecord(directory)).to.include({ genesis: "0xaa" });
  });

  it("forgets a development chain that was restarted", async () => {
    await keepRecord(directory, { ...record, chainId: 31337 });
    const restarted = { ...later, chainId: 31337, genesis: "0xbb" };
    expect(await startingPoint(directory, restarted)).to.deep.equal(restarted);
    expect(existsSync(directory)).to.equal(false);
  });
});
